// ResolutionPlan: the size a model works at for a given area of the picture.
// Thread: any, pure. Source: the interaction design 9.6; the buckets are those of the SDXL report, appendix "multi-aspect training".
//
// A model of native size n is as good on any of the SDXL buckets scaled by n / 1024. Work sizes are multiples of 8, 64..4096 a side.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/geometry.h"

#include <vector>

namespace sfumato::workflow {

inline constexpr int kSizeStep = 8;
inline constexpr int kSmallestWorkSide = 64;
inline constexpr int kLargestWorkSide = 4096;

// The model's native size as a factor of SDXL's: 1 for 1024 × 1024, 0.125 for 128 × 128.
[[nodiscard]] double nativeScale(Extent nativeSize) noexcept;

// The nearest multiple of 8 (halves up), within 64..4096 a side.
[[nodiscard]] int roundedSide(double side) noexcept;
[[nodiscard]] Extent roundedExtent(Extent extent) noexcept;

// Every bucket of a model, tallest first. Sides too small to work at are left out.
[[nodiscard]] std::vector<Extent> workBuckets(Extent nativeSize);

// The bucket whose proportions are nearest (by ratio).
[[nodiscard]] Extent nearestBucket(Extent proportions, Extent nativeSize);

// A size of about the native area with these proportions, both sides rounded on their own.
[[nodiscard]] Extent freeWorkSize(Extent proportions, Extent nativeSize) noexcept;

} // namespace sfumato::workflow
