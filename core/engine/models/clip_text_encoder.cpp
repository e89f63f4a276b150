// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/clip_text_encoder.h"

#include "core/engine/nn/cancellation.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"

#include <algorithm>
#include <string>

namespace sfumato::engine {

namespace {

constexpr std::int64_t kClipHeadWidth = 64;
constexpr std::int64_t kEndToken = 49407;

ClipTextConfig detectConfig(const Weights& weights, ClipActivation activation, std::int64_t heads)
{
    ClipTextConfig config;
    config.vocabulary = weights.sizeOf("text_model.embeddings.token_embedding.weight", 0);
    config.width = weights.sizeOf("text_model.embeddings.token_embedding.weight", 1);
    config.positions = weights.sizeOf("text_model.embeddings.position_embedding.weight", 0);
    config.layers = weights.count("text_model.encoder.layers");
    config.feedForwardWidth = weights.sizeOf("text_model.encoder.layers.0.mlp.fc1.weight", 0);
    config.projection = weights.sizeOf("text_projection.weight", 0);
    config.heads = heads > 0 ? heads : std::max<std::int64_t>(1, config.width / kClipHeadWidth);
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

ClipTextEncoder::ClipTextEncoder(const Weights& weights, ClipActivation activation, std::int64_t heads)
    : m_config(detectConfig(weights, activation, heads))
{
    const Weights model = weights.scoped("text_model");
    m_tokenEmbedding = model.take("embeddings.token_embedding.weight", { m_config.vocabulary, m_config.width });
    m_positionEmbedding = model.take("embeddings.position_embedding.weight", { m_config.positions, m_config.width });
    m_layers = loadClipLayers(model, "encoder.layers", m_config.layers, layerShape());
    m_finalNorm = loadLayerNorm(model.scoped("final_layer_norm"), m_config.width);
    if (m_config.projection > 0)
        m_projection = loadLinear(weights.scoped("text_projection"), m_config.width, m_config.projection, Bias::No);
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
        hidden = forward(m_layers[i], hidden, layerShape(), AttentionMask::Causal);
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
