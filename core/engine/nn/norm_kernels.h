// Group normalisation, with SiLU if wanted, of bfloat16 feature maps on the CPU.
// Thread: engine. Source: Wu and He 2018, equations 1 to 4.
//
// Differs: libtorch's own bfloat16 kernel for channels-last maps runs at a few percent of memory speed and needs a second pass for SiLU; this one reads the
// map twice and writes it once. Statistics and arithmetic are float32, sums over blocks float64.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

namespace sfumato::engine {

// Whether `x` is a bfloat16 map [batch, channels, height, width] on the CPU with a multiple of kNormGroups channels.
[[nodiscard]] bool canNormalizeGroups(const at::Tensor& x);

// kNormGroups groups; `weight` and `bias` [channels], bfloat16. The result is channels-last.
[[nodiscard]] at::Tensor normalizeGroups(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, double epsilon, bool silu);

} // namespace sfumato::engine
