// The header of a safetensors file, and everything that is said of a file by its header. Input: the header's text.
// SPDX-License-Identifier: Apache-2.0
#include "core/base/json_reader.h"
#include "core/engine/io/adapters/adapter_file.h"
#include "core/engine/io/adapters/embedding_file.h"
#include "core/engine/io/file_description.h"
#include "core/engine/io/model_files.h"
#include "tests/fuzz/scratch_file.h"

#include <algorithm>

using namespace sfumato;
using namespace sfumato::engine;

namespace {

// The largest offset the header speaks of, so that the file can be as long as it says.
std::uint64_t claimedBytes(std::string_view header)
{
    constexpr std::int64_t kMost = std::int64_t{ 1 } << 40;
    std::int64_t most = 0;
    JsonReader reader(header);
    for (auto token = reader.next(); token != JsonReader::Token::End && token != JsonReader::Token::Invalid; token = reader.next())
        if (token == JsonReader::Token::Integer) most = std::max(most, std::min(reader.integer(), kMost));
    return static_cast<std::uint64_t>(most);
}

std::string fileOf(std::string_view header)
{
    std::string bytes(8, '\0');
    for (unsigned i = 0; i < 8; ++i) bytes[i] = static_cast<char>((static_cast<std::uint64_t>(header.size()) >> (8 * i)) & 0xFFU);
    return bytes.append(header);
}

void checkEntries(const SafetensorsFile& file)
{
    for (const TensorEntry& entry : file.tensors()) {
        FUZZ_CHECK(entry.begin <= entry.end && entry.begin >= file.dataBegin() && entry.end <= file.sizeInBytes());
        FUZZ_CHECK(file.find(entry.name) == &entry);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static fuzz::ScratchFile scratch;
    const std::string_view header = fuzz::asText(data, size);
    scratch.write(fileOf(header), claimedBytes(header));
    if (const Result<SafetensorsFile> file = SafetensorsFile::open(scratch.path())) checkEntries(*file);
    if (const Result<FileDescription> description = describeFile(scratch.path())) {
        FUZZ_CHECK(!fileKindName(description->kind).empty() && description->rankMin <= description->rankMax);
        FUZZ_CHECK(description->trainingTags.size() <= FileDescription::kMaxTags);
    }
    (void)ModelFiles::open({ scratch.path(), {} });
    if (const Result<EmbeddingFile> embedding = EmbeddingFile::open(scratch.path(), "word")) {
        for (const bool isFirst : { true, false }) {
            const EmbeddingPart part = embeddingPart(*embedding, isFirst, isFirst ? 768 : 1280, isFirst ? 1280 : 768);
            FUZZ_CHECK(!part.entry || (part.vectors >= 0 && part.firstColumn >= 0));
        }
    }
    return 0;
}
