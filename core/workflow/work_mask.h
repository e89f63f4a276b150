// The masks of an inpaint: what counts as paint, what the sampler may change, what is pasted.
// Thread: any, pure. Source: the edge rule of the interaction design, 9.6.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/imaging/mask.h"
#include "core/workflow/context_area.h"

#include <string>

namespace sfumato::workflow {

// The paint at the picture's size. A mask of 0 and 255 alone stays so when it is scaled; levels within 7 of either end count as that end, so that the noise of
// a JPEG mask paints nothing.
[[nodiscard]] Result<imaging::Mask> cleanPaint(const imaging::Mask& mask, Extent pictureSize);

struct SampledMask {
    ImageBuffer atCropSize; // Gray8: the paint, grown and feathered
    ImageBuffer atWorkSize; // the same for the request
};

// `paint` Gray8 of the crop. With feather the edge is soft and never weaker than the paint; without it hard paint stays hard. `wholeCells` raises every 8 × 8 cell that is
// touched at all to its greatest value, since the sampler changes cells, not pixels.
[[nodiscard]] Result<SampledMask> sampledMask(const ImageBuffer& paint, const ContextArea& area, bool wholeCells);

// How much of the result is pasted, Gray8 of the crop: 0 wherever nothing is painted. Hard: full from 25 % of paint on, right up to its edge; otherwise blendMask's Inside.
[[nodiscard]] Result<ImageBuffer> pasteMask(const imaging::Mask& paint, const Bounds& crop, bool isHard);

// A number as people write it: "0.95", "1".
[[nodiscard]] std::string shortNumber(double value);

} // namespace sfumato::workflow
