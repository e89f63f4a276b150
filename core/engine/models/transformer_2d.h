// Transformer2d: attention over the positions of a feature map and over the prompt.
// Thread: engine. Owner: the UNet. Source: diffusers Transformer2DModel, BasicTransformerBlock, FeedForward with GEGLU (Shazeer 2020).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/models/picture_attention.h"
#include "core/engine/nn/layers.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace sfumato::engine {

struct SelfAttention {
    Linear queryKeyValue; // channels → 3·channels, no bias
    Linear out;
    std::int64_t heads = 1;
};

struct CrossAttention {
    Linear query;    // no bias
    Linear keyValue; // contextWidth → 2·channels, no bias
    Linear out;
    std::int64_t heads = 1;
    std::size_t number = 0; // among the UNet's cross-attentions, see picture_attention.h
};

// value ⊙ gelu(gate), then back to the block's width.
struct GegluFeedForward {
    Linear value; // channels → 4·channels: the first half of ff.net.0.proj
    Linear gate;  // channels → 4·channels: the second half
    Linear out;   // 4·channels → channels
};

struct TransformerBlock {
    LayerNorm norm1;
    SelfAttention attention1;
    LayerNorm norm2;
    CrossAttention attention2;
    LayerNorm norm3;
    GegluFeedForward feedForward;
};

struct Transformer2d {
    std::string name; // as the reference names it: "mid_block.attentions.0"
    GroupNorm norm;
    Linear projectionIn; // a 1×1 convolution of SD 1.5 is this matrix too
    std::vector<TransformerBlock> blocks;
    Linear projectionOut;
};

struct TransformerShape {
    std::int64_t channels = 0;
    std::int64_t heads = 1;
    std::int64_t depth = 1;
    std::int64_t contextWidth = 2048;
    bool convolutionalProjection = false;
};

[[nodiscard]] Transformer2d loadTransformer2d(const Weights& weights, const TransformerShape& shape);
[[nodiscard]] TransformerBlock loadTransformerBlock(const Weights& weights, const TransformerShape& shape);

// What the attentions of one pass do beside the plain ones.
struct AttentionOptions {
    std::span<const PictureAttention> pictures{}; // what cross-attention reads beside the context
    std::int64_t perturbedRows = 0;               // so many of the batch, at its end, are made with the identity in place of self-attention: every position passes its own value on
};

//   in   x       [batch, channels, height, width]
//   in   context [batch, tokens, contextWidth]
//   out  [batch, channels, height, width]
[[nodiscard]] at::Tensor forward(const Transformer2d& transformer, const at::Tensor& x, const at::Tensor& context, const std::stop_token& stop, const AttentionOptions& options = {});

// Tokens in, tokens out: [batch, height·width, channels].
[[nodiscard]] at::Tensor forward(const TransformerBlock& block, const at::Tensor& tokens, const at::Tensor& context, const AttentionOptions& options = {});
[[nodiscard]] at::Tensor forward(const GegluFeedForward& feedForward, const at::Tensor& tokens, const at::Tensor& residual);

} // namespace sfumato::engine
