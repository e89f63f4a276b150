// Meadow: an empty landscape, drawn by rule, and a place in its grass to paint on.
// Thread: any, pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/imaging/mask.h"
#include "core/imaging/raster.h"

namespace sfumato::test {

struct Meadow {
    imaging::Raster picture; // Rgba8, 384 × 384
    imaging::Mask mask;      // about a third of the picture wide, in the grass alone: a disc in even variants, a rectangle in odd ones
};

// The same variant is the same meadow, byte for byte: skies, horizons, hills, greens and places differ between variants.
[[nodiscard]] Meadow emptyMeadow(int variant);

} // namespace sfumato::test
