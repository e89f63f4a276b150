// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/color_match.h"

#include "core/imaging/opencv_bridge.h"
#include "core/imaging/pixel_conversion.h"
#include "core/imaging/push_pull.h"
#include "core/imaging/sample_rows.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace sfumato::imaging {

namespace {

constexpr int kFewestPixels = 64;
constexpr int kLongestFitSide = 192;
// A pixel that differs by more than this many limits shows another thing, not another colour of the same thing.
constexpr double kOutlierFactor = 3.0;

// sRGB samples 0..1 (CV_32FC3); `visible` (CV_8UC1) gets 255 where alpha is not 0.
cv::Mat colorsOf(ImageView image, cv::Mat& visible)
{
    cv::Mat colors(image.extent.height, image.extent.width, CV_32FC3);
    visible.create(image.extent.height, image.extent.width, CV_8UC1);
    std::vector<std::uint16_t> samples(static_cast<std::size_t>(image.extent.width) * 4);
    for (int y = 0; y < image.extent.height; ++y) {
        unpackRow(image, y, samples.data());
        for (int x = 0; x < image.extent.width; ++x) {
            const std::uint16_t* pixel = samples.data() + 4 * x;
            for (int c = 0; c < 3; ++c) colors.at<cv::Vec3f>(y, x)[c] = static_cast<float>(pixel[c]) / 65535.0F;
            visible.at<std::uint8_t>(y, x) = pixel[3] != 0 ? 255 : 0;
        }
    }
    return colors;
}

cv::Mat toLab(const cv::Mat& colors)
{
    cv::Mat lab;
    cv::cvtColor(colors, lab, cv::COLOR_RGB2Lab);
    return lab;
}

cv::Mat toRgb(const cv::Mat& lab)
{
    cv::Mat colors;
    cv::cvtColor(lab, colors, cv::COLOR_Lab2RGB);
    return colors;
}

// 255 on the pixels whose distance to the mask lies in the ring.
cv::Mat ringAround(ImageView mask, const ColorMatchLimits& limits)
{
    cv::Mat distance;
    cv::distanceTransform(asMatrix(mask) == 0, distance, cv::DIST_L2, cv::DIST_MASK_PRECISE);
    return (distance >= static_cast<double>(limits.ringInnerPx)) & (distance <= static_cast<double>(limits.ringOuterPx));
}

cv::Scalar limitsOf(const ColorMatchLimits& limits)
{
    return { limits.lightness, limits.chroma, limits.chroma };
}

cv::Mat clamped(const cv::Mat& field, const cv::Scalar& limits)
{
    cv::Mat result;
    cv::min(field, limits, result);
    cv::max(result, -limits, result);
    return result;
}

// Weights 1 on ring pixels whose difference is that of colour, not of content.
cv::Mat comparable(const cv::Mat& difference, const cv::Mat& ring, const cv::Scalar& limits)
{
    cv::Mat near;
    cv::inRange(difference, -limits * kOutlierFactor, limits * kOutlierFactor, near);
    cv::Mat weights;
    cv::Mat(near & ring).convertTo(weights, CV_32F, 1.0 / 255.0);
    return weights;
}

// The smooth field at full size, fitted on a coarse grid.
cv::Mat fittedField(const cv::Mat& difference, const cv::Mat& weights, const ColorMatchLimits& limits)
{
    const double scale = std::min(1.0, static_cast<double>(kLongestFitSide) / std::max(difference.cols, difference.rows));
    const cv::Size size(std::max(1, cvRound(difference.cols * scale)), std::max(1, cvRound(difference.rows * scale)));
    cv::Mat threefold, sums, known;
    cv::merge(std::vector<cv::Mat>{ weights, weights, weights }, threefold);
    cv::resize(clamped(difference, limitsOf(limits)).mul(threefold), sums, size, 0, 0, cv::INTER_AREA);
    cv::resize(weights, known, size, 0, 0, cv::INTER_AREA);
    cv::merge(std::vector<cv::Mat>{ known, known, known }, threefold);
    const cv::Mat means = sums / cv::max(threefold, 1e-6);
    cv::Mat field = pushPull(means, known, cv::Scalar::all(0));
    const double deviation = std::max(1.0, limits.ringOuterPx * scale / 2.0);
    cv::GaussianBlur(field, field, {}, deviation, deviation, cv::BORDER_REPLICATE);
    cv::Mat full;
    cv::resize(field, full, difference.size(), 0, 0, cv::INTER_LINEAR);
    return clamped(full, limitsOf(limits));
}

// Adds `change` (0..1 of full scale) to the colours; where it is 0 every sample keeps its bits.
ImageBuffer shifted(ImageView image, const cv::Mat& change)
{
    ImageBuffer result = copied(image);
    const bool wide = image.format == PixelFormat::Rgba16;
    const int channels = channelCount(image.format);
    const float top = wide ? 65535.0F : 255.0F;
    const auto moved = [top](auto sample, float by) {
        return static_cast<decltype(sample)>(std::lround(std::clamp(static_cast<float>(sample) + by * top, 0.0F, top)));
    };
    for (int y = 0; y < image.extent.height; ++y) {
        const cv::Vec3f* by = change.ptr<cv::Vec3f>(y);
        for (int i = 0; i < 3 * image.extent.width; ++i) {
            const int x = i / 3, c = i % 3, at = x * channels + c;
            if (wide) result.row<std::uint16_t>(y)[at] = moved(result.row<std::uint16_t>(y)[at], by[x][c]);
            else
                result.row(y)[at] = moved(result.row(y)[at], by[x][c]);
        }
    }
    return result;
}

} // namespace

Result<ImageBuffer> matchColors(ImageView generated, ImageView original, ImageView mask, const ColorMatchLimits& limits)
{
    if (generated.extent != original.extent || generated.extent != mask.extent || mask.format != PixelFormat::Gray8) {
        return Error{ ErrorCode::InvalidRequest, "The generated picture, the original and the mask have different sizes.", "mask" };
    }
    return translated("Matching the colours", [&]() -> ImageBuffer {
        if (generated.extent.isEmpty() || cv::countNonZero(asMatrix(mask)) == 0) return copied(generated);
        cv::Mat visible, originalVisible;
        const cv::Mat lab = toLab(colorsOf(generated, visible));
        const cv::Mat difference = toLab(colorsOf(original, originalVisible)) - lab;
        const cv::Mat weights = comparable(difference, ringAround(mask, limits) & visible & originalVisible, limitsOf(limits));
        if (cv::countNonZero(weights) < kFewestPixels) return copied(generated);
        const cv::Mat field = fittedField(difference, weights, limits);
        return shifted(generated, toRgb(lab + field) - toRgb(lab));
    });
}

} // namespace sfumato::imaging
