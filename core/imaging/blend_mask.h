// blendMask: how much of a generated picture is pasted, pixel by pixel, from what the artist painted.
// Thread: any, pure. Source: the edge rule of the interaction design, part 9.6.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"
#include "core/base/result.h"

namespace sfumato::imaging {

enum class EdgeMode {
    Inside,  // fades inside the paint; nothing unpainted changes
    Centred, // fades across the edge, half of reachPx on either side
    Outward, // full on the paint, fades over reachPx outside it
};

struct BlendEdge {
    EdgeMode mode = EdgeMode::Inside;
    int reachPx = 8; // Centred, Outward: 1..256; Inside has its own width (below)
    friend bool operator==(const BlendEdge&, const BlendEdge&) = default;
};

inline constexpr int kInsideEdgePx = 12;            // the widest fade of Inside
inline constexpr std::uint8_t kFullPaintLevel = 64; // 25 %: paint from here on is pasted fully

// How far beyond the paint a pixel may change: 0 for Inside.
[[nodiscard]] int outsideReach(const BlendEdge& edge) noexcept;

// `paint` Gray8: the whole painted area with at least outsideReach pixels around it (or the picture's border, where the paint is taken to go on).
// Inside: zero wherever nothing was painted; full where the paint is at least 25 % and the pixel at least b inside the painted area, b = min(12 px, a quarter of the
// local thickness: the diameter of the largest disc in the paint that covers the pixel); smooth between. Centred and Outward: fade over the distance to the edge of the 25 % area.
//   out   Gray8, same size
//   cost  two distance transforms and a pass over the paint's skeleton
[[nodiscard]] Result<ImageBuffer> blendMask(ImageView paint, const BlendEdge& edge = {});

} // namespace sfumato::imaging
