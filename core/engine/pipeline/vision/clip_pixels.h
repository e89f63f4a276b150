// What a CLIP image encoder reads of a picture: the middle square of it, small and normalised.
// Thread: any, pure. Source: transformers CLIPImageProcessor, whose resampling is Pillow's (Resample.c): equal to it bit for bit in the resized bytes.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"

#include <ATen/core/Tensor.h>

namespace sfumato::engine {

// The shorter side becomes `side` pixels, the longer int(side × long / short); bicubic (a = −0.5) over the whole area a pixel stands for, columns first, rounded to
// 8 bits after each direction. Then the middle square is cut out.
//   in   image Rgb8, any size of at least one pixel
//   out  Rgb8, side × side
//   cost two passes over the picture
[[nodiscard]] ImageBuffer clipSquare(const ImageBuffer& image, int side);

// Divided by 255 and normalised by CLIP's mean and deviation.
//   in   square Rgb8, side × side
//   out  [1, 3, side, side], float32 on the CPU
[[nodiscard]] at::Tensor normalisedClipPixels(const ImageBuffer& square);

// Both steps.
[[nodiscard]] at::Tensor toClipPixels(const ImageBuffer& image, int side);

} // namespace sfumato::engine
