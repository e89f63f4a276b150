// matchColors: removes the slow colour drift between a generated crop and the picture around it.
// Thread: any, pure. Source: the colour match of the interaction design, part 9.6.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"
#include "core/base/result.h"

namespace sfumato::imaging {

struct ColorMatchLimits {
    double lightness = 8.0; // CIE L*, 0..100
    double chroma = 6.0;    // CIE a* and b*, each
    int ringInnerPx = 16;   // the ring outside the mask where both pictures are compared
    int ringOuterPx = 48;
};

// `generated` and `original` show the same crop (same size; Rgb8, Rgba8 or Rgba16), `mask` Gray8 is what may change. A smooth field of L*a*b* differences (D65) is fitted on
// the ring, where both pictures should agree, carried over the crop and added to `generated`, limited as given. With fewer than 64 comparable pixels nothing is corrected.
//   out     the format and size of `generated`; alpha untouched
//   errors  InvalidRequest when the sizes differ; Internal when memory runs out
[[nodiscard]] Result<ImageBuffer> matchColors(ImageView generated, ImageView original, ImageView mask, const ColorMatchLimits& limits = {});

} // namespace sfumato::imaging
