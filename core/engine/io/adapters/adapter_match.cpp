// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/adapters/adapter_match.h"

#include <map>
#include <utility>

namespace sfumato::engine {

std::string weightNameOf(const AdapterTarget& target) { return target.parameter + ".weight"; }

std::string biasNameOf(const AdapterTarget& target) { return target.parameter + ".bias"; }

std::string layerMisfit(const AdapterLayer& layer, const AdapterTarget* target, const WeightShapes& shapes)
{
    if (!target) return "the model has no such layer";
    const bool changesBias = layer.has(AdapterRole::DiffBias);
    if (layer.kind != AdapterKind::None || !changesBias) {
        const auto* const weight = shapes(target->component, weightNameOf(*target));
        if (!weight) return "the model has no such layer";
        if (std::string misfit = adapterMisfit(layer, *weight); !misfit.empty()) return misfit;
    }
    if (!changesBias) return {};
    const auto* const bias = shapes(target->component, biasNameOf(*target));
    const bool fits = bias && !bias->empty() && layer.find(AdapterRole::DiffBias)->elementCount() == static_cast<std::uint64_t>(bias->front());
    return fits ? std::string() : "its bias does not fit";
}

AdapterMatch matchAdapter(const AdapterFile& adapter, const ModelFiles& model)
{
    std::map<std::pair<Component, std::string>, const std::vector<std::int64_t>*> byName;
    for (const Component component : kComponents)
        for (const MappedTensor& tensor : model.tensors(component)) byName.emplace(std::pair(component, tensor.name), &tensor.shape);
    const WeightShapes shapes = [&](Component component, const std::string& name) {
        const auto found = byName.find({ component, name });
        return found == byName.end() ? nullptr : found->second;
    };
    const AdapterTargets targets(model);
    AdapterMatch match;
    for (const AdapterLayer& layer : adapter.layers()) {
        ++match.totalLayers;
        if (layerMisfit(layer, targets.find(layer.name), shapes).empty()) ++match.appliedLayers;
        else
            match.unmatched.push_back(layer.name);
    }
    return match;
}

} // namespace sfumato::engine
