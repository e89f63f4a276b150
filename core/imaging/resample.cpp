// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/resample.h"

#include "core/imaging/opencv_bridge.h"
#include "core/imaging/pixel_conversion.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace sfumato::imaging {

namespace {

int interpolationFor(ResampleFilter filter, int from, int to) noexcept
{
    switch (filter) {
    case ResampleFilter::Nearest: return cv::INTER_NEAREST_EXACT;
    case ResampleFilter::Bilinear: return cv::INTER_LINEAR;
    case ResampleFilter::Bicubic: return cv::INTER_CUBIC;
    case ResampleFilter::Area: return cv::INTER_AREA;
    case ResampleFilter::Lanczos: return cv::INTER_LANCZOS4;
    case ResampleFilter::Automatic: break;
    }
    return to < from ? cv::INTER_AREA : cv::INTER_LANCZOS4;
}

// Each axis by its own filter; the axis that shrinks goes first, which is less work.
cv::Mat stretched(const cv::Mat& source, Extent target, ResampleFilter filter)
{
    const int horizontal = interpolationFor(filter, source.cols, target.width);
    const int vertical = interpolationFor(filter, source.rows, target.height);
    cv::Mat result;
    if (horizontal == vertical || source.cols == target.width || source.rows == target.height) {
        cv::resize(source, result, { target.width, target.height }, 0, 0, source.cols == target.width ? vertical : horizontal);
        return result;
    }
    const bool widthFirst = target.width < source.cols;
    cv::Mat between;
    cv::resize(source, between, widthFirst ? cv::Size(target.width, source.rows) : cv::Size(source.cols, target.height), 0, 0,
        widthFirst ? horizontal : vertical);
    cv::resize(between, result, { target.width, target.height }, 0, 0, widthFirst ? vertical : horizontal);
    return result;
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

template <typename Sample>
cv::Mat premultiplied(ImageView image)
{
    constexpr float kUnit = 1.0F / static_cast<float>(std::numeric_limits<Sample>::max());
    cv::Mat result(image.extent.height, image.extent.width, CV_32FC4);
    for (int y = 0; y < image.extent.height; ++y) {
        const Sample* from = image.row<Sample>(y);
        float* to = result.ptr<float>(y);
        for (int i = 0; i < 4 * image.extent.width; i += 4) {
            const float alpha = static_cast<float>(from[i + 3]) * kUnit;
            for (int c = 0; c < 3; ++c) to[i + c] = static_cast<float>(from[i + c]) * alpha;
            to[i + 3] = static_cast<float>(from[i + 3]);
        }
    }
    return result;
}

// `weighted` premultiplied floats, `plain` the same picture resampled without regard to alpha.
template <typename Sample>
void unpremultiply(const cv::Mat& weighted, const cv::Mat& plain, ImageSpan result)
{
    static constexpr float kMaximum = static_cast<float>(std::numeric_limits<Sample>::max());
    const auto rounded = [](float value) { return static_cast<Sample>(std::lround(std::clamp(value, 0.0F, kMaximum))); };
    for (int y = 0; y < result.extent.height; ++y) {
        const float* from = weighted.ptr<float>(y);
        const Sample* hidden = plain.ptr<Sample>(y);
        Sample* to = result.row<Sample>(y);
        for (int i = 0; i < 4 * result.extent.width; i += 4) {
            to[i + 3] = rounded(from[i + 3]);
            for (int c = 0; c < 3; ++c) to[i + c] = to[i + 3] == 0 ? hidden[i + c] : rounded(from[i + c] * kMaximum / from[i + 3]);
        }
    }
}

template <typename Sample>
ImageBuffer resampledWithAlpha(ImageView image, Extent target, ResampleFilter filter)
{
    const cv::Mat plain = stretched(asMatrix(image), target, filter);
    ImageBuffer result(target, image.format);
    unpremultiply<Sample>(stretched(premultiplied<Sample>(image), target, filter), plain, result.span());
    return result;
}

bool weighsByAlpha(ImageView image, ResampleFilter filter)
{
    if (filter == ResampleFilter::Nearest) return false;
    if (image.format == PixelFormat::Rgba8) return !isOpaque<std::uint8_t>(image);
    return image.format == PixelFormat::Rgba16 && !isOpaque<std::uint16_t>(image);
}

std::string sizeText(Extent extent)
{
    return std::to_string(extent.width) + " × " + std::to_string(extent.height);
}

} // namespace

Result<ImageBuffer> resample(ImageView image, Extent target, ResampleFilter filter)
{
    if (image.extent.isEmpty() || target.isEmpty()) {
        return Error{ ErrorCode::InvalidRequest, "An image of " + sizeText(image.extent) + " pixels cannot be resized to " + sizeText(target) + ".", "size" };
    }
    return translated("Resizing the image", [&]() -> ImageBuffer {
        if (image.extent == target) return copied(image);
        if (weighsByAlpha(image, filter)) {
            return image.format == PixelFormat::Rgba8 ? resampledWithAlpha<std::uint8_t>(image, target, filter)
                                                      : resampledWithAlpha<std::uint16_t>(image, target, filter);
        }
        ImageBuffer result(target, image.format);
        stretched(asMatrix(image), target, filter).copyTo(asMatrix(result.span()));
        return result;
    });
}

Extent fittedExtent(Extent source, Extent frame) noexcept
{
    if (source.isEmpty() || frame.isEmpty()) return { 1, 1 };
    const double scale = std::min(static_cast<double>(frame.width) / source.width, static_cast<double>(frame.height) / source.height);
    return { std::clamp(static_cast<int>(std::lround(source.width * scale)), 1, frame.width),
        std::clamp(static_cast<int>(std::lround(source.height * scale)), 1, frame.height) };
}

} // namespace sfumato::imaging
