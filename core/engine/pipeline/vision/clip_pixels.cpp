// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/vision/clip_pixels.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <vector>

namespace sfumato::engine {

namespace {

constexpr int kChannels = 3;
constexpr double kBicubicSupport = 2.0, kBicubicA = -0.5;
constexpr int kPrecisionBits = 22; // of the fixed-point weights: 32 − 8 of a pixel − 2 of headroom
constexpr std::array<double, kChannels> kMean{ 0.48145466, 0.4578275, 0.40821073 }, kDeviation{ 0.26862954, 0.26130258, 0.27577711 };

// Keys 1981, equation 4, with a = −0.5.
double bicubic(double x)
{
    x = std::abs(x);
    if (x < 1) return ((kBicubicA + 2) * x - (kBicubicA + 3)) * x * x + 1;
    if (x < 2) return (((x - 5) * x + 8) * x - 4) * kBicubicA;
    return 0;
}

// The source pixels that one target pixel is made of, and their fixed-point weights.
struct Taps {
    int first = 0;
    std::vector<std::int32_t> weights;
};

std::vector<Taps> tapsOf(int source, int target)
{
    const double scale = static_cast<double>(source) / target, stretch = std::max(scale, 1.0), support = kBicubicSupport * stretch;
    std::vector<Taps> all(static_cast<std::size_t>(target));
    for (int i = 0; i < target; ++i) {
        const double center = (i + 0.5) * scale;
        const int first = std::max(0, static_cast<int>(center - support + 0.5)), end = std::min(source, static_cast<int>(center + support + 0.5));
        std::vector<double> weights;
        double sum = 0;
        for (int x = first; x < end; ++x) {
            weights.push_back(bicubic((x - center + 0.5) / stretch));
            sum += weights.back();
        }
        Taps& taps = all[static_cast<std::size_t>(i)];
        taps.first = first;
        for (const double weight : weights) {
            const double fixed = weight / sum * (1 << kPrecisionBits);
            taps.weights.push_back(static_cast<std::int32_t>(fixed < 0 ? fixed - 0.5 : fixed + 0.5));
        }
    }
    return all;
}

// One value: `stride` bytes lie between neighbours.
std::uint8_t combined(const std::uint8_t* first, std::ptrdiff_t stride, const Taps& taps)
{
    std::int32_t sum = 1 << (kPrecisionBits - 1);
    for (const std::int32_t weight : taps.weights) {
        sum += *first * weight;
        first += stride;
    }
    return static_cast<std::uint8_t>(std::clamp(sum >> kPrecisionBits, 0, 255));
}

// The columns [first, first + width) of the picture at another width.
ImageBuffer resampledColumns(const ImageBuffer& image, int fullWidth, int first, int width)
{
    const std::vector<Taps> taps = tapsOf(image.width(), fullWidth);
    ImageBuffer result({ width, image.height() }, PixelFormat::Rgb8);
    for (int y = 0; y < image.height(); ++y) {
        const std::uint8_t* const from = image.row(y);
        std::uint8_t* to = result.row(y);
        for (int x = 0; x < width; ++x) {
            const Taps& here = taps[static_cast<std::size_t>(first + x)];
            for (int c = 0; c < kChannels; ++c) *to++ = combined(from + static_cast<std::ptrdiff_t>(here.first) * kChannels + c, kChannels, here);
        }
    }
    return result;
}

ImageBuffer resampledRows(const ImageBuffer& image, int fullHeight, int first, int height)
{
    const std::vector<Taps> taps = tapsOf(image.height(), fullHeight);
    const std::ptrdiff_t stride = image.height() > 1 ? image.row(1) - image.row(0) : 0;
    ImageBuffer result({ image.width(), height }, PixelFormat::Rgb8);
    for (int y = 0; y < height; ++y) {
        const Taps& here = taps[static_cast<std::size_t>(first + y)];
        const std::uint8_t* const from = image.row(here.first);
        std::uint8_t* const to = result.row(y);
        for (int i = 0; i < image.width() * kChannels; ++i) to[i] = combined(from + i, stride, here);
    }
    return result;
}

} // namespace

ImageBuffer clipSquare(const ImageBuffer& image, int side)
{
    assert(image.format() == PixelFormat::Rgb8 && image.width() > 0 && image.height() > 0);
    const bool isTall = image.width() <= image.height();
    const std::int64_t shorter = std::min(image.width(), image.height()), longer = std::max(image.width(), image.height());
    const int length = static_cast<int>(side * longer / shorter);
    const int width = isTall ? side : length, height = isTall ? length : side;
    const ImageBuffer narrow = resampledColumns(image, width, (width - side) / 2, side);
    return resampledRows(narrow, height, (height - side) / 2, side);
}

at::Tensor normalisedClipPixels(const ImageBuffer& square)
{
    assert(square.width() == square.height());
    const int side = square.width();
    at::Tensor pixels = at::empty({ 1, kChannels, side, side }, at::TensorOptions().dtype(at::kFloat));
    float* out = pixels.mutable_data_ptr<float>();
    for (int c = 0; c < kChannels; ++c) {
        const auto mean = static_cast<float>(kMean[static_cast<std::size_t>(c)]), deviation = static_cast<float>(kDeviation[static_cast<std::size_t>(c)]);
        for (int y = 0; y < side; ++y) {
            const std::uint8_t* const row = square.row(y);
            for (int x = 0; x < side; ++x) *out++ = (static_cast<float>(row[x * kChannels + c] / 255.0) - mean) / deviation;
        }
    }
    return pixels;
}

at::Tensor toClipPixels(const ImageBuffer& image, int side) { return normalisedClipPixels(clipSquare(image, side)); }

} // namespace sfumato::engine
