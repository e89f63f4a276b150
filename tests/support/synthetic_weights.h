// Weights and inputs made from their names alone, so that no test has to store a network. tests/parity/synthetic.py is the same rule in Python.
//
// c = CRC-32(name); h = mix(index + c) with mix(x): x ^= x>>16, x *= 0x7feb352d, x ^= x>>15, x *= 0x846ca68b, x ^= x>>16 (all modulo 2^32);
// u = float32(h/2^32 − 0.5). Two and more dimensions: u·√(12/(product of all but the first)), embedding tables 0.05·u; vectors named …weight 1 + 0.2·u, other
// vectors 0.2·u; inputs u·√12.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/nn/weights.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato::test {

struct NamedShape {
    std::string name;
    std::vector<std::int64_t> shape;
};

// float32, contiguous.
[[nodiscard]] at::Tensor syntheticWeight(std::string_view name, at::IntArrayRef shape);
[[nodiscard]] at::Tensor syntheticInput(std::string_view name, at::IntArrayRef shape);

// For Weights: each tensor is made when it is taken.
[[nodiscard]] std::vector<engine::WeightSource> syntheticSources(const std::vector<NamedShape>& shapes);

// A whole model file, tensor by tensor as `dtype` (float32, float16 or bfloat16). Throws EngineException when it cannot be written.
void writeSyntheticModel(const std::filesystem::path& path, const std::vector<NamedShape>& shapes, at::ScalarType dtype);

} // namespace sfumato::test
