// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/safetensors_file.h"

#include "core/engine/io/foreign_file.h"
#include "core/engine/io/message_text.h"
#include "core/engine/io/safetensors_header.h"

#include <algorithm>
#include <array>

namespace sfumato::engine {

namespace {

struct DtypeFacts {
    std::string_view name;
    int bits;
};

// Indexed by Dtype.
constexpr std::array<DtypeFacts, 22> kDtypes{ {
    { "BOOL", 8 },
    { "F4", 4 },
    { "F6_E2M3", 6 },
    { "F6_E3M2", 6 },
    { "U8", 8 },
    { "I8", 8 },
    { "F8_E5M2", 8 },
    { "F8_E4M3", 8 },
    { "F8_E8M0", 8 },
    { "F8_E4M3FNUZ", 8 },
    { "F8_E5M2FNUZ", 8 },
    { "I16", 16 },
    { "U16", 16 },
    { "F16", 16 },
    { "BF16", 16 },
    { "I32", 32 },
    { "U32", 32 },
    { "F32", 32 },
    { "C64", 64 },
    { "F64", 64 },
    { "I64", 64 },
    { "U64", 64 },
} };

const DtypeFacts& factsOf(Dtype dtype) noexcept { return kDtypes[static_cast<std::size_t>(dtype)]; }

std::uint64_t headerLength(std::string_view prefix) noexcept
{
    std::uint64_t length = 0;
    for (std::size_t i = 8; i-- > 0;) length = length << 8 | static_cast<unsigned char>(prefix[i]);
    return length;
}

// What the length field and the bytes after it already rule out, as a predicate; empty when the header is worth reading.
std::string prefixFault(std::string_view prefix, std::uint64_t fileSize)
{
    if (fileSize == 0) return "is empty.";
    if (prefix.size() < 8) return "is damaged: it has " + std::to_string(fileSize) + " bytes; a safetensors file has at least 8.";
    const std::uint64_t length = headerLength(prefix);
    if (length > SafetensorsFile::kMaxHeaderBytes) {
        return "is not a safetensors file: its header claims " + std::to_string(length) + " bytes; at most " + std::to_string(SafetensorsFile::kMaxHeaderBytes) + " are allowed.";
    }
    const std::string_view begun = prefix.substr(8, static_cast<std::size_t>(length));
    const std::size_t first = begun.find_first_not_of(" \t\r\n");
    const bool isBlank = first == std::string_view::npos;
    if (isBlank ? begun.size() == length : begun[first] != '{') return "is not a safetensors file: its header is no JSON object.";
    if (length > fileSize - 8) return "is cut short: " + shareOfBytes(fileSize, 8 + length) + " of its header are there; it may still be downloading.";
    return {};
}

} // namespace

std::string_view dtypeName(Dtype dtype) noexcept { return factsOf(dtype).name; }

int bitsPerElement(Dtype dtype) noexcept { return factsOf(dtype).bits; }

std::optional<Dtype> dtypeFromName(std::string_view name) noexcept
{
    const auto found = std::find_if(kDtypes.begin(), kDtypes.end(), [&](const DtypeFacts& facts) { return facts.name == name; });
    if (found == kDtypes.end()) return std::nullopt;
    return static_cast<Dtype>(found - kDtypes.begin());
}

std::uint64_t TensorEntry::elementCount() const noexcept
{
    std::uint64_t count = 1;
    for (const std::int64_t dimension : shape) count *= static_cast<std::uint64_t>(dimension);
    return count;
}

Result<SafetensorsFile> SafetensorsFile::open(const std::filesystem::path& path)
{
    Result<RegularFile> opened = RegularFile::open(path);
    if (!opened) return std::move(opened).error();
    SafetensorsFile file(std::move(*opened));
    if (Result<void> outcome = file.readHeader(); !outcome) return std::move(outcome).error();
    return file;
}

Result<void> SafetensorsFile::readHeader()
{
    std::string text(static_cast<std::size_t>(std::min<std::uint64_t>(sizeInBytes(), kForeignPrefixBytes)), '\0');
    if (Result<void> outcome = m_file.read(0, std::as_writable_bytes(std::span(text))); !outcome) return outcome;
    if (const std::string fault = prefixFault(text, sizeInBytes()); !fault.empty()) {
        if (std::optional<Error> foreign = recogniseForeignFile(text, path())) return std::move(*foreign);
        return fileError(path(), fault);
    }
    const std::uint64_t length = headerLength(text);
    m_dataBegin = 8 + length;
    text.assign(static_cast<std::size_t>(length), '\0');
    if (Result<void> outcome = m_file.read(8, std::as_writable_bytes(std::span(text))); !outcome) return outcome;
    Result<SafetensorsHeader> header = parseSafetensorsHeader(text, m_dataBegin, sizeInBytes(), path());
    if (!header) return std::move(header).error();
    m_tensors = std::move(header->tensors);
    m_byName = std::move(header->byName);
    m_metadata = std::move(header->metadata);
    return {};
}

const TensorEntry* SafetensorsFile::find(std::string_view name) const noexcept
{
    const auto found = std::lower_bound(m_byName.begin(), m_byName.end(), name, [&](std::uint32_t index, std::string_view wanted) { return m_tensors[index].name < wanted; });
    if (found == m_byName.end() || m_tensors[*found].name != name) return nullptr;
    return &m_tensors[*found];
}

Result<void> SafetensorsFile::read(const TensorEntry& entry, std::span<std::byte> target, std::uint64_t offsetInTensor) const
{
    if (offsetInTensor > entry.sizeInBytes() || target.size() > entry.sizeInBytes() - offsetInTensor) {
        return fileError(path(), "was asked for bytes outside its tensor " + quotedName(entry.name) + '.', ErrorCode::InvalidRequest);
    }
    return m_file.read(entry.begin + offsetInTensor, target);
}

} // namespace sfumato::engine
