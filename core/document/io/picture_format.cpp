// SPDX-License-Identifier: Apache-2.0
#include "core/document/io/picture_format.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace sfumato::document {

namespace {

bool hasBytes(std::span<const std::byte> bytes, std::size_t offset, std::string_view expected) noexcept
{
    return bytes.size() >= offset + expected.size() && std::memcmp(bytes.data() + offset, expected.data(), expected.size()) == 0;
}

// An ISO base media file whose brands, the major one or a compatible one, name AVIF.
bool isAvif(std::span<const std::byte> bytes) noexcept
{
    if (!hasBytes(bytes, 4, "ftyp")) return false;
    std::size_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) size = size << 8U | std::to_integer<std::size_t>(bytes[i]);
    for (std::size_t offset = 8; offset + 4 <= std::min({ size, bytes.size(), std::size_t{ 256 } }); offset += 4) {
        if (hasBytes(bytes, offset, "avif") || hasBytes(bytes, offset, "avis")) return true;
    }
    return false;
}

} // namespace

std::optional<PictureFormat> recognisePicture(std::span<const std::byte> bytes) noexcept
{
    if (hasBytes(bytes, 0, "\x89PNG\r\n\x1a\n")) return PictureFormat::Png;
    if (hasBytes(bytes, 0, "\xff\xd8\xff")) return PictureFormat::Jpeg;
    if (hasBytes(bytes, 0, "RIFF") && hasBytes(bytes, 8, "WEBP")) return PictureFormat::WebP;
    if (hasBytes(bytes, 0, "GIF87a") || hasBytes(bytes, 0, "GIF89a")) return PictureFormat::Gif;
    if (isAvif(bytes)) return PictureFormat::Avif;
    if (hasBytes(bytes, 0, "BM") && bytes.size() >= 26) return PictureFormat::Bmp;
    return std::nullopt;
}

std::string_view formatName(PictureFormat format) noexcept
{
    switch (format) {
    case PictureFormat::Png: return "PNG";
    case PictureFormat::Jpeg: return "JPEG";
    case PictureFormat::WebP: return "WebP";
    case PictureFormat::Gif: return "GIF";
    case PictureFormat::Avif: return "AVIF";
    case PictureFormat::Bmp: return "BMP";
    }
    return {};
}

std::string_view mimeType(PictureFormat format) noexcept
{
    switch (format) {
    case PictureFormat::Png: return "image/png";
    case PictureFormat::Jpeg: return "image/jpeg";
    case PictureFormat::WebP: return "image/webp";
    case PictureFormat::Gif: return "image/gif";
    case PictureFormat::Avif: return "image/avif";
    case PictureFormat::Bmp: return "image/bmp";
    }
    return {};
}

std::string_view fileExtension(PictureFormat format) noexcept
{
    switch (format) {
    case PictureFormat::Png: return "png";
    case PictureFormat::Jpeg: return "jpg";
    case PictureFormat::WebP: return "webp";
    case PictureFormat::Gif: return "gif";
    case PictureFormat::Avif: return "avif";
    case PictureFormat::Bmp: return "bmp";
    }
    return {};
}

std::optional<PictureFormat> formatFromExtension(std::string_view extension) noexcept
{
    if (extension.starts_with('.')) extension.remove_prefix(1);
    const auto is = [extension](std::string_view name) {
        return std::equal(extension.begin(), extension.end(), name.begin(), name.end(),
            [](char left, char right) { return (left >= 'A' && left <= 'Z' ? left - 'A' + 'a' : left) == right; });
    };
    if (is("jpeg") || is("jpe")) return PictureFormat::Jpeg;
    for (const PictureFormat format : { PictureFormat::Png, PictureFormat::Jpeg, PictureFormat::WebP, PictureFormat::Gif, PictureFormat::Avif, PictureFormat::Bmp }) {
        if (is(fileExtension(format))) return format;
    }
    return std::nullopt;
}

bool isWritable(PictureFormat format) noexcept
{
    return format == PictureFormat::Png || format == PictureFormat::Jpeg || format == PictureFormat::WebP || format == PictureFormat::Avif;
}

} // namespace sfumato::document
