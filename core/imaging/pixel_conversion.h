// Conversions between pixel formats.
// Thread: any, pure. 8-bit samples widen by × 257 and narrow by rounding, so 8 → 16 → 8 is exact.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"

namespace sfumato::imaging {

// Any format to any other. Added alpha is opaque; dropped alpha is forgotten (see flattened); colour to grey is Rec. 709 luma of the sRGB samples.
[[nodiscard]] ImageBuffer convertPixels(ImageView image, PixelFormat format);

// The image over an opaque colour (8-bit sRGB samples), as Rgb8. Blended in sRGB, as every editor does.
struct RgbColor {
    std::uint8_t red = 255;
    std::uint8_t green = 255;
    std::uint8_t blue = 255;
};
[[nodiscard]] ImageBuffer flattened(ImageView image, RgbColor background = {});

// The alpha samples as Gray8; 255 everywhere for formats without alpha.
[[nodiscard]] ImageBuffer alphaChannel(ImageView image);

// A part of an image; `region` lies inside it (asserted).
[[nodiscard]] ImageView cropped(ImageView image, const Bounds& region);
[[nodiscard]] ImageBuffer copied(ImageView image);

} // namespace sfumato::imaging
