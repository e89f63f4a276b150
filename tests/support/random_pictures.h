// Random pictures and masks for property tests: the same seed gives the same values everywhere.
// Thread: any, pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/imaging/mask.h"

#include <random>

namespace sfumato::testing {

// Any integer of [least, greatest], the same on every standard library.
[[nodiscard]] int randomInt(std::mt19937& random, int least, int greatest);

// Noise in every sample, transparent pixels with hidden colours included. Rgba8 or Rgba16.
[[nodiscard]] imaging::Raster randomPicture(std::mt19937& random, Extent extent, PixelFormat format);

// One to three rectangles and ellipses of any level, some cut by the border; never blank.
[[nodiscard]] imaging::Mask randomMask(std::mt19937& random, Extent extent);

} // namespace sfumato::testing
