// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/clip_text_encoder.h"

#include "core/engine/nn/attention.h"
#include "core/engine/nn/cancellation.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"

#include <algorithm>

namespace sfumato::engine {

namespace {

constexpr std::int64_t kHeadWidth = 64;
constexpr std::int64_t kEndToken = 49407;
constexpr double kQuickGeluSlope = 1.702;

ClipTextConfig detectConfig(const Weights& weights, TextActivation activation, std::int64_t heads)
{
    ClipTextConfig config;
    config.vocabulary = weights.sizeOf("text_model.embeddings.token_embedding.weight", 0);
    config.width = weights.sizeOf("text_model.embeddings.token_embedding.weight", 1);
    config.positions = weights.sizeOf("text_model.embeddings.position_embedding.weight", 0);
    config.layers = weights.count("text_model.encoder.layers");
    config.feedForwardWidth = weights.sizeOf("text_model.encoder.layers.0.mlp.fc1.weight", 0);
    config.projection = weights.sizeOf("text_projection.weight", 0);
    config.heads = heads > 0 ? heads : std::max<std::int64_t>(1, config.width / kHeadWidth);
    config.activation = activation;
    if (config.width == 0 || config.layers == 0 || config.width % config.heads != 0)
        throw EngineException(ErrorCode::UnsupportedModel,
            "The weights hold no usable text encoder: token embeddings of width " + std::to_string(config.width) + ", " + std::to_string(config.layers) + " layers, " + std::to_string(config.heads) + " heads.",
            "text_model");
    return config;
}

// The first end token of each row; argmax would find learned tokens with larger ids.
at::Tensor firstEndToken(const at::Tensor& ids)
{
    return at::argmax(at::eq(ids, kEndToken).to(at::kInt), 1); // [b]
}

} // namespace

TextActivation textActivationFromName(std::string_view name)
{
    if (name == "quick_gelu")
        return TextActivation::QuickGelu;
    if (name == "gelu")
        return TextActivation::Gelu;
    throw EngineException(ErrorCode::UnsupportedModel,
        "The text encoder's activation is \"" + std::string(name) + "\", but only \"quick_gelu\" and \"gelu\" are known.", "hidden_act");
}

ClipTextEncoder::ClipTextEncoder(const Weights& weights, TextActivation activation, std::int64_t heads)
    : m_config(detectConfig(weights, activation, heads))
{
    const Weights model = weights.scoped("text_model");
    m_tokenEmbedding = model.take("embeddings.token_embedding.weight", { m_config.vocabulary, m_config.width });
    m_positionEmbedding = model.take("embeddings.position_embedding.weight", { m_config.positions, m_config.width });
    for (std::size_t i = 0; i < static_cast<std::size_t>(m_config.layers); ++i)
        m_layers.push_back(loadLayer(model.scoped("encoder.layers", i), m_config));
    m_finalNorm = loadLayerNorm(model.scoped("final_layer_norm"), m_config.width);
    if (m_config.projection > 0)
        m_projection = loadLinear(weights.scoped("text_projection"), m_config.width, m_config.projection, Bias::No);
}

ClipTextEncoder::Layer ClipTextEncoder::loadLayer(const Weights& weights, const ClipTextConfig& config)
{
    Layer layer;
    layer.norm1 = loadLayerNorm(weights.scoped("layer_norm1"), config.width);
    layer.queryKeyValue = loadFusedLinear(weights.scoped("self_attn"), { "q_proj", "k_proj", "v_proj" }, config.width, config.width, Bias::Yes);
    layer.attentionOut = loadLinear(weights.scoped("self_attn.out_proj"), config.width, config.width);
    layer.norm2 = loadLayerNorm(weights.scoped("layer_norm2"), config.width);
    layer.feedForward1 = loadLinear(weights.scoped("mlp.fc1"), config.width, config.feedForwardWidth);
    layer.feedForward2 = loadLinear(weights.scoped("mlp.fc2"), config.feedForwardWidth, config.width);
    return layer;
}

at::Tensor ClipTextEncoder::forwardLayer(const Layer& layer, const at::Tensor& hidden) const
{
    using engine::forward;
    const std::vector<at::Tensor> qkv = forward(layer.queryKeyValue, forward(layer.norm1, hidden)).chunk(3, -1); // each [b, 77, width]
    const at::Tensor mixed = attention(qkv[0], qkv[1], qkv[2], m_config.heads, AttentionMask::Causal);
    const at::Tensor attended = forwardAdd(layer.attentionOut, mixed, hidden);
    at::Tensor inner;
    if (m_config.activation == TextActivation::Gelu) {
        inner = forward(layer.feedForward1, forward(layer.norm2, attended), Activation::Gelu);
    } else {
        inner = forward(layer.feedForward1, forward(layer.norm2, attended));
        inner = inner * at::sigmoid(inner * kQuickGeluSlope);
    }
    return forwardAdd(layer.feedForward2, inner, attended);
}

// Rows of the vocabulary, and of `learned` for the ids past it. [b, 77, width]
at::Tensor ClipTextEncoder::embed(const at::Tensor& ids, const at::Tensor& learned) const
{
    if (!learned.defined())
        return at::embedding(m_tokenEmbedding, ids);
    const at::Tensor isLearned = at::ge(ids, m_config.vocabulary);
    const at::Tensor known = at::embedding(m_tokenEmbedding, at::where(isLearned, 0, ids));
    const at::Tensor added = at::embedding(learned, at::where(isLearned, ids - m_config.vocabulary, 0));
    return at::where(isLearned.unsqueeze(-1), added, known);
}

ClipTextEncoder::Output ClipTextEncoder::forward(const at::Tensor& ids, int skipFromEnd, const std::stop_token& stop, const at::Tensor& learned) const
{
    using engine::forward;
    const at::Tensor tokens = ids.to(m_tokenEmbedding.device());
    at::Tensor hidden = embed(tokens, learned) + m_positionEmbedding.narrow(0, 0, tokens.size(1)); // [b, 77, width]
    const std::size_t chosen = m_layers.size() - std::min(static_cast<std::size_t>(skipFromEnd), m_layers.size() - 1);
    Output output;
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        if (i == chosen && !m_projection)
            break; // nothing else is needed
        throwIfStopped(stop);
        hidden = forwardLayer(m_layers[i], hidden);
        if (i + 1 == chosen)
            output.hidden = hidden;
    }
    if (m_projection) {
        const at::Tensor rows = firstEndToken(tokens);
        const at::Tensor batch = at::arange(tokens.size(0), rows.options());
        output.pooled = forward(*m_projection, finalNorm(hidden.index({ batch, rows })));
    }
    return output;
}

at::Tensor ClipTextEncoder::finalNorm(const at::Tensor& hidden) const
{
    return engine::forward(m_finalNorm, hidden);
}

} // namespace sfumato::engine
