// One dab of a round brush, and how it comes onto a mask: the loops over pixels of BrushStroke.
// Thread: any, pure. Cost: 4 to 8 pixels at a time; only what lies within the dab's circle is visited.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"

namespace sfumato::imaging {

// Full to `inner` (pixels from the centre), then a smooth fall, t²(3 − 2t), to nothing at `outer`.
struct BrushDab {
    double x = 0.0;
    double y = 0.0;
    double inner = 0.0;
    double outer = 0.0; // > inner
    double peak = 0.0;  // 0..255

    [[nodiscard]] Bounds bounds() const noexcept;
};

// coverage ← max(coverage, dab). `coverage` is Gray8 and covers `area` of the canvas.
void accumulateDab(ImageSpan coverage, const Bounds& area, const BrushDab& dab) noexcept;

// target[i] ← before[i] + (255 − before[i]) × coverage[i] / 255, or, erasing, before[i] × (255 − coverage[i]) / 255; rounded. `before` may be null: all 0.
void paintRow(std::uint8_t* target, const std::uint8_t* before, const std::uint8_t* coverage, int count, bool erase) noexcept;

} // namespace sfumato::imaging
