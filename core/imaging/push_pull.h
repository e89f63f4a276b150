// pushPull: a smooth continuation of scattered values into the places where nothing is known.
// Thread: any, pure. Private to this module. Source: Gortler, Grzeszczuk, Szeliski, Cohen, The Lumigraph (1996), part 3.3.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace sfumato::imaging {

// `values` CV_32FC3 and `weights` CV_32FC1 (0..1: how well each value is known), same size. Where the weight is 1 the value stays, where it is 0 it is the average of the
// surroundings at the finest scale that has any. Where all weights are 0 the result is `fallback`. May throw cv::Exception.
[[nodiscard]] cv::Mat pushPull(const cv::Mat& values, const cv::Mat& weights, const cv::Scalar& fallback);

} // namespace sfumato::imaging
