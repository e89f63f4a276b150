// Layers whose weights stay in 16 bits while the product is computed in float32: for processors that have no instructions for the 16-bit type.
// Thread: engine. Cost: the float32 product, and one pass over the weight, of which no more than a block is held in float32 at a time.
//
// There the ordinary operators multiply bfloat16 and float16 number by number, about ten times as slowly as float32. Inputs and outputs keep their 16-bit type;
// an activation or a sum is computed before the one rounding at the end.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/nn/layers.h"

#include <ATen/core/Tensor.h>

namespace sfumato::engine {

// bfloat16 or float16 on a processor without instructions for it.
[[nodiscard]] bool mustWiden(const at::Tensor& tensor);

// x·Wᵀ + b, not rounded: [..., in] → [..., out] in float32.
[[nodiscard]] at::Tensor widenedLinear(const Linear& layer, const at::Tensor& x);
// In the type of `x`. `x` is channels-last.
[[nodiscard]] at::Tensor widenedConvolution(const Conv2d& layer, const at::Tensor& x);

} // namespace sfumato::engine
