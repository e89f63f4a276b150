// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/transformer_2d.h"

#include "core/engine/nn/attention.h"
#include "core/engine/nn/cancellation.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"

namespace sfumato::engine {

namespace {

constexpr double kTransformerNormEpsilon = 1e-6;
constexpr std::int64_t kFeedForwardFactor = 4;

// proj_in and proj_out: [C, C], or the same matrix as a 1×1 convolution [C, C, 1, 1].
Linear loadProjection(const Weights& weights, const TransformerShape& shape)
{
    const std::int64_t channels = shape.channels;
    return shape.convolutionalProjection ? loadPointwiseLinear(weights, channels, channels) : loadLinear(weights, channels, channels);
}

GegluFeedForward loadFeedForward(const Weights& weights, std::int64_t channels)
{
    const std::int64_t hidden = kFeedForwardFactor * channels;
    GegluFeedForward feedForward;
    std::vector<Linear> halves = loadSplitLinear(weights.scoped("net.0.proj"), channels, hidden, 2);
    feedForward.value = std::move(halves[0]);
    feedForward.gate = std::move(halves[1]);
    feedForward.out = loadLinear(weights.scoped("net.2"), hidden, channels);
    return feedForward;
}

at::Tensor selfAttention(const SelfAttention& layer, const at::Tensor& tokens, const at::Tensor& residual, std::int64_t perturbedRows)
{
    const std::vector<at::Tensor> qkv = forward(layer.queryKeyValue, tokens).chunk(3, -1); // each [b, n, c]
    if (perturbedRows == 0) return forwardAdd(layer.out, attention(qkv[0], qkv[1], qkv[2], layer.heads), residual);
    const std::int64_t plain = tokens.size(0) - perturbedRows;
    at::Tensor mixed = qkv[2].narrow(0, plain, perturbedRows);
    if (plain > 0) mixed = at::cat({ attention(qkv[0].narrow(0, 0, plain), qkv[1].narrow(0, 0, plain), qkv[2].narrow(0, 0, plain), layer.heads), mixed });
    return forwardAdd(layer.out, mixed.contiguous(), residual);
}

at::Tensor crossAttention(const CrossAttention& layer, const at::Tensor& tokens, const at::Tensor& context, std::span<const PictureAttention> pictures, const at::Tensor& residual)
{
    const at::Tensor query = forward(layer.query, tokens);                                  // [b, n, c]
    const std::vector<at::Tensor> keyValue = forward(layer.keyValue, context).chunk(2, -1); // each [b, 77, c]
    at::Tensor mixed = attention(query, keyValue[0], keyValue[1], layer.heads);
    for (const PictureAttention& picture : pictures) {
        const PictureKeyValue& seen = (*picture.layers)[layer.number]; // each [b, tokens, c]
        mixed.add_(attention(query, seen.key, seen.value, layer.heads), picture.weight);
    }
    return forwardAdd(layer.out, mixed, residual);
}

} // namespace

TransformerBlock loadTransformerBlock(const Weights& weights, const TransformerShape& shape)
{
    const std::int64_t channels = shape.channels;
    TransformerBlock block;
    block.norm1 = loadLayerNorm(weights.scoped("norm1"), channels);
    block.attention1.heads = shape.heads;
    block.attention1.queryKeyValue = loadFusedLinear(weights.scoped("attn1"), { "to_q", "to_k", "to_v" }, channels, channels, Bias::No);
    block.attention1.out = loadLinear(weights.scoped("attn1.to_out.0"), channels, channels);
    block.norm2 = loadLayerNorm(weights.scoped("norm2"), channels);
    block.attention2.heads = shape.heads;
    block.attention2.query = loadLinear(weights.scoped("attn2.to_q"), channels, channels, Bias::No);
    block.attention2.keyValue = loadFusedLinear(weights.scoped("attn2"), { "to_k", "to_v" }, shape.contextWidth, channels, Bias::No);
    block.attention2.out = loadLinear(weights.scoped("attn2.to_out.0"), channels, channels);
    block.norm3 = loadLayerNorm(weights.scoped("norm3"), channels);
    block.feedForward = loadFeedForward(weights.scoped("ff"), channels);
    return block;
}

Transformer2d loadTransformer2d(const Weights& weights, const TransformerShape& shape)
{
    Transformer2d transformer;
    transformer.norm = loadGroupNorm(weights.scoped("norm"), shape.channels, kTransformerNormEpsilon);
    transformer.projectionIn = loadProjection(weights.scoped("proj_in"), shape);
    for (std::int64_t i = 0; i < shape.depth; ++i)
        transformer.blocks.push_back(loadTransformerBlock(weights.scoped("transformer_blocks", static_cast<std::size_t>(i)), shape));
    transformer.projectionOut = loadProjection(weights.scoped("proj_out"), shape);
    return transformer;
}

at::Tensor forward(const GegluFeedForward& feedForward, const at::Tensor& tokens, const at::Tensor& residual)
{
    const at::Tensor gate = forward(feedForward.gate, tokens, Activation::Gelu);                    // [b, n, 4c]
    return forwardAdd(feedForward.out, forwardMultiply(feedForward.value, tokens, gate), residual); // [b, n, c]
}

at::Tensor forward(const TransformerBlock& block, const at::Tensor& tokens, const at::Tensor& context, const AttentionOptions& options)
{
    at::Tensor hidden = selfAttention(block.attention1, forward(block.norm1, tokens), tokens, options.perturbedRows);
    hidden = crossAttention(block.attention2, forward(block.norm2, hidden), context, options.pictures, hidden);
    return forward(block.feedForward, forward(block.norm3, hidden), hidden);
}

at::Tensor forward(const Transformer2d& transformer, const at::Tensor& x, const at::Tensor& context, const std::stop_token& stop, const AttentionOptions& options)
{
    at::Tensor tokens = forward(transformer.projectionIn, toTokens(forward(transformer.norm, x))); // [b, h·w, c]
    for (const TransformerBlock& block : transformer.blocks) {
        throwIfStopped(stop);
        tokens = forward(block, tokens, context, options);
    }
    return toFeatureMap(forwardAdd(transformer.projectionOut, tokens, toTokens(x)), x.size(2), x.size(3));
}

} // namespace sfumato::engine
