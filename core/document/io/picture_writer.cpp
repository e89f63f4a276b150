// SPDX-License-Identifier: Apache-2.0
#include "core/document/io/picture_writer.h"

#include "core/document/io/codecs/avif_codec.h"
#include "core/document/io/codecs/jpeg_codec.h"
#include "core/document/io/codecs/png_codec.h"
#include "core/document/io/codecs/webp_codec.h"
#include "core/imaging/pixel_conversion.h"

#include <limits>
#include <new>

namespace sfumato::document {

namespace {

int longestSide(PictureFormat format) noexcept
{
    switch (format) {
    case PictureFormat::Jpeg: return 65500;
    case PictureFormat::WebP: return 16383;
    case PictureFormat::Avif: return 65535;
    default: return std::numeric_limits<int>::max();
    }
}

template <typename Sample>
bool isOpaque(ImageView image) noexcept
{
    for (int y = 0; y < image.extent.height; ++y) {
        const Sample* row = image.row<Sample>(y);
        for (int x = 0; x < image.extent.width; ++x) {
            if (row[4 * x + 3] != std::numeric_limits<Sample>::max()) return false;
        }
    }
    return true;
}

bool hasTransparency(ImageView image) noexcept
{
    if (image.format == PixelFormat::Rgba8) return !isOpaque<std::uint8_t>(image);
    return image.format == PixelFormat::Rgba16 && !isOpaque<std::uint16_t>(image);
}

Result<void> checked(ImageView image, const PictureEncoding& encoding)
{
    const std::string format(formatName(encoding.format));
    const auto refused = [](std::string sentence, const char* field) { return Error{ ErrorCode::InvalidRequest, std::move(sentence), field }; };
    if (!isWritable(encoding.format)) return refused(format + " is not written; PNG, JPEG, WebP and AVIF are.", "format");
    if (image.extent.isEmpty()) return refused("There is no picture to write.", "image");
    if (image.format == PixelFormat::GrayF32) return refused("A picture of floating-point samples is not written as " + format + ".", "image");
    const int longest = longestSide(encoding.format);
    if (image.extent.width > longest || image.extent.height > longest) {
        return refused("The picture is " + std::to_string(image.extent.width) + " × " + std::to_string(image.extent.height) + " pixels; " + format + " holds at most "
                + std::to_string(longest) + " a side.",
            "format");
    }
    if (encoding.quality && (*encoding.quality < 1 || *encoding.quality > 100)) {
        return refused("The quality is " + std::to_string(*encoding.quality) + "; 1 to 100 are allowed.", "quality");
    }
    return {};
}

Result<std::vector<std::byte>> encode(ImageView image, const PictureEncoding& encoding)
{
    const int quality = encoding.quality.value_or(defaultQuality(encoding.format));
    const bool withAlpha = encoding.keepAlpha && hasTransparency(image);
    switch (encoding.format) {
    case PictureFormat::Png: return encodePng(image, withAlpha, encoding.recipe);
    case PictureFormat::Jpeg:
        if (image.format == PixelFormat::Gray8 || image.format == PixelFormat::Rgb8) return encodeJpeg(image, quality, encoding.recipe);
        return encodeJpeg(imaging::flattened(image).view(), quality, encoding.recipe);
    case PictureFormat::WebP: return encodeWebp(imaging::convertPixels(image, withAlpha ? PixelFormat::Rgba8 : PixelFormat::Rgb8).view(), quality, encoding.recipe);
    case PictureFormat::Avif:
        if (image.format == PixelFormat::Gray8) return encodeAvif(imaging::convertPixels(image, PixelFormat::Rgb8).view(), false, quality, encoding.recipe);
        return encodeAvif(image, withAlpha, quality, encoding.recipe);
    default: return Error{ ErrorCode::InvalidRequest, std::string(formatName(encoding.format)) + " is not written.", "format" };
    }
}

} // namespace

int defaultQuality(PictureFormat format) noexcept
{
    switch (format) {
    case PictureFormat::Jpeg: return 92;
    case PictureFormat::WebP: return 90;
    case PictureFormat::Avif: return 70;
    default: return 100;
    }
}

Result<std::vector<std::byte>> encodePicture(ImageView image, const PictureEncoding& encoding)
{
    if (const Result<void> allowed = checked(image, encoding); !allowed) return allowed.error();
    try {
        return encode(image, encoding);
    } catch (const std::bad_alloc&) {
        return Error{ ErrorCode::Internal, "Writing the " + std::string(formatName(encoding.format)) + " needs more memory than is free.", "image" };
    }
}

Result<void> writePicture(const std::filesystem::path& path, ImageView image, const PictureEncoding& encoding, ExistingFile existing)
{
    const Result<std::vector<std::byte>> bytes = encodePicture(image, encoding);
    if (!bytes) return bytes.error();
    return writeFileAtomically(path, *bytes, existing);
}

} // namespace sfumato::document
