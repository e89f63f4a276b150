// What a LoRA would change in a model, from names and shapes alone.
// Thread: any, pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/io/adapters/adapter_file.h"
#include "core/engine/io/adapters/adapter_targets.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace sfumato::engine {

// The shape of a weight or bias by its diffusers or transformers name; null when the model has none of that name.
using WeightShapes = std::function<const std::vector<std::int64_t>*(Component, const std::string& name)>;

// The names of a layer's weight and bias.
[[nodiscard]] std::string weightNameOf(const AdapterTarget& target);
[[nodiscard]] std::string biasNameOf(const AdapterTarget& target);

// Why a layer cannot be applied to its target; empty when it can. A null target: the model has no such layer.
[[nodiscard]] std::string layerMisfit(const AdapterLayer& layer, const AdapterTarget* target, const WeightShapes& shapes);

struct AdapterMatch {
    int appliedLayers = 0;
    int totalLayers = 0;
    std::vector<std::string> unmatched; // names of the layers that cannot be applied
};

// Counts what would be applied. Layers are matched as LoraStack does before a run.
[[nodiscard]] AdapterMatch matchAdapter(const AdapterFile& adapter, const ModelFiles& model);

} // namespace sfumato::engine
