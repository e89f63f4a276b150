// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/sample_rows.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace sfumato::imaging {

namespace {

constexpr std::uint16_t kOpaque = 65535;

template <typename Pixel>
void forEachPixel(int width, std::uint16_t* samples, Pixel pixel)
{
    for (int x = 0; x < width; ++x) pixel(x, samples + 4 * x);
}

void setGray(std::uint16_t* sample, std::uint16_t value) noexcept
{
    sample[0] = sample[1] = sample[2] = value;
    sample[3] = kOpaque;
}

} // namespace

void unpackRow(ImageView image, int y, std::uint16_t* samples)
{
    const int width = image.extent.width;
    const std::uint8_t* row = image.row(y);
    switch (image.format) {
    case PixelFormat::Gray8:
        forEachPixel(width, samples, [row](int x, std::uint16_t* to) { setGray(to, widened(row[x])); });
        break;
    case PixelFormat::GrayF32: {
        const float* values = image.row<float>(y);
        forEachPixel(width, samples, [values](int x, std::uint16_t* to) {
            setGray(to, static_cast<std::uint16_t>(std::lround(std::clamp(values[x], 0.0F, 1.0F) * 65535.0F)));
        });
        break;
    }
    case PixelFormat::Rgb8:
        forEachPixel(width, samples, [row](int x, std::uint16_t* to) {
            for (int c = 0; c < 3; ++c) to[c] = widened(row[3 * x + c]);
            to[3] = kOpaque;
        });
        break;
    case PixelFormat::Rgba8:
        for (int i = 0; i < 4 * width; ++i) samples[i] = widened(row[i]);
        break;
    case PixelFormat::Rgba16:
        std::memcpy(samples, row, static_cast<std::size_t>(width) * 8);
        break;
    }
}

void packRow(const std::uint16_t* samples, ImageSpan image, int y)
{
    const int width = image.extent.width;
    std::uint8_t* row = image.row(y);
    switch (image.format) {
    case PixelFormat::Gray8:
        for (int x = 0; x < width; ++x) row[x] = narrowed(lumaOf(samples[4 * x], samples[4 * x + 1], samples[4 * x + 2]));
        break;
    case PixelFormat::GrayF32:
        for (int x = 0; x < width; ++x) {
            image.row<float>(y)[x] = static_cast<float>(lumaOf(samples[4 * x], samples[4 * x + 1], samples[4 * x + 2])) / 65535.0F;
        }
        break;
    case PixelFormat::Rgb8:
        for (int x = 0; x < width; ++x) {
            for (int c = 0; c < 3; ++c) row[3 * x + c] = narrowed(samples[4 * x + c]);
        }
        break;
    case PixelFormat::Rgba8:
        for (int i = 0; i < 4 * width; ++i) row[i] = narrowed(samples[i]);
        break;
    case PixelFormat::Rgba16:
        std::memcpy(row, samples, static_cast<std::size_t>(width) * 8);
        break;
    }
}

} // namespace sfumato::imaging
