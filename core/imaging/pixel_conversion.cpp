// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/pixel_conversion.h"

#include "core/imaging/sample_rows.h"

#include <cstring>

namespace sfumato::imaging {

namespace {

// Runs `change` on each row in its 16-bit form on the way from one format to another.
template <typename Change>
ImageBuffer converted(ImageView image, PixelFormat format, Change change)
{
    ImageBuffer result(image.extent, format);
    std::vector<std::uint16_t> samples(static_cast<std::size_t>(image.extent.width) * 4);
    for (int y = 0; y < image.extent.height; ++y) {
        unpackRow(image, y, samples.data());
        change(samples.data());
        packRow(samples.data(), result.span(), y);
    }
    return result;
}

bool hasAlpha(PixelFormat format) noexcept
{
    return format == PixelFormat::Rgba8 || format == PixelFormat::Rgba16;
}

} // namespace

ImageBuffer convertPixels(ImageView image, PixelFormat format)
{
    if (image.extent.isEmpty()) return ImageBuffer({}, format);
    if (image.format == format) return copied(image);
    return converted(image, format, [](std::uint16_t*) {});
}

ImageBuffer flattened(ImageView image, RgbColor background)
{
    if (image.extent.isEmpty()) return ImageBuffer({}, PixelFormat::Rgb8);
    const std::uint32_t under[3] = { widened(background.red), widened(background.green), widened(background.blue) };
    return converted(image, PixelFormat::Rgb8, [&](std::uint16_t* samples) {
        for (int x = 0; x < image.extent.width; ++x) {
            std::uint16_t* pixel = samples + 4 * x;
            const std::uint64_t alpha = pixel[3];
            for (int c = 0; c < 3; ++c) {
                pixel[c] = static_cast<std::uint16_t>((pixel[c] * alpha + under[c] * (65535 - alpha) + 32767) / 65535);
            }
        }
    });
}

ImageBuffer alphaChannel(ImageView image)
{
    if (image.extent.isEmpty()) return ImageBuffer({}, PixelFormat::Gray8);
    if (!hasAlpha(image.format)) {
        ImageBuffer opaque(image.extent, PixelFormat::Gray8);
        std::memset(opaque.bytes(), 255, opaque.sizeInBytes());
        return opaque;
    }
    return converted(image, PixelFormat::Gray8, [&](std::uint16_t* samples) {
        for (int x = 0; x < image.extent.width; ++x) samples[4 * x] = samples[4 * x + 1] = samples[4 * x + 2] = samples[4 * x + 3];
    });
}

ImageView cropped(ImageView image, const Bounds& region)
{
    assert(Bounds::ofExtent(image.extent).contains(region));
    return { image.bytes + region.y * image.bytesPerRow + std::ptrdiff_t{ region.x } * bytesPerPixel(image.format), region.extent(), image.format,
        image.bytesPerRow };
}

ImageBuffer copied(ImageView image)
{
    ImageBuffer result(image.extent, image.format);
    const std::size_t rowBytes = static_cast<std::size_t>(result.bytesPerRow());
    for (int y = 0; y < image.extent.height; ++y) std::memcpy(result.row<std::byte>(y), image.row<std::byte>(y), rowBytes);
    return result;
}

} // namespace sfumato::imaging
