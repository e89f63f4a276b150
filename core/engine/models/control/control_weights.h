// The weights of a ControlNet that is told relative to the model it controls.
// Thread: any, pure; nothing is read here.
// Source: lllyasviel/ControlNet (difference files); Stability AI Control-LoRA, Comfy-Org/ComfyUI comfy/controlnet.py.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/nn/weights.h"

#include <vector>

namespace sfumato::engine {

// Difference file: the tensors that the UNet has too are added to the UNet's.
[[nodiscard]] std::vector<WeightSource> weightsWithDifference(const std::vector<MappedTensor>& difference, const std::vector<MappedTensor>& unet);

// Control-LoRA: the encoder half of the UNet, with up·down of the file added where it has them, its whole tensors in their place, and what the UNet lacks beside it.
[[nodiscard]] std::vector<WeightSource> weightsWithControlLora(const std::vector<MappedTensor>& lora, const std::vector<MappedTensor>& unet);

} // namespace sfumato::engine
