// compositeMasked and the check that it kept its promise.
// Thread: any, pure. A pixel whose blend is 0 is never written: not one bit of it, hidden colour under alpha 0 included.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/imaging/mask.h"

namespace sfumato::imaging {

// Pastes `patch` over `target` by `blend` (Gray8: 0 keeps the target, 255 gives the patch, between: blended in premultiplied sRGB). All three have the same size (asserted).
// target Rgba8 or Rgba16; patch Rgb8 (opaque), Rgba8 or Rgba16, converted to the target's depth.
void compositeMasked(ImageSpan target, ImageView patch, ImageView blend);
// The same on a raster at (x, y), cut at its extent. Tiles with no blend keep their identity.
void compositeMasked(Raster& target, int x, int y, ImageView patch, ImageView blend);

// Pixels that differ in any bit although the mask is 0 there. Same sizes and formats (asserted). A mask smaller than the picture is 0 beyond its extent.
[[nodiscard]] std::int64_t countDifferingOutside(ImageView mask, ImageView before, ImageView after);
[[nodiscard]] std::int64_t countDifferingOutside(const Mask& mask, const Raster& before, const Raster& after);

} // namespace sfumato::imaging
