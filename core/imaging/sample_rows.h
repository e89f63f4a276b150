// Rows of samples as four 16-bit channels: the common form between pixel formats.
// Thread: any, pure. Private to this module.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"

namespace sfumato::imaging {

[[nodiscard]] constexpr std::uint16_t widened(std::uint8_t sample) noexcept { return static_cast<std::uint16_t>(sample * 257); }
[[nodiscard]] constexpr std::uint8_t narrowed(std::uint16_t sample) noexcept { return static_cast<std::uint8_t>((sample + 128) / 257); }

// Rec. 709 luma of encoded samples.
[[nodiscard]] constexpr std::uint16_t lumaOf(std::uint32_t red, std::uint32_t green, std::uint32_t blue) noexcept
{
    return static_cast<std::uint16_t>((red * 13933 + green * 46871 + blue * 4732 + 32768) >> 16);
}

// Red, green, blue, alpha of row `y`, 16 bits each, into `samples` (4 × width).
void unpackRow(ImageView image, int y, std::uint16_t* samples);
// The reverse; alpha is dropped where the format has none.
void packRow(const std::uint16_t* samples, ImageSpan image, int y);

} // namespace sfumato::imaging
