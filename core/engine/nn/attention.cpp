// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/attention.h"

#include "core/engine/nn/ops.h"
#include "core/engine/nn/widened_layers.h"

namespace sfumato::engine {

namespace {

// [batch, tokens, width] → [batch, heads, tokens, width/heads], a view.
at::Tensor splitHeads(const at::Tensor& x, std::int64_t heads)
{
    return x.unflatten(-1, { heads, x.size(-1) / heads }).transpose(1, 2);
}

} // namespace

at::Tensor attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, std::int64_t heads, AttentionMask mask)
{
    if (mustWiden(query))
        return attention(query.to(at::kFloat), key.to(at::kFloat), value.to(at::kFloat), heads, mask).to(query.scalar_type());
    const at::Tensor mixed = at::scaled_dot_product_attention(splitHeads(query, heads), splitHeads(key, heads), splitHeads(value, heads), {}, 0.0,
        mask == AttentionMask::Causal);
    return mixed.transpose(1, 2).flatten(2); // no copy where the kernel keeps heads innermost
}

} // namespace sfumato::engine
