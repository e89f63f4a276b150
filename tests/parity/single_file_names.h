// What a published single file calls the tensors of a network, written down independently of the code that reads them.
// Thread: any, pure. Source: CompVis/stable-diffusion v1-inference.yaml, Stability-AI/generative-models sd_xl_refiner.yaml, OpenCLIP ViT-bigG-14.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/synthetic_weights.h"

#include <ATen/core/Tensor.h>

#include <string>
#include <utility>
#include <vector>

namespace sfumato::test {

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

// The synthetic weights of these shapes, made under their diffusers and transformers names and stored as such files have them.
// UNets have two residual blocks a level.
[[nodiscard]] NamedTensors ldmUnet(const std::vector<NamedShape>& shapes); // model.diffusion_model.…
// "down_blocks.1.resnets.0.conv1.weight" → "input_blocks.4.0.in_layers.2.weight"; the half that ControlNets have.
[[nodiscard]] std::string ldmUnetName(const std::string& name);
[[nodiscard]] NamedTensors ldmAutoencoder(const std::vector<NamedShape>& shapes, int levels); // first_stage_model.…
[[nodiscard]] NamedTensors ldmClip(const std::vector<NamedShape>& shapes);                    // cond_stage_model.transformer.…
[[nodiscard]] NamedTensors openClip(const std::vector<NamedShape>& shapes, const std::string& prefix);

} // namespace sfumato::test
