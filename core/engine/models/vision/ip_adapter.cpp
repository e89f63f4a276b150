// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/vision/ip_adapter.h"

#include "core/engine/nn/attention.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"

#include <algorithm>
#include <string>

namespace sfumato::engine {

namespace {

constexpr std::int64_t kResamplerHeadWidth = 64;

PlainProjection loadPlain(const Weights& weights, std::int64_t contextWidth)
{
    PlainProjection plain;
    const std::int64_t rows = weights.sizeOf("proj.weight", 0);
    plain.tokens = std::max<std::int64_t>(1, rows / contextWidth);
    plain.projection = loadLinear(weights.scoped("proj"), weights.sizeOf("proj.weight", 1), plain.tokens * contextWidth);
    plain.norm = loadLayerNorm(weights.scoped("norm"), contextWidth);
    return plain;
}

Resampler::Layer loadResamplerLayer(const Weights& weights, std::int64_t width)
{
    const Weights attention = weights.scoped("0"), feedForward = weights.scoped("1");
    const std::int64_t inner = attention.sizeOf("to_q.weight", 0), hidden = feedForward.sizeOf("1.weight", 0);
    Resampler::Layer layer;
    layer.imageNorm = loadLayerNorm(attention.scoped("norm1"), width);
    layer.queryNorm = loadLayerNorm(attention.scoped("norm2"), width);
    layer.query = loadLinear(attention.scoped("to_q"), width, inner, Bias::No);
    layer.keyValue = loadLinear(attention.scoped("to_kv"), width, 2 * inner, Bias::No);
    layer.out = loadLinear(attention.scoped("to_out"), inner, width, Bias::No);
    layer.feedForwardNorm = loadLayerNorm(feedForward.scoped("0"), width);
    layer.feedForward1 = loadLinear(feedForward.scoped("1"), width, hidden, Bias::No);
    layer.feedForward2 = loadLinear(feedForward.scoped("3"), hidden, width, Bias::No);
    layer.heads = std::max<std::int64_t>(1, inner / kResamplerHeadWidth);
    return layer;
}

Resampler loadResampler(const Weights& weights, std::int64_t contextWidth)
{
    Resampler resampler;
    const std::int64_t width = weights.sizeOf("latents", 2);
    resampler.queries = weights.take("latents", { 1, weights.sizeOf("latents", 1), width });
    resampler.projectionIn = loadLinear(weights.scoped("proj_in"), weights.sizeOf("proj_in.weight", 1), width);
    for (std::int64_t i = 0; i < weights.count("layers"); ++i) resampler.layers.push_back(loadResamplerLayer(weights.scoped("layers", static_cast<std::size_t>(i)), width));
    resampler.projectionOut = loadLinear(weights.scoped("proj_out"), width, contextWidth);
    resampler.norm = loadLayerNorm(weights.scoped("norm_out"), contextWidth);
    return resampler;
}

FullProjection loadFull(const Weights& weights, std::int64_t contextWidth)
{
    const std::int64_t width = weights.sizeOf("proj.0.weight", 1), inner = weights.sizeOf("proj.0.weight", 0);
    return { loadLinear(weights.scoped("proj.0"), width, inner), loadLinear(weights.scoped("proj.2"), inner, contextWidth), loadLayerNorm(weights.scoped("proj.3"), contextWidth) };
}

at::Tensor tokensOf(const PlainProjection& plain, const at::Tensor& features)
{
    return forward(plain.norm, forward(plain.projection, features).unflatten(-1, { plain.tokens, -1 })); // [b, tokens, context]
}

at::Tensor forward(const Resampler::Layer& layer, const at::Tensor& image, const at::Tensor& queries)
{
    const at::Tensor seen = forward(layer.queryNorm, queries);                                                        // [b, q, w]
    const at::Tensor both = at::cat({ forward(layer.imageNorm, image), seen }, 1);                                    // [b, n + q, w]
    const std::vector<at::Tensor> keyValue = forward(layer.keyValue, both).chunk(2, -1);                              // each [b, n + q, inner]
    const at::Tensor mixed = attention(forward(layer.query, seen), keyValue[0], keyValue[1], layer.heads);            // [b, q, inner]
    const at::Tensor attended = forwardAdd(layer.out, mixed, queries);                                                // [b, q, w]
    const at::Tensor inner = forward(layer.feedForward1, forward(layer.feedForwardNorm, attended), Activation::Gelu); // [b, q, 4w]
    return forwardAdd(layer.feedForward2, inner, attended);
}

at::Tensor tokensOf(const Resampler& resampler, const at::Tensor& features)
{
    const at::Tensor image = forward(resampler.projectionIn, features); // [b, n, w]
    at::Tensor queries = resampler.queries.expand({ features.size(0), -1, -1 }).contiguous();
    for (const Resampler::Layer& layer : resampler.layers) queries = forward(layer, image, queries);
    return forward(resampler.norm, forward(resampler.projectionOut, queries));
}

at::Tensor tokensOf(const FullProjection& full, const at::Tensor& features)
{
    return forward(full.norm, forward(full.projection2, forward(full.projection1, features, Activation::Gelu)));
}

std::variant<PlainProjection, Resampler, FullProjection> loadProjection(const Weights& weights, std::int64_t contextWidth)
{
    if (weights.has("latents")) return loadResampler(weights, contextWidth);
    if (weights.has("proj.0.weight")) return loadFull(weights, contextWidth);
    return loadPlain(weights, contextWidth);
}

} // namespace

IpAdapter::IpAdapter(const Weights& weights, std::int64_t contextWidth)
    : m_dtype(weights.dtype()), m_device(weights.device()), m_projection(loadProjection(weights.scoped("image_proj"), contextWidth))
{
    for (std::size_t i = 0; i < static_cast<std::size_t>(weights.count("layers")); ++i) {
        const Weights layer = weights.scoped("layers", i);
        const std::int64_t width = layer.sizeOf("key.weight", 0);
        m_layers.push_back({ loadLinear(layer.scoped("key"), contextWidth, width, Bias::No), loadLinear(layer.scoped("value"), contextWidth, width, Bias::No) });
    }
}

at::Tensor IpAdapter::tokens(const at::Tensor& features) const
{
    const at::Tensor input = features.to(m_device, m_dtype);
    return std::visit([&input](const auto& projection) { return tokensOf(projection, input); }, m_projection);
}

std::vector<PictureKeyValue> IpAdapter::keysAndValues(const at::Tensor& tokens) const
{
    std::vector<PictureKeyValue> all;
    for (const Layer& layer : m_layers) all.push_back({ engine::forward(layer.key, tokens), engine::forward(layer.value, tokens) });
    return all;
}

std::vector<std::int64_t> IpAdapter::layerWidths() const
{
    std::vector<std::int64_t> widths;
    for (const Layer& layer : m_layers) widths.push_back(layer.key.outputWidth);
    return widths;
}

} // namespace sfumato::engine
