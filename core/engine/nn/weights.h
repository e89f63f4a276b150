// Weights: the named tensors of one network, read one by one as the network binds them, with a complete report of what did not fit.
// Thread: engine. Owner: the loader of a model; views made by scoped() share the root's state and may outlive it.
//
// Nothing is read when a Weights is made. take() reads one tensor, converts it to the wanted type and device, and gives the only reference to it away, so
// that the memory in use while loading is the finished part of the network plus one tensor in the file's own type.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/nn/adaptable_weights.h"
#include "core/engine/nn/weight_reader.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato::engine {

struct MappedTensor;

// A tensor somewhere else (file, generator): name and shape are known.
struct WeightSource {
    std::string name;
    std::vector<std::int64_t> shape;
    std::uint64_t byteCount = 0; // for progress
    WeightReader read;
};

// A tensor of a model file.
[[nodiscard]] WeightSource weightSource(const MappedTensor& tensor);

struct LoadOptions {
    at::ScalarType dtype = at::kFloat; // float32, bfloat16 or float16
    at::Device device = at::kCPU;
    std::function<void(std::uint64_t bytesRead)> progress = {}; // after each tensor, bytes of this component read so far
    std::stop_token stop = {};
    bool isAdaptable = false; // remember how every tensor was made, for adaptable()
};

struct WeightPart {
    std::string name;
    std::vector<std::int64_t> shape;
};

class Weights {
public:
    // `fileName` is used in error messages only.
    Weights(std::vector<WeightSource> sources, std::string fileName, LoadOptions options);
    // The tensors of one component of a model file. Throws nothing; the files stay open as long as a view lives.
    Weights(const std::vector<MappedTensor>& tensors, std::string fileName, LoadOptions options);

    // A view of the names that begin with `prefix` and a dot.
    [[nodiscard]] Weights scoped(std::string_view prefix) const;
    [[nodiscard]] Weights scoped(std::string_view prefix, std::size_t index) const;

    [[nodiscard]] bool has(std::string_view name) const;
    // Whether any name begins with `prefix` and a dot.
    [[nodiscard]] bool hasScope(std::string_view prefix) const;
    // How many of `prefix`.0, `prefix`.1, … exist without a gap.
    [[nodiscard]] std::int64_t count(std::string_view prefix) const;
    // Empty when there is no such tensor.
    [[nodiscard]] std::vector<std::int64_t> shapeOf(std::string_view name) const;
    // One side of a tensor; 0 when the tensor or the side is missing.
    [[nodiscard]] std::int64_t sizeOf(std::string_view name, std::size_t dimension) const;

    // Reads one tensor: contiguous, of the options' type and device, owned by the caller alone.
    // A missing or misshapen tensor is recorded for finish() and answered with an undefined tensor.
    // Throws CancelledException before reading when a stop was requested; EngineException(FileUnreadable) when reading fails.
    [[nodiscard]] at::Tensor take(std::string_view name, at::IntArrayRef shape) const;

    // Takes several weights and makes `count` tensors of them, which the network computes with; all undefined when a part is missing or misshapen.
    // `assemble` may be called again with other numbers as long as the network lives.
    [[nodiscard]] std::vector<at::Tensor> bind(const std::vector<WeightPart>& parts, std::size_t count, AssembleWeights assemble) const;

    // The way back to the file, for networks that adapters may change; to be called after finish(), once, with isAdaptable set.
    [[nodiscard]] std::unique_ptr<AdaptableWeights> adaptable() const;

    // To be called once, on any view, when the network is bound: throws EngineException(WeightMissing or WeightShapeMismatch) that names every missing,
    // misshapen and unused tensor of the component and the file.
    void finish() const;

    [[nodiscard]] at::ScalarType dtype() const;
    [[nodiscard]] at::Device device() const;

private:
    struct State;
    Weights(std::shared_ptr<State> state, std::string prefix);

    std::shared_ptr<State> m_state;
    std::string m_prefix; // empty or ends with a dot
};

} // namespace sfumato::engine
