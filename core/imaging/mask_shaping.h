// growMask, featherMask: masks before sampling.
// Thread: any, pure. Masks are Gray8 (asserted); the mask is taken to go on beyond the picture's border.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"
#include "core/base/result.h"

namespace sfumato::imaging {

// Moves the edge outwards by `px` (inwards when negative) in all directions: the greatest value within a disc of that radius.
// Grey masks are moved in at most 16 levels; a mask of one level stays of one level. Grown values are never smaller than before.
//   cost  one distance transform a level over the painted bounds
[[nodiscard]] Result<ImageBuffer> growMask(ImageView mask, int px);

// Gaussian blur with a standard deviation of half of `px`, so that about `px` pixels on either side of an edge are soft. 0 copies.
//   cost  O(1) per pixel whatever the radius: three box passes above 8 px of deviation
[[nodiscard]] Result<ImageBuffer> featherMask(ImageView mask, double px);

} // namespace sfumato::imaging
