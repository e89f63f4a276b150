// ContextArea: which part of the picture the model sees for a mask, and at which size it works on it.
// Thread: any, pure. Source: the context rule of the interaction design, 9.6.
//
// With mask bounds w × h, their diagonal d, the picture's longest side L, the strength s, and k = the model's native size / 1024:
//   feather  f = max(0.10 d s, 32 k s)        grow  g = 4 + f / 2
//   wide padding = max(L / 16, (w + h) / 4, g + f / 2 + 16 k)        near padding = max(0.06 d + g + f, 64 k px at work size)
// The smallest crop side is 512 k (256 k close up), never more than the picture; the crop is stretched outward to the nearest bucket's proportions, or, where the
// picture's border prevents that, cut to a free work size of about the native area. No crop is enlarged beyond 200 % (400 % close up).
// Differs: the pixel figures are scaled by k, since a small model's whole picture is k times SDXL's; with k = 1 they are the design's own.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/geometry.h"

#include <optional>

namespace sfumato::workflow {

enum class ContextReach {
    Wide,    // new content: much of the surroundings
    Near,    // refining what is there
    CloseUp, // near, small crops, enlarged up to 400 %: faces, hands, text
};

struct ContextQuery {
    Extent picture;
    Bounds mask;           // painted bounds, inside the picture, not empty (asserted)
    double strength = 1.0; // (0, 1]
    Extent nativeSize{ 1024, 1024 };
    ContextReach reach = ContextReach::Wide;
    std::optional<int> grow; // px of the picture, instead of the rule
    std::optional<int> feather;
    std::optional<int> padding;
};

struct ContextArea {
    Bounds crop;     // inside the picture, holds the mask
    Extent workSize; // what the model works at: multiples of 8
    int grow = 0;    // px of the picture
    int feather = 0;
    int padding = 0;        // as the rule gives it, before borders, smallest sides and proportions
    bool usesBucket = true; // false: a free size, because of the border or the zoom limit

    // Work pixels per picture pixel: 1.4 = enlarged to 140 %.
    [[nodiscard]] double scale() const noexcept { return crop.isEmpty() ? 1.0 : static_cast<double>(workSize.width) / crop.width; }
    friend bool operator==(const ContextArea&, const ContextArea&) = default;
};

[[nodiscard]] ContextArea contextArea(const ContextQuery& query);

// Which reach an edit asks for: close up for masks under 2 % of the picture refined at a strength below 0.7, near below 0.7, else wide.
[[nodiscard]] ContextReach automaticReach(Extent picture, Bounds mask, double strength) noexcept;

// The frame to show after a stroke: `present` as long as it holds the mask and still fits it; it grows at once and shrinks only when the mask's area fell by more than 15 %.
struct ContextFrame {
    ContextArea area;
    Bounds mask; // the bounds the area was made for
};
[[nodiscard]] ContextFrame steadyFrame(const std::optional<ContextFrame>& present, const ContextQuery& query);

} // namespace sfumato::workflow
