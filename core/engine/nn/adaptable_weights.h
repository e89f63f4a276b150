// AdaptableWeights: the way back from a loaded network to its file, so that weights can be changed in place and restored bit for bit.
// Thread: engine. Owner: the loaded model; keeps the model's files open.
//
// Nothing is copied: a changed weight begins again from the file's own numbers each time, so that adding, re-weighting and removing adapters in any order leaves no
// trace of what was there before. Layers keep their own storage type and layout; the change itself is computed in float32 and rounded once.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/nn/weight_reader.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace sfumato::engine {

// Turns named tensors, of the network's type and on its device, into what the network computes with: fused, split, packed.
using AssembleWeights = std::function<std::vector<at::Tensor>(const std::vector<at::Tensor>& parts)>;

// Tensors of a network and the named weights that they were made of.
struct WeightSlot {
    std::vector<std::string> parts;
    AssembleWeights assemble;
    std::vector<at::Tensor> tensors; // the network's own: changed in place
};

// One named weight as the file has it.
struct WeightOrigin {
    std::vector<std::int64_t> shape;
    WeightReader read; // scaled 8-bit weights already multiplied out (float32)
};

// What happens to the weights of a network.
class WeightChange {
public:
    WeightChange() = default;
    WeightChange(const WeightChange&) = delete;
    WeightChange& operator=(const WeightChange&) = delete;
    virtual ~WeightChange() = default;

    [[nodiscard]] virtual bool touches(const std::string& name) const = 0;
    // in   original  float32, on the network's device, contiguous; may be changed in place
    // out  float32, of the same shape
    [[nodiscard]] virtual at::Tensor apply(const std::string& name, at::Tensor original) = 0;
    // The same by blocks of rows, for changes that treat each output row by itself; empty for others.
    [[nodiscard]] virtual RowChange rowChange(const std::string& /*name*/) { return {}; }
    // These weights are in the network now.
    virtual void onRemade(const std::vector<std::string>& names) = 0;
};

class AdaptableWeights {
public:
    AdaptableWeights(std::map<std::string, WeightOrigin> origins, std::vector<WeightSlot> slots, at::ScalarType dtype, at::Device device);

    // The shape of a named weight; null when the network has none of that name.
    [[nodiscard]] const std::vector<std::int64_t>* shapeOf(const std::string& name) const;

    // Makes every tensor that one of `names` is part of anew: weights that `change` does not touch are the file's own again.
    // Throws CancelledException between two layers, and what reading and `change` throw; layers reported through onRemade are done, all others as they were.
    //   cost  reading, a copy of the largest slot, and for changes that have no form by rows one float32 weight at a time
    void remake(const std::set<std::string>& names, WeightChange& change, const std::stop_token& stop);

    [[nodiscard]] const std::vector<WeightSlot>& slots() const noexcept { return m_slots; } // for tests

private:
    [[nodiscard]] at::Tensor part(const std::string& name, WeightChange& change, at::Tensor& scratch) const;

    std::map<std::string, WeightOrigin> m_origins;
    std::vector<WeightSlot> m_slots;
    std::map<std::string, std::size_t> m_slotOf;
    at::ScalarType m_dtype;
    at::Device m_device;
};

} // namespace sfumato::engine
