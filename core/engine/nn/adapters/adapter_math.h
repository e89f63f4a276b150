// How LoRAs and their relatives change a weight.
// Thread: engine, pure. All tensors float32 on one device. Formulas: the papers named in adapter_file.h, as KohakuBlueleaf/LyCORIS 4.1 and huggingface/peft compute them.
//
// The common factor is alpha / rank, rank the rows of the second factor; without an alpha it is 1. `strength` multiplies the change; the kinds that turn or rescale
// weights read the weight as it is at that moment, so that their order matters.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/io/adapters/adapter_file.h"

#include <ATen/core/Tensor.h>

#include <map>
#include <optional>

namespace sfumato::engine {

// The parts of one layer, read.
struct AdapterTensors {
    AdapterKind kind = AdapterKind::None;
    std::map<AdapterRole, at::Tensor> parts; // without Alpha
    std::optional<double> alpha;
    std::optional<double> scale; // instead of alpha / rank
};

// out  the changed weight, of the weight's shape; `weight` itself may have been changed in place
// The layer must fit the weight (adapterMisfit).
//   LoRA  W + s·(α/r)·up·down                      LoHa  W + s·(α/r)·(w1a·w1b ⊙ w2a·w2b)
//   LoKr  W + s·(α/r)·(w1 ⊗ w2)                    GLoRA W + s·(α/r)·(W·a1·a2 + b1·b2)
//   IA3   W ⊙ (1 + s·w)                            OFT   W + s·(Rᵀ − I)·W, R = (I + Q)(I − Q)⁻¹ by blocks
//   BOFT  the product of butterfly stages, each s·R + (1 − s)·I
//   DoRA  on top of a kind that adds: m ⊙ V / ‖V‖ of the merged weight V; LyCORIS' magnitude at strength s: V ⊙ (1 + s·(m/‖V‖ − 1))
[[nodiscard]] at::Tensor adaptedWeight(at::Tensor weight, const AdapterTensors& adapter, double strength);

// s·(α/r)·left·right: what a LoRA without a core and without a magnitude adds to the rows of a weight.
struct LowRankProduct {
    at::Tensor left;  // [out, rank]
    at::Tensor right; // [rank, …]
    double amount = 1.0;
};
[[nodiscard]] LowRankProduct lowRankProduct(const AdapterTensors& adapter, double strength);

// bias + s·diff_b.
[[nodiscard]] at::Tensor adaptedBias(at::Tensor bias, const AdapterTensors& adapter, double strength);

} // namespace sfumato::engine
