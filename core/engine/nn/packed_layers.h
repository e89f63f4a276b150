// Linear and convolution layers on weights that oneDNN has laid out for the processor's bfloat16 matrix units.
// Thread: engine. Source: oneDNN blocked weight formats and post-operations, through libtorch's `mkldnn` operator library.
//
// A plain weight is laid out anew on every call of the ordinary operators, which at few tokens costs as much as the product itself. A packed weight is laid
// out once, takes the same memory, and lets an activation, a sum or a product be computed on the accumulator before it is rounded.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/nn/layers.h"

#include <ATen/core/Tensor.h>

namespace sfumato::engine {

// Whether weights of this type on this device are worth packing: bfloat16, CPU, with the instructions for it, in a libtorch that has the operators.
[[nodiscard]] bool canPack(at::ScalarType dtype, at::Device device);
[[nodiscard]] bool isPacked(const at::Tensor& weight);

// [out, in] and [out, in, kernel, kernel] to packed.
[[nodiscard]] at::Tensor packLinearWeight(const at::Tensor& weight);
[[nodiscard]] at::Tensor packConvolutionWeight(const at::Tensor& weight, const Conv2d& layer);
// Back to a plain contiguous tensor.
[[nodiscard]] at::Tensor unpackWeight(const at::Tensor& packed);

enum class Combine { Add,
    Multiply };

[[nodiscard]] at::Tensor packedLinear(const Linear& layer, const at::Tensor& x, Activation activation);
[[nodiscard]] at::Tensor packedLinear(const Linear& layer, const at::Tensor& x, const at::Tensor& other, Combine combine);
[[nodiscard]] at::Tensor packedConvolution(const Conv2d& layer, const at::Tensor& x);

} // namespace sfumato::engine
