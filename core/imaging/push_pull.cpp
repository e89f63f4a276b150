// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/push_pull.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>

namespace sfumato::imaging {

namespace {

struct Level {
    cv::Mat values;
    cv::Mat weights;
};

cv::Mat asThreeChannels(const cv::Mat& single)
{
    cv::Mat result;
    cv::merge(std::vector<cv::Mat>{ single, single, single }, result);
    return result;
}

// Half the size: weighted means; a coarse cell with a quarter of its area known counts as known.
Level coarser(const Level& fine)
{
    const cv::Size size((fine.values.cols + 1) / 2, (fine.values.rows + 1) / 2);
    cv::Mat sums, weights;
    cv::resize(fine.values.mul(asThreeChannels(fine.weights)), sums, size, 0, 0, cv::INTER_AREA);
    cv::resize(fine.weights, weights, size, 0, 0, cv::INTER_AREA);
    Level coarse;
    cv::divide(sums, asThreeChannels(cv::max(weights, 1e-12)), coarse.values);
    coarse.weights = cv::min(weights * 4.0, 1.0);
    return coarse;
}

cv::Mat completed(const Level& level, const cv::Mat& underneath)
{
    const cv::Mat weights = asThreeChannels(level.weights);
    return level.values.mul(weights) + underneath.mul(cv::Scalar::all(1.0) - weights);
}

} // namespace

cv::Mat pushPull(const cv::Mat& values, const cv::Mat& weights, const cv::Scalar& fallback)
{
    std::vector<Level> pyramid{ { values, weights } };
    while (std::max(pyramid.back().values.cols, pyramid.back().values.rows) > 1) pyramid.push_back(coarser(pyramid.back()));
    cv::Mat result(1, 1, CV_32FC3, cv::countNonZero(pyramid.back().weights) > 0 ? cv::Scalar(pyramid.back().values.at<cv::Vec3f>(0)) : fallback);
    for (auto level = pyramid.rbegin(); level != pyramid.rend(); ++level) {
        cv::Mat underneath;
        cv::resize(result, underneath, level->values.size(), 0, 0, cv::INTER_LINEAR);
        result = completed(*level, underneath);
    }
    return result;
}

} // namespace sfumato::imaging
