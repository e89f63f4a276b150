// flatSegments: a picture as regions of one colour each.
// Thread: any, pure. Private to this module. OpenCV's exceptions pass through.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace sfumato::imaging {

// Mean shift in CIE Lab (Comaniciu and Meer 2002; OpenCV's pyramid form) at 512 pixels on the longest side at most, neighbours of like colour joined, regions smaller than
// `smallestPart` of the picture (0..1) given to the neighbour most like them, each painted with the mean of its pixels.
//   in   rgb        CV_8UC3
//   in   tolerance  how far colours of one region may lie apart, 8-bit Lab units
//   out             CV_8UC3, the size of `rgb`
[[nodiscard]] cv::Mat flatSegments(const cv::Mat& rgb, double tolerance, double smallestPart);

} // namespace sfumato::imaging
