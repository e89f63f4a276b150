// InpaintMask: the painted area at latent resolution, and which part of it is free at each step.
// Thread: engine, value.
//
// A hard mask (0 and 255 alone) goes to latent size by nearest neighbour, as the reference does, and is the same at every step. Grey paint delays the start of its
// cell: at step i of n a cell is free once its value reaches 1 − i/n (differential diffusion, Levin and Fried 2023, arXiv:2306.00950, in discrete form).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"
#include "core/engine/api/compatibility.h"

#include <ATen/core/Tensor.h>

namespace sfumato::engine {

class InpaintMask {
public:
    // in  mask Gray8, sides multiples of 8
    InpaintMask(const ImageBuffer& mask, at::Device device);

    [[nodiscard]] bool isHard() const noexcept { return m_hard; }

    // [1, 1, h, w] of 0 and 1, float32: what step `step` (0-based) of `stepCount` may change.
    [[nodiscard]] at::Tensor freeAt(int step, int stepCount) const;

    // [1, 1, h, w] of 0 and 1, float32: everything at least half painted; the mask channel of nine-channel models.
    [[nodiscard]] at::Tensor binary() const;

    // [1, 1, h, w], float32, as another program than diffusers shrinks it: A1111 bicubic and rounded, ComfyUI bilinear between the middle pixels, 0..1.
    [[nodiscard]] at::Tensor asIn(Compatibility compatibility) const;

    // [1, 1, H, W] of 0 and 1, float32, pixel resolution: at least half painted.
    [[nodiscard]] const at::Tensor& binaryPixels() const noexcept { return m_pixels; }

private:
    bool m_hard = true;
    at::Tensor m_latent; // [1, 1, h, w], 0..1
    at::Tensor m_pixels;
    at::Tensor m_grey; // [1, 1, H, W], 0..1, as given
};

} // namespace sfumato::engine
