// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/control_edges.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace sfumato::imaging {

namespace {

cv::Mat blurredFloat(const cv::Mat& pixels, double sigma)
{
    cv::Mat result;
    cv::GaussianBlur(pixels, result, cv::Size(), sigma);
    return result;
}

cv::Mat leastChannel(const cv::Mat& rgb)
{
    std::vector<cv::Mat> channels;
    cv::split(rgb, channels);
    return cv::min(cv::min(channels[0], channels[1]), channels[2]);
}

// values / divisor × factor in 0..255, the fraction cut off as a conversion to integers in NumPy does.
cv::Mat truncated(const cv::Mat& values, float divisor = 1.0F, float factor = 1.0F)
{
    cv::Mat result(values.size(), CV_8UC1);
    for (int y = 0; y < values.rows; ++y) {
        const float* from = values.ptr<float>(y);
        auto* to = result.ptr<std::uint8_t>(y);
        for (int x = 0; x < values.cols; ++x) to[x] = static_cast<std::uint8_t>(std::clamp(from[x] / divisor * factor, 0.0F, 255.0F));
    }
    return result;
}

// The median of the values above `threshold`, the mean of the middle two of an even number; 0 when there is none.
double medianAbove(const cv::Mat& values, double threshold)
{
    std::vector<float> above;
    for (int y = 0; y < values.rows; ++y) std::copy_if(values.ptr<float>(y), values.ptr<float>(y) + values.cols, std::back_inserter(above), [&](float value) { return value > threshold; });
    if (above.empty()) return 0.0;
    const auto middle = above.begin() + static_cast<std::ptrdiff_t>(above.size() / 2);
    std::nth_element(above.begin(), middle, above.end());
    if (above.size() % 2 == 1) return *middle;
    return (double{ *middle } + double{ *std::max_element(above.begin(), middle) }) / 2.0;
}

// The strongest channel's gradient, in levels a pixel.
cv::Mat gradientMagnitude(const cv::Mat& pixels)
{
    constexpr double kSobelToPerPixel = 1.0 / 8.0;
    cv::Mat dx, dy, squared;
    cv::Sobel(pixels, dx, CV_32F, 1, 0, 3, kSobelToPerPixel);
    cv::Sobel(pixels, dy, CV_32F, 0, 1, 3, kSobelToPerPixel);
    squared = dx.mul(dx) + dy.mul(dy);
    std::vector<cv::Mat> channels;
    cv::split(squared, channels);
    cv::Mat strongest = cv::max(cv::max(channels[0], channels[1]), channels[2]);
    cv::sqrt(strongest, strongest);
    return strongest;
}

} // namespace

cv::Mat cannyEdges(const cv::Mat& rgb, double low, double high)
{
    cv::Mat edges;
    cv::Canny(rgb, edges, low, high);
    return edges;
}

cv::Mat softEdges(const cv::Mat& rgb, double sigmaPx, double gain)
{
    // The normalised gradient of a step of height h is h / √(2π) at its edge.
    const double stepToWhite = std::sqrt(2.0 * CV_PI);
    constexpr int kScales = 3;
    cv::Mat pixels;
    rgb.convertTo(pixels, CV_32F);
    cv::Mat sum = cv::Mat::zeros(rgb.size(), CV_32FC1);
    double sigma = sigmaPx;
    for (int scale = 0; scale < kScales; ++scale, sigma *= 2.0) sum += gradientMagnitude(blurredFloat(pixels, sigma)) * (sigma * stepToWhite * gain / kScales);
    return truncated(sum);
}

cv::Mat lineArt(const cv::Mat& rgb, double sigmaPx, double threshold)
{
    constexpr double kLeastMedian = 16.0;
    constexpr float kMiddlingLine = 127.0F;
    cv::Mat pixels;
    rgb.convertTo(pixels, CV_32F);
    cv::Mat darkness = leastChannel(blurredFloat(pixels, sigmaPx) - pixels);
    darkness = cv::min(cv::max(darkness, 0.0), 255.0);
    const double median = std::max(kLeastMedian, medianAbove(darkness, threshold));
    return truncated(darkness, static_cast<float>(median), kMiddlingLine);
}

cv::Mat scribbleLines(const cv::Mat& rgb, double threshold)
{
    constexpr double kFineSigma = 0.5, kCoarseSigma = 5.0;
    cv::Mat pixels;
    rgb.convertTo(pixels, CV_32F);
    const cv::Mat difference = leastChannel(blurredFloat(pixels, kCoarseSigma) - blurredFloat(pixels, kFineSigma));
    const cv::Mat inverse = truncated(255.0 - difference);
    // 2 (255 − inverse) > threshold
    return inverse < 255.0 - threshold / 2.0;
}

cv::Mat darkerThan(const cv::Mat& rgb, double level)
{
    return leastChannel(rgb) < level;
}

cv::Mat lighterThan(const cv::Mat& rgb, double level)
{
    return leastChannel(rgb) > level;
}

} // namespace sfumato::imaging
