// resample: another size for an image.
// Thread: any, pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"
#include "core/base/result.h"

namespace sfumato::imaging {

enum class ResampleFilter {
    Automatic, // per axis: Lanczos (8 taps) to enlarge, area average to reduce
    Nearest,
    Bilinear,
    Bicubic,
    Area,
    Lanczos,
};

// The whole image stretched to `target` (not empty), in the image's format. The same size gives the same samples. With transparency the colours are weighted by alpha,
// so nothing bleeds out of transparent pixels; where the result is fully transparent it keeps the unweighted colour.
//   errors  InvalidRequest for an empty image or target; Internal when memory runs out
[[nodiscard]] Result<ImageBuffer> resample(ImageView image, Extent target, ResampleFilter filter = ResampleFilter::Automatic);

// The largest size with the proportions of `source` that fits into `frame`; at least 1 × 1.
[[nodiscard]] Extent fittedExtent(Extent source, Extent frame) noexcept;

} // namespace sfumato::imaging
