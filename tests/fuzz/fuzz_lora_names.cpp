// Names of LoRA tensors and of the networks they change. Input: one tensor a line, its name and then its dimensions, divided by spaces.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/adapters/adapter_file.h"
#include "core/engine/io/adapters/adapter_match.h"
#include "core/engine/io/adapters/embedding_file.h"
#include "core/engine/io/file_description.h"
#include "core/engine/io/model_files.h"
#include "core/engine/io/names/weight_names.h"
#include "core/engine/io/safetensors_writer.h"
#include "tests/fuzz/scratch_file.h"

#include <charconv>
#include <vector>

using namespace sfumato;
using namespace sfumato::engine;

namespace {

constexpr std::size_t kMostTensors = 64;
constexpr std::int64_t kMostElements = std::int64_t{ 1 } << 30;

struct Line {
    std::string_view name;
    std::vector<std::int64_t> shape;
};

Line parseLine(std::string_view text)
{
    Line line;
    line.name = text.substr(0, text.find(' '));
    std::int64_t elements = 1;
    for (std::size_t at = line.name.size(); at < text.size() && line.shape.size() < 8;) {
        std::int64_t dimension = 0;
        const char* const from = text.data() + at + 1;
        const auto parsed = std::from_chars(from, text.data() + text.size(), dimension);
        if (parsed.ec != std::errc{} || dimension < 0 || dimension > kMostElements) break;
        if (dimension != 0 && elements > kMostElements / dimension) break;
        elements *= dimension;
        line.shape.push_back(dimension);
        at = static_cast<std::size_t>(parsed.ptr - text.data());
    }
    return line;
}

std::vector<Line> parseLines(std::string_view text)
{
    std::vector<Line> lines;
    while (!text.empty() && lines.size() < kMostTensors) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (end > 0) lines.push_back(parseLine(text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

// A valid header for the lines; names that JSON cannot hold as they stand make it invalid, which the reader says.
std::string headerOf(const std::vector<Line>& lines, std::uint64_t& bytes)
{
    std::string header = "{";
    bytes = 0;
    for (const Line& line : lines) {
        std::uint64_t size = 2;
        std::string shape;
        for (const std::int64_t dimension : line.shape) {
            size *= static_cast<std::uint64_t>(dimension);
            shape += (shape.empty() ? "" : ",") + std::to_string(dimension);
        }
        header += (header.size() > 1 ? ",\"" : "\"") + std::string(line.name) + R"(":{"dtype":"F16","shape":[)" + shape + R"(],"data_offsets":[)" + std::to_string(bytes) + ',' + std::to_string(bytes + size) + "]}";
        bytes += size;
    }
    return header + '}';
}

void tryNames(std::string_view name, const UnetNames& unet, const VaeNames& vae, const SingleFileUnetNames& back)
{
    if (const auto found = parseAdapterName(name)) FUZZ_CHECK(!found->layer.empty() && name.starts_with(found->layer));
    if (const auto found = unet.toDiffusers(name)) (void)back.of(*found);
    (void)vae.toDiffusers(name);
    if (const auto found = textEncoderName(name)) FUZZ_CHECK(!found->name.empty());
}

void tryLayers(const AdapterFile& adapter, const ModelFiles& starter)
{
    const std::vector<std::vector<std::int64_t>> shapes{ {}, { 0 }, { 320 }, { 64, 48 }, { 64, 48, 3, 3 }, { 64, 48, 1, 1 }, { 1, 1, 1, 1, 1 } };
    for (const AdapterLayer& layer : adapter.layers())
        for (const auto& shape : shapes) (void)adapterMisfit(layer, shape);
    const AdapterMatch match = matchAdapter(adapter, starter);
    FUZZ_CHECK(match.appliedLayers >= 0 && match.appliedLayers <= match.totalLayers);
    FUZZ_CHECK(static_cast<std::size_t>(match.totalLayers) <= adapter.layers().size());
    (void)EmbeddingFile::bundledWith(adapter);
}

const ModelFiles& starterModel()
{
    static const Result<ModelFiles> files = ModelFiles::open({ SFUMATO_SOURCE_DIR "/resources/models/starter/starter.safetensors", {} });
    return files.value();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static fuzz::ScratchFile scratch;
    const std::vector<Line> lines = parseLines(fuzz::asText(data, size));
    std::vector<std::string_view> names;
    for (const Line& line : lines) names.push_back(line.name);
    const UnetNames unet(names);
    const VaeNames vae(names);
    const SingleFileUnetNames back({ names.begin(), names.end() });
    for (const std::string_view name : names) tryNames(name, unet, vae, back);

    std::uint64_t bytes = 0;
    const std::string header = headerOf(lines, bytes);
    std::string file(8, '\0');
    for (unsigned i = 0; i < 8; ++i) file[i] = static_cast<char>((header.size() >> (8 * i)) & 0xFFU);
    scratch.write(file + header, bytes);
    (void)describeFile(scratch.path());
    if (const Result<AdapterFile> adapter = AdapterFile::open(scratch.path())) tryLayers(*adapter, starterModel());
    return 0;
}
