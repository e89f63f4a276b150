// Edges and lines as control pictures: the recipes of preprocessControl that find them.
// Thread: any, pure. Private to this module. `rgb` is CV_8UC3; results are CV_8UC1, 255 = line. OpenCV's exceptions pass through.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace sfumato::imaging {

[[nodiscard]] cv::Mat cannyEdges(const cv::Mat& rgb, double low, double high);

// The mean over σ, 2σ and 4σ of the scale-normalised gradient (Lindeberg 1998: σ |∇G_σ|), strongest channel. A step of 255 / gain gives white; flat parts are 0.
[[nodiscard]] cv::Mat softEdges(const cv::Mat& rgb, double sigmaPx, double gain);

// How much darker than its surroundings (Gaussian σ) a pixel is in its most telling channel, over the median of what is above `threshold` (at least 16), × 127.
[[nodiscard]] cv::Mat lineArt(const cv::Mat& rgb, double sigmaPx, double threshold);

// White where twice the difference of Gaussians (σ 5 − σ 0.5, least channel) is above `threshold`.
// Differs: the well-known script doubles in 8 bits, so that differences from 128 on wrap round and the strongest lines have holes; here they are white.
[[nodiscard]] cv::Mat scribbleLines(const cv::Mat& rgb, double threshold);

// White where the darkest channel is below, or above, `level`.
[[nodiscard]] cv::Mat darkerThan(const cv::Mat& rgb, double level);
[[nodiscard]] cv::Mat lighterThan(const cv::Mat& rgb, double level);

} // namespace sfumato::imaging
