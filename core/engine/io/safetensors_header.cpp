// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/safetensors_header.h"

#include "core/base/json_reader.h"
#include "core/engine/io/message_text.h"

#include <algorithm>
#include <numeric>

namespace sfumato::engine {

namespace {

using Token = JsonReader::Token;

constexpr std::string_view kMetadataName = "__metadata__";
constexpr std::size_t kMaxMetadataEntries = 10'000;
constexpr std::size_t kMaxMetadataBytes = std::size_t{ 64 } << 20;
constexpr std::size_t kMaxUnknownTokens = 1'000'000; // in members that the format does not define

std::string inTensor(std::string_view name, std::string_view fault)
{
    return "is damaged: tensor " + quotedName(name) + ' ' + std::string(fault) + '.';
}

// Turns the text into entries whose offsets are still relative to the first tensor byte.
class HeaderParser {
public:
    explicit HeaderParser(std::string_view text) : m_reader(text) { }

    bool parse(SafetensorsHeader& header)
    {
        const Token first = m_reader.next();
        if (first == Token::Invalid) return failSyntax();
        if (first != Token::BeginObject) return fail("has a header that is no JSON object");
        for (Token token = m_reader.next(); token != Token::EndObject; token = m_reader.next()) {
            if (token != Token::Name) return failSyntax();
            const std::string_view name = m_reader.text();
            if (name == kMetadataName ? !metadata(header.metadata) : !tensor(header.tensors)) return false;
        }
        return m_reader.next() == Token::End || failSyntax();
    }

    [[nodiscard]] const std::string& fault() const noexcept { return m_fault; } // a whole predicate with its full stop

private:
    bool fail(std::string_view predicate)
    {
        m_fault = "is damaged: it " + std::string(predicate) + (m_reader.error().empty() ? "." : " (" + m_reader.error() + ").");
        return false;
    }

    bool failSyntax() { return fail("has a header that is not valid JSON"); }

    bool failTensor(std::string_view name, std::string_view fault)
    {
        m_fault = m_reader.error().empty() ? inTensor(name, fault) : "is damaged: it has a header that is not valid JSON (" + m_reader.error() + ").";
        return false;
    }

    bool metadata(std::map<std::string, std::string>& entries)
    {
        if (std::exchange(m_hasMetadata, true)) return fail("has two __metadata__ sections");
        const Token begun = m_reader.next();
        if (begun == Token::Null) return true;
        if (begun != Token::BeginObject) return fail("has a __metadata__ section that is no JSON object");
        std::size_t bytes = 0;
        for (Token token = m_reader.next(); token != Token::EndObject; token = m_reader.next()) {
            if (token != Token::Name) return failSyntax();
            std::string key(m_reader.text());
            if (m_reader.next() != Token::String) return fail("has metadata other than text");
            bytes += key.size() + m_reader.text().size();
            if (entries.size() >= kMaxMetadataEntries || bytes > kMaxMetadataBytes) return fail("has more metadata than any model needs");
            if (!entries.try_emplace(std::move(key), m_reader.text()).second) return fail("has the same metadata key twice");
        }
        return true;
    }

    bool tensor(std::vector<TensorEntry>& tensors)
    {
        if (tensors.size() >= SafetensorsFile::kMaxTensors)
            return fail("has more than " + std::to_string(SafetensorsFile::kMaxTensors) + " tensors");
        if (m_reader.text().size() > SafetensorsFile::kMaxNameBytes) {
            return fail("has a tensor name of " + std::to_string(m_reader.text().size()) + " bytes; at most " + std::to_string(SafetensorsFile::kMaxNameBytes) + " are allowed");
        }
        TensorEntry& entry = tensors.emplace_back();
        entry.name = m_reader.text();
        if (m_reader.next() != Token::BeginObject) return failTensor(entry.name, "is not described by a JSON object");
        bool hasDtype = false, hasShape = false, hasOffsets = false;
        for (Token token = m_reader.next(); token != Token::EndObject; token = m_reader.next()) {
            if (token != Token::Name) return failSyntax();
            const std::string_view member = m_reader.text();
            bool* const seen = member == "dtype" ? &hasDtype : member == "shape" ? &hasShape
                : member == "data_offsets"                                       ? &hasOffsets
                                                                                 : nullptr;
            if (!seen) {
                if (!skipUnknown()) return false;
                continue;
            }
            if (*seen) return failTensor(entry.name, "has its " + std::string(member) + " twice");
            *seen = true;
            if (!(seen == &hasDtype ? dtype(entry) : seen == &hasShape ? shape(entry)
                                                                       : offsets(entry))) return false;
        }
        if (!hasDtype) return failTensor(entry.name, "has no dtype");
        if (!hasShape) return failTensor(entry.name, "has no shape");
        return hasOffsets || failTensor(entry.name, "has no data_offsets");
    }

    bool dtype(TensorEntry& entry)
    {
        if (m_reader.next() != Token::String) return failTensor(entry.name, "has a dtype that is no text");
        const std::optional<Dtype> known = dtypeFromName(m_reader.text());
        if (!known) return failTensor(entry.name, "has the unknown dtype " + quotedName(m_reader.text()));
        entry.dtype = *known;
        return true;
    }

    bool shape(TensorEntry& entry)
    {
        if (m_reader.next() != Token::BeginArray) return failTensor(entry.name, "has a shape that is no list");
        for (Token token = m_reader.next(); token != Token::EndArray; token = m_reader.next()) {
            if (token != Token::Integer || m_reader.integer() < 0)
                return failTensor(entry.name, "has a shape with something else than whole numbers from 0 on");
            if (entry.shape.size() >= SafetensorsFile::kMaxDimensions)
                return failTensor(entry.name, "has more than " + std::to_string(SafetensorsFile::kMaxDimensions) + " dimensions");
            entry.shape.push_back(m_reader.integer());
        }
        return true;
    }

    bool offsets(TensorEntry& entry)
    {
        constexpr std::string_view kFault = "has data_offsets that are not two whole numbers from 0 on";
        if (m_reader.next() != Token::BeginArray) return failTensor(entry.name, kFault);
        for (std::uint64_t* const offset : { &entry.begin, &entry.end }) {
            if (m_reader.next() != Token::Integer || m_reader.integer() < 0) return failTensor(entry.name, kFault);
            *offset = static_cast<std::uint64_t>(m_reader.integer());
        }
        return m_reader.next() == Token::EndArray || failTensor(entry.name, kFault);
    }

    // The reference accepts members it does not know; they are passed over here too, within a budget.
    bool skipUnknown()
    {
        std::size_t depth = 0;
        do {
            const Token token = m_reader.next();
            if (token == Token::Invalid) return failSyntax();
            if (++m_unknownTokens > kMaxUnknownTokens) return fail("has a header full of members that the format does not define");
            if (token == Token::BeginObject || token == Token::BeginArray) ++depth;
            if (token == Token::EndObject || token == Token::EndArray) --depth;
        } while (depth > 0);
        return true;
    }

    JsonReader m_reader;
    bool m_hasMetadata = false;
    std::size_t m_unknownTokens = 0;
    std::string m_fault;
};

// What is wrong with the tensors' places, as a predicate; empty when they tile the data from its beginning without hole or overlap. Offsets are relative.
std::string placementFault(std::span<const TensorEntry> tensors)
{
    std::uint64_t expected = 0;
    for (const TensorEntry& entry : tensors) {
        if (entry.end < entry.begin) return inTensor(entry.name, "ends before it begins");
        if (entry.begin > expected) return inTensor(entry.name, "leaves a hole of " + std::to_string(entry.begin - expected) + " bytes before it");
        if (entry.begin < expected) return inTensor(entry.name, "overlaps the one before it");
        const std::optional<std::uint64_t> size = storedSize(entry.dtype, entry.shape);
        if (!size) return inTensor(entry.name, "has a shape whose size is no number of bytes that a file can have");
        if (*size != entry.sizeInBytes()) {
            return inTensor(entry.name, "has " + std::to_string(entry.sizeInBytes()) + " bytes where its shape and dtype need " + std::to_string(*size));
        }
        expected = entry.end;
    }
    return {};
}

std::string lengthFault(std::uint64_t needed, std::uint64_t dataBegin, std::uint64_t fileSize)
{
    const std::uint64_t available = fileSize - dataBegin;
    if (needed > available) {
        return "is cut short: " + shareOfBytes(fileSize, dataBegin + needed) + " are there; it may still be downloading.";
    }
    if (needed < available) return "is damaged: it has " + std::to_string(available - needed) + " bytes after its last tensor.";
    return {};
}

// Fills header.byName; the name that occurs twice, or null.
const std::string* indexNames(SafetensorsHeader& header)
{
    const auto nameOf = [&](std::uint32_t index) -> const std::string& { return header.tensors[index].name; };
    header.byName.resize(header.tensors.size());
    std::iota(header.byName.begin(), header.byName.end(), 0U);
    std::sort(header.byName.begin(), header.byName.end(), [&](std::uint32_t a, std::uint32_t b) { return nameOf(a) < nameOf(b); });
    const auto twice = std::adjacent_find(header.byName.begin(), header.byName.end(), [&](std::uint32_t a, std::uint32_t b) { return nameOf(a) == nameOf(b); });
    return twice == header.byName.end() ? nullptr : &nameOf(*twice);
}

} // namespace

std::optional<std::uint64_t> storedSize(Dtype dtype, std::span<const std::int64_t> shape) noexcept
{
    std::uint64_t bits = 1;
    for (const std::int64_t dimension : shape) {
        if (dimension < 0 || __builtin_mul_overflow(bits, static_cast<std::uint64_t>(dimension), &bits)) return std::nullopt;
    }
    if (__builtin_mul_overflow(bits, static_cast<std::uint64_t>(bitsPerElement(dtype)), &bits) || bits % 8 != 0) return std::nullopt;
    return bits / 8;
}

Result<SafetensorsHeader> parseSafetensorsHeader(std::string_view text, std::uint64_t dataBegin, std::uint64_t fileSize, const std::filesystem::path& path)
{
    SafetensorsHeader header;
    HeaderParser parser(text);
    if (!parser.parse(header)) return fileError(path, parser.fault());
    const auto isBefore = [](const TensorEntry& a, const TensorEntry& b) { return a.begin != b.begin ? a.begin < b.begin : a.end < b.end; };
    if (!std::is_sorted(header.tensors.begin(), header.tensors.end(), isBefore))
        std::stable_sort(header.tensors.begin(), header.tensors.end(), isBefore);
    if (const std::string* twice = indexNames(header)) return fileError(path, inTensor(*twice, "is there twice"));
    std::string fault = placementFault(header.tensors);
    if (fault.empty()) fault = lengthFault(header.tensors.empty() ? 0 : header.tensors.back().end, dataBegin, fileSize);
    if (!fault.empty()) return fileError(path, fault);
    for (TensorEntry& entry : header.tensors) {
        entry.begin += dataBegin;
        entry.end += dataBegin;
    }
    return header;
}

} // namespace sfumato::engine
