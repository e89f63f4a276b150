// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/clip_transformer.h"

#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"

#include <string>

namespace sfumato::engine {

namespace {

constexpr double kQuickGeluSlope = 1.702;

ClipLayer loadClipLayer(const Weights& weights, const ClipLayerShape& shape)
{
    ClipLayer layer;
    layer.norm1 = loadLayerNorm(weights.scoped("layer_norm1"), shape.width);
    layer.queryKeyValue = loadFusedLinear(weights.scoped("self_attn"), { "q_proj", "k_proj", "v_proj" }, shape.width, shape.width, Bias::Yes);
    layer.attentionOut = loadLinear(weights.scoped("self_attn.out_proj"), shape.width, shape.width);
    layer.norm2 = loadLayerNorm(weights.scoped("layer_norm2"), shape.width);
    layer.feedForward1 = loadLinear(weights.scoped("mlp.fc1"), shape.width, shape.feedForwardWidth);
    layer.feedForward2 = loadLinear(weights.scoped("mlp.fc2"), shape.feedForwardWidth, shape.width);
    return layer;
}

} // namespace

ClipActivation clipActivationFromName(std::string_view name)
{
    if (name == "quick_gelu")
        return ClipActivation::QuickGelu;
    if (name == "gelu")
        return ClipActivation::Gelu;
    throw EngineException(ErrorCode::UnsupportedModel,
        "The CLIP encoder's activation is \"" + std::string(name.substr(0, 40)) + "\", but only \"quick_gelu\" and \"gelu\" are known.", "hidden_act");
}

std::vector<ClipLayer> loadClipLayers(const Weights& weights, std::string_view layers, std::int64_t count, const ClipLayerShape& shape)
{
    std::vector<ClipLayer> loaded;
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
        loaded.push_back(loadClipLayer(weights.scoped(layers, i), shape));
    return loaded;
}

at::Tensor forward(const ClipLayer& layer, const at::Tensor& hidden, const ClipLayerShape& shape, AttentionMask mask)
{
    const std::vector<at::Tensor> qkv = forward(layer.queryKeyValue, forward(layer.norm1, hidden)).chunk(3, -1); // each [b, n, width]
    const at::Tensor attended = forwardAdd(layer.attentionOut, attention(qkv[0], qkv[1], qkv[2], shape.heads, mask), hidden);
    at::Tensor inner;
    if (shape.activation == ClipActivation::Gelu) {
        inner = forward(layer.feedForward1, forward(layer.norm2, attended), Activation::Gelu);
    } else {
        inner = forward(layer.feedForward1, forward(layer.norm2, attended));
        inner = inner * at::sigmoid(inner * kQuickGeluSlope);
    }
    return forwardAdd(layer.feedForward2, inner, attended);
}

} // namespace sfumato::engine
