// HintEncoder: the small network that brings a ControlNet's picture to latent size.
// Thread: engine. Owner: ControlNet. Source: diffusers ControlNetConditioningEmbedding; lllyasviel/ControlNet input_hint_block.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/nn/layers.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace sfumato::engine {

struct HintEncoder {
    Conv2d convIn;
    std::vector<Conv2d> blocks; // in pairs: the same size, then half of it and wider
    Conv2d convOut;
};

// `weights` is the scope of controlnet_cond_embedding; widths are read from shapes.
[[nodiscard]] HintEncoder loadHintEncoder(const Weights& weights, std::int64_t modelChannels);

//   in   picture [1, 3, height, width], 0..1
//   out  [1, modelChannels, height/8, width/8]
[[nodiscard]] at::Tensor forward(const HintEncoder& encoder, const at::Tensor& picture);

} // namespace sfumato::engine
