// Scaled dot-product attention over token tensors.
// Thread: engine, pure. Source: Vaswani et al. 2017, equation 1.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sfumato::engine {

enum class AttentionMask {
    None,
    Causal, // token i sees tokens 0..i
};

// softmax(q·kᵀ/√(width/heads))·v per head, heads side by side in the last dimension.
//   in   query      [batch, queryTokens, width]; may be a slice of a wider tensor, the last dimension must be dense
//   in   key, value [batch, keyTokens, width], likewise
//   out  [batch, queryTokens, width], contiguous
//   cost memory is linear in the tokens
[[nodiscard]] at::Tensor attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, std::int64_t heads,
    AttentionMask mask = AttentionMask::None);

} // namespace sfumato::engine
