// FreeU: a model's own features are weighted anew where they meet in the up blocks: more of the backbone, less of the low frequencies that come over the skips.
// Thread: engine, pure. Source: Si et al. 2023 (FreeU: Free Lunch in Diffusion U-Net), section 3; diffusers apply_freeu (0.42) for version 1, ComfyUI FreeU_V2 for version 2.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/guidance_options.h"

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>

namespace sfumato::engine {

// Where two tensors are about to be joined.
struct FreeUPlace {
    std::size_t upBlock = 0;        // version 1 acts in blocks 0 and 1
    std::int64_t modelChannels = 0; // version 2 acts where `hidden` has 4 or 2 times as many
};

//   inout  hidden  [batch, channels, h, w], what comes from below; replaced, never written into
//   inout  skip    [batch, channels, h, w]
void applyFreeU(const FreeU& settings, const FreeUPlace& place, at::Tensor& hidden, at::Tensor& skip);

// x with its four lowest frequencies, 0 and −1 in both directions, multiplied by `scale`: the real part of the reference's filter with a threshold of 1, which takes
// those of one sign alone. Computed from the four coefficients themselves, in float32.
[[nodiscard]] at::Tensor scaledLowFrequencies(const at::Tensor& x, double scale);

} // namespace sfumato::engine
