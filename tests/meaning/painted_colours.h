// PaintedColours: which colours came into a picture where it was painted.
// Thread: any, pure.
//
// Only pixels under the mask that really changed count: their colour family is another than before and they differ from before by more than 15 (CIE 1976), so neither grass
// that stays grass nor the sky around decides. Families go by HSV hue; pale and very dark pixels are neutral, dark orange is brown. The family with most pixels dominates,
// provided that at least a tenth of the painted area changed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"
#include "core/imaging/mask.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace sfumato::test {

enum class ColourFamily { None,
    Neutral,
    Red,
    Orange,
    Brown,
    Yellow,
    Green,
    Cyan,
    Blue,
    Purple,
    Pink };
inline constexpr std::size_t kColourFamilyCount = 11;

[[nodiscard]] std::string_view familyName(ColourFamily family) noexcept;

// in  8-bit sRGB samples
[[nodiscard]] ColourFamily colourFamily(std::uint8_t red, std::uint8_t green, std::uint8_t blue) noexcept;

struct PaintedColours {
    std::int64_t painted = 0;
    std::int64_t differing = 0;                            // by more than 15, of whatever family
    std::int64_t changed = 0;                              // differing and of another family than before
    std::array<std::int64_t, kColourFamilyCount> pixels{}; // the changed ones, by their new family

    [[nodiscard]] ColourFamily dominant() const noexcept; // None when too little changed
    [[nodiscard]] bool isPainted() const noexcept;        // at least a tenth differs
};

// in  before, after  Rgba8 of the mask's size
[[nodiscard]] PaintedColours paintedColours(const imaging::Raster& before, const imaging::Raster& after, const imaging::Mask& mask);

} // namespace sfumato::test
