// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/mask_shaping.h"

#include "core/imaging/mask.h"
#include "core/imaging/opencv_bridge.h"
#include "core/imaging/pixel_conversion.h"

#include <opencv2/imgproc.hpp>

#include <cmath>

namespace sfumato::imaging {

namespace {

constexpr std::size_t kMostLevels = 16;
constexpr double kLargestPlainDeviation = 8.0;
constexpr int kLargestReachPx = 32768;

// The values that occur, without 0, thinned out evenly to kMostLevels; the greatest is always among them.
std::vector<int> levelsOf(const cv::Mat& mask)
{
    bool occurs[256] = {};
    for (int y = 0; y < mask.rows; ++y) {
        const std::uint8_t* row = mask.ptr(y);
        for (int x = 0; x < mask.cols; ++x) occurs[row[x]] = true;
    }
    std::vector<int> levels;
    for (int value = 1; value < 256; ++value) {
        if (occurs[value]) levels.push_back(value);
    }
    if (levels.size() <= kMostLevels) return levels;
    std::vector<int> kept;
    for (std::size_t i = 0; i < kMostLevels; ++i) kept.push_back(levels[i * (levels.size() - 1) / (kMostLevels - 1)]);
    return kept;
}

void dilate(cv::Mat& mask, int px)
{
    const cv::Mat source = mask.clone();
    cv::Mat distance;
    for (const int level : levelsOf(source)) {
        cv::distanceTransform(source < level, distance, cv::DIST_L2, cv::DIST_MASK_PRECISE);
        mask.setTo(level, (distance <= static_cast<double>(px)) & (mask < level));
    }
}

void boxBlur(cv::Mat& values, double deviation)
{
    // Three boxes whose variances add up to the Gaussian's (P. Kovesi, Fast Almost-Gaussian Filtering, 2010).
    const int ideal = static_cast<int>(std::floor(std::sqrt(4.0 * deviation * deviation + 1.0)));
    const int narrow = ideal % 2 == 0 ? ideal - 1 : ideal;
    const double count = (12.0 * deviation * deviation - 3.0 * narrow * narrow - 12.0 * narrow - 9.0) / (-4.0 * narrow - 4.0);
    for (int pass = 0; pass < 3; ++pass) {
        const int width = pass < static_cast<int>(std::lround(count)) ? narrow : narrow + 2;
        cv::blur(values, values, { width, width }, { -1, -1 }, cv::BORDER_REPLICATE);
    }
}

} // namespace

Result<ImageBuffer> growMask(ImageView mask, int px)
{
    assert(mask.format == PixelFormat::Gray8);
    return translated("Growing the mask", [&]() -> ImageBuffer {
        ImageBuffer result = copied(mask);
        if (px == 0 || mask.extent.isEmpty()) return result;
        const int reach = std::clamp(px, -kLargestReachPx, kLargestReachPx);
        cv::Mat values = asMatrix(result.span());
        if (reach < 0) cv::bitwise_not(values, values);
        const Bounds area = paintedBounds(result.view()).grownBy(std::abs(reach)).intersected(Bounds::ofExtent(mask.extent));
        if (!area.isEmpty() && cv::countNonZero(values) > 0) {
            cv::Mat part = values(cv::Rect(area.x, area.y, area.width, area.height));
            dilate(part, std::abs(reach));
        }
        if (reach < 0) cv::bitwise_not(values, values);
        return result;
    });
}

Result<ImageBuffer> featherMask(ImageView mask, double px)
{
    assert(mask.format == PixelFormat::Gray8);
    return translated("Feathering the mask", [&]() -> ImageBuffer {
        ImageBuffer result = copied(mask);
        const double deviation = px / 2.0;
        if (!(deviation > 0.0) || mask.extent.isEmpty()) return result;
        cv::Mat values = asMatrix(result.span());
        if (deviation <= kLargestPlainDeviation) {
            cv::GaussianBlur(values, values, {}, deviation, deviation, cv::BORDER_REPLICATE);
            return result;
        }
        cv::Mat precise;
        values.convertTo(precise, CV_32F);
        boxBlur(precise, deviation);
        precise.convertTo(values, CV_8U);
        return result;
    });
}

} // namespace sfumato::imaging
