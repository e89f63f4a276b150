// SPDX-License-Identifier: Apache-2.0
#include "core/document/io/codecs/png_chunks.h"

#include "core/document/io/text_encoding.h"

#include <zlib.h>

#include <cmath>
#include <limits>

namespace sfumato::document {

namespace {

constexpr std::size_t kSignatureSize = 8;
constexpr std::size_t kChunkOverhead = 12;
constexpr std::size_t kLargestInflated = 16U << 20U;

std::uint32_t bigEndian32(Bytes bytes, std::size_t at) noexcept
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8U | std::to_integer<std::uint32_t>(bytes[at + i]);
    return value;
}

std::string_view asText(Bytes bytes) noexcept
{
    return { reinterpret_cast<const char*>(bytes.data()), bytes.size() };
}

bool isIntact(const PngChunk& chunk) noexcept
{
    const Bytes checked = chunk.whole.subspan(4, chunk.whole.size() - 8);
    const uLong sum = crc32_z(0, reinterpret_cast<const Bytef*>(checked.data()), checked.size());
    return sum == bigEndian32(chunk.whole, chunk.whole.size() - 4);
}

// Nothing when the stream is damaged or larger than kLargestInflated.
std::optional<std::string> inflated(std::string_view compressed)
{
    z_stream stream = {};
    if (inflateInit(&stream) != Z_OK) return std::nullopt;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
    stream.avail_in = static_cast<uInt>(std::min<std::size_t>(compressed.size(), std::numeric_limits<uInt>::max()));
    std::string result;
    std::vector<char> part(1U << 16U);
    int state = Z_OK;
    while (state == Z_OK && result.size() <= kLargestInflated) {
        stream.next_out = reinterpret_cast<Bytef*>(part.data());
        stream.avail_out = static_cast<uInt>(part.size());
        state = inflate(&stream, Z_NO_FLUSH);
        result.append(part.data(), part.size() - stream.avail_out);
    }
    inflateEnd(&stream);
    if (state != Z_STREAM_END || result.size() > kLargestInflated) return std::nullopt;
    return result;
}

// The part before the next zero byte; `text` goes on behind it. Nothing when there is none.
std::optional<std::string_view> takeField(std::string_view& text)
{
    const std::size_t end = text.find('\0');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view field = text.substr(0, end);
    text.remove_prefix(end + 1);
    return field;
}

std::optional<std::string> internationalText(std::string_view text)
{
    if (text.size() < 2) return std::nullopt;
    const bool isCompressed = text[0] == 1;
    text.remove_prefix(2);
    if (!takeField(text) || !takeField(text)) return std::nullopt;
    return isCompressed ? inflated(text) : std::string(text);
}

void readText(const PngChunk& chunk, PictureRecipe& recipe)
{
    std::string_view text = asText(chunk.content);
    if (text.size() > kLargestInflated) return;
    const std::optional<std::string_view> keyword = takeField(text);
    if (!keyword) return;
    std::string* const target = *keyword == "parameters" ? &recipe.parameters : *keyword == "sfumato" ? &recipe.job
        : *keyword == "prompt"                                                                        ? &recipe.comfyGraph
                                                                                                      : nullptr;
    if (target == nullptr) return;
    std::optional<std::string> content;
    if (chunk.type == "iTXt") content = internationalText(text);
    else if (chunk.type == "tEXt")
        content = std::string(text); // Latin-1 by the standard; many programs write UTF-8
    else if (!text.empty())
        content = inflated(text.substr(1));
    if (!content) return;
    *target = utf8FromUnknown(*content);
}

void readProfile(const PngChunk& chunk, DecodedPicture& picture)
{
    std::string_view text = asText(chunk.content);
    if (!takeField(text) || text.empty()) return;
    const std::optional<std::string> profile = inflated(text.substr(1));
    if (!profile) {
        picture.warnings.emplace_back("Its colour profile is damaged; it is shown as sRGB.");
        return;
    }
    const auto* bytes = reinterpret_cast<const std::byte*>(profile->data());
    picture.profile.assign(bytes, bytes + profile->size());
}

const PngChunk* findChunk(const PngFile& file, std::string_view type, std::size_t leastSize)
{
    for (const PngChunk& chunk : file.chunks) {
        if (chunk.type == type && chunk.content.size() >= leastSize && isIntact(chunk)) return &chunk;
    }
    return nullptr;
}

// The order of precedence is the specification's: cICP, iCCP, sRGB, then gAMA with cHRM.
void readColors(const PngFile& file, DecodedPicture& picture)
{
    if (const PngChunk* codes = findChunk(file, "cICP", 4)) {
        picture.primaries = primariesFromCodes(std::to_integer<int>(codes->content[0]), std::to_integer<int>(codes->content[1]), picture.warnings);
        return;
    }
    if (const PngChunk* profile = findChunk(file, "iCCP", 3)) {
        readProfile(*profile, picture);
        return;
    }
    const PngChunk* gamma = findChunk(file, "gAMA", 4);
    const PngChunk* chromaticities = findChunk(file, "cHRM", 32);
    if (findChunk(file, "sRGB", 1) || (!gamma && !chromaticities)) return;
    ColorPrimaries primaries;
    const double encoding = gamma ? bigEndian32(gamma->content, 0) / 100000.0 : 0.0;
    if (encoding > 0.01 && encoding < 10.0 && std::abs(encoding - 1.0 / 2.2) > 0.005) primaries.gamma = 1.0 / encoding;
    if (chromaticities) {
        double* const points[4] = { primaries.white, primaries.red, primaries.green, primaries.blue };
        for (std::size_t i = 0; i < 8; ++i) points[i / 2][i % 2] = bigEndian32(chromaticities->content, 4 * i) / 100000.0;
    }
    picture.primaries = primaries;
}

} // namespace

Result<PngFile> parsePng(Bytes bytes, const std::string& name)
{
    PngFile file;
    std::size_t at = kSignatureSize;
    bool hasEnd = false;
    while (!hasEnd && at + kChunkOverhead <= bytes.size()) {
        const std::size_t size = bigEndian32(bytes, at);
        if (size > bytes.size() - at - kChunkOverhead) break;
        const Bytes whole = bytes.subspan(at, size + kChunkOverhead);
        file.chunks.push_back({ asText(whole.subspan(4, 4)), whole.subspan(8, size), whole });
        hasEnd = file.chunks.back().type == "IEND";
        at += whole.size();
    }
    file.isCutShort = !hasEnd;
    if (file.chunks.empty() || file.chunks.front().type != "IHDR" || file.chunks.front().content.size() != 13) {
        return damagedPicture(name, "the PNG header is missing");
    }
    const Bytes header = file.chunks.front().content;
    const std::uint32_t width = bigEndian32(header, 0), height = bigEndian32(header, 4);
    if (width > 0x7FFFFFFFU || height > 0x7FFFFFFFU) return damagedPicture(name, "its header gives an impossible size");
    file.extent = { static_cast<int>(width), static_cast<int>(height) };
    file.bitDepth = std::to_integer<int>(header[8]);
    file.colorType = std::to_integer<int>(header[9]);
    return file;
}

void readAncillary(const PngFile& file, DecodedPicture& picture)
{
    readColors(file, picture);
    if (const PngChunk* exif = findChunk(file, "eXIf", 8)) picture.exif.assign(exif->content.begin(), exif->content.end());
    for (const PngChunk& chunk : file.chunks) {
        const bool isText = chunk.type == "tEXt" || chunk.type == "zTXt" || chunk.type == "iTXt";
        if (isText && isIntact(chunk)) readText(chunk, picture.recipe);
    }
}

} // namespace sfumato::document
