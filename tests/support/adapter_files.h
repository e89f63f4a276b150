// LoRA files made by rule, and a look at what a network's weights are at a moment.
// Thread: engine.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/io/model_files.h"
#include "core/engine/io/safetensors_file.h"
#include "core/engine/pipeline/lora_stack.h"

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace sfumato::test {

// Writes a file of the tensors that `lines` describe: "name|side,side|rule|gain", rule "weight" (synthetic weight of "set/name" times gain), "one" (1 plus a uniform
// number in ±gain/2) or "constant" (gain everywhere). In the file `prefix` stands before the names; `more` lines follow without it. Throws EngineException when it cannot be written.
void writeAdapter(const std::filesystem::path& path, const std::string& set, const std::vector<std::string>& lines, const std::map<std::string, std::string>& metadata = {},
    engine::Dtype dtype = engine::Dtype::F32, const std::string& prefix = {}, const std::vector<std::string>& more = {});

[[nodiscard]] std::string weightKey(engine::Component component, const std::string& name);

// Copies of all adaptable weights as the network holds them, in its own type, taken apart again where the network fuses them; by weightKey.
[[nodiscard]] std::map<std::string, at::Tensor> networkWeights(const engine::LoraStack& stack);

} // namespace sfumato::test
