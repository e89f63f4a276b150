// placeResult: puts a generated picture where it belongs, and proves that nothing else changed.
// Thread: any, pure: the same input gives the same bytes.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/generation_observer.h"
#include "core/workflow/prepare_generation.h"

namespace sfumato::workflow {

struct PlacedResult {
    imaging::Raster picture;             // the whole output, at the edited picture's depth
    Bounds changed;                      // what may differ from placement.base; the whole output without one
    std::int64_t outsideDifferences = 0; // pixels that differ though nothing was painted there: always 0, counted afresh each time
};

// `image` is what the engine made for the prepared request (Rgb8).
//   errors  InvalidRequest when it is empty; Internal when memory runs out
//   cost    resampling, colour match and blending of the crop; one comparison of the tiles it touches
[[nodiscard]] Result<PlacedResult> placeResult(const Placement& placement, const ImageBuffer& image);

// Lays a placed result over a picture of the same size and depth that may have changed since: painted pixels are taken from the result, all others stay.
[[nodiscard]] imaging::Raster laidOver(const imaging::Raster& picture, const Placement& placement, const PlacedResult& placed);

} // namespace sfumato::workflow
