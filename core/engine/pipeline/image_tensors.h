// Conversions between pixel values and the tensors the networks read.
// Thread: any, pure. Layout: [batch, channels, height, width], float32 on the CPU.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"

#include <ATen/core/Tensor.h>

namespace sfumato::engine {

// Rgb8 → [1, 3, H, W] in −1..1: value / 255 × 2 − 1 (diffusers VaeImageProcessor.preprocess).
[[nodiscard]] at::Tensor toPixelTensor(const ImageBuffer& image);

// Rgb8 → [1, 3, H, W] in 0..1.
[[nodiscard]] at::Tensor toUnitTensor(const ImageBuffer& image);

enum class Rounding { Nearest, // halves to even, as numpy rounds in the reference
    Down };                    // what A1111 and ComfyUI do

// [1, 3, H, W] in −1..1 → Rgb8: clamped to 0..1 and rounded to one of 255.
[[nodiscard]] ImageBuffer toRgb8(const at::Tensor& pixels, Rounding rounding = Rounding::Nearest);

// Gray8 → [1, 1, H, W] in 0..1.
[[nodiscard]] at::Tensor toMaskTensor(const ImageBuffer& mask);

} // namespace sfumato::engine
