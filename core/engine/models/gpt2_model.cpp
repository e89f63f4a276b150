// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/gpt2_model.h"

#include "core/engine/io/language_model_files.h"
#include "core/engine/nn/attention.h"
#include "core/engine/nn/cancellation.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace sfumato::engine {

namespace {

constexpr std::int64_t kGpt2HeadWidth = 64;

bool isExactGelu(std::string_view activation)
{
    constexpr std::array<std::string_view, 3> kTanhForms{ "gelu_new", "gelu_pytorch_tanh", "gelu_fast" };
    if (activation == "gelu") return true;
    if (std::ranges::find(kTanhForms, activation) != kTanhForms.end()) return false;
    throw EngineException(ErrorCode::UnsupportedModel,
        "The language model's activation is \"" + std::string(activation) + "\", but only \"gelu_new\", \"gelu_pytorch_tanh\", \"gelu_fast\" and \"gelu\" are known.", "activation_function");
}

Gpt2Config detectConfig(const Weights& weights, const LanguageModelSettings& settings)
{
    Gpt2Config config;
    config.vocabulary = weights.sizeOf("wte.weight", 0);
    config.width = weights.sizeOf("wte.weight", 1);
    config.positions = weights.sizeOf("wpe.weight", 0);
    config.layers = weights.count("h");
    config.feedForwardWidth = weights.sizeOf("h.0.mlp.c_fc.weight", 0);
    config.heads = settings.heads > 0 ? settings.heads : std::max<std::int64_t>(1, config.width / kGpt2HeadWidth);
    config.normEpsilon = settings.normEpsilon;
    config.exactGelu = isExactGelu(settings.activation);
    if (config.width == 0 || config.positions == 0 || config.layers == 0 || config.width % config.heads != 0)
        throw EngineException(ErrorCode::UnsupportedModel,
            "The weights hold no usable language model: token embeddings of width " + std::to_string(config.width) + ", " + std::to_string(config.positions) + " positions, "
                + std::to_string(config.layers) + " layers, " + std::to_string(config.heads) + " heads.",
            "wte.weight");
    return config;
}

// The cached rows with the new ones behind them.
at::Tensor appended(at::Tensor& cached, const at::Tensor& rows)
{
    cached = cached.defined() ? at::cat({ cached, rows }, 1) : rows.contiguous();
    return cached;
}

} // namespace

Gpt2Model::Gpt2Model(const Weights& weights, const LanguageModelSettings& settings) : m_config(detectConfig(weights, settings))
{
    m_tokenEmbedding = weights.take("wte.weight", { m_config.vocabulary, m_config.width });
    m_positionEmbedding = weights.take("wpe.weight", { m_config.positions, m_config.width });
    for (std::size_t i = 0; i < static_cast<std::size_t>(m_config.layers); ++i) m_layers.push_back(loadLayer(weights.scoped("h", i)));
    m_finalNorm = loadNorm(weights.scoped("ln_f"));
    m_output = weights.has("lm_head.weight") ? weights.take("lm_head.weight", { m_config.vocabulary, m_config.width }) : m_tokenEmbedding;
}

LayerNorm Gpt2Model::loadNorm(const Weights& weights) const
{
    LayerNorm norm = loadLayerNorm(weights, m_config.width);
    norm.epsilon = m_config.normEpsilon;
    return norm;
}

Gpt2Model::Layer Gpt2Model::loadLayer(const Weights& weights) const
{
    Layer layer;
    layer.norm1 = loadNorm(weights.scoped("ln_1"));
    layer.queryKeyValue = loadLinear(weights.scoped("attn.c_attn"), m_config.width, 3 * m_config.width);
    layer.attentionOut = loadLinear(weights.scoped("attn.c_proj"), m_config.width, m_config.width);
    layer.norm2 = loadNorm(weights.scoped("ln_2"));
    layer.feedForward1 = loadLinear(weights.scoped("mlp.c_fc"), m_config.width, m_config.feedForwardWidth);
    layer.feedForward2 = loadLinear(weights.scoped("mlp.c_proj"), m_config.feedForwardWidth, m_config.width);
    return layer;
}

at::Tensor Gpt2Model::forwardLayer(std::size_t index, const at::Tensor& hidden, Gpt2Cache& cache) const
{
    using engine::forward;
    const Layer& layer = m_layers[index];
    const std::vector<at::Tensor> qkv = forward(layer.queryKeyValue, forward(layer.norm1, hidden)).chunk(3, -1); // each [1, tokens, width]
    // One token may see everything before it, so that only a whole text needs the mask.
    const AttentionMask mask = cache.tokens == 0 ? AttentionMask::Causal : AttentionMask::None;
    const at::Tensor keys = appended(cache.keys[index], qkv[1]), values = appended(cache.values[index], qkv[2]);
    const at::Tensor attended = forwardAdd(layer.attentionOut, attention(qkv[0], keys, values, m_config.heads, mask), hidden);
    const at::Tensor inner = forward(layer.feedForward1, forward(layer.norm2, attended));
    return forwardAdd(layer.feedForward2, at::gelu(inner, m_config.exactGelu ? "none" : "tanh"), attended);
}

at::Tensor Gpt2Model::forward(const at::Tensor& ids, Gpt2Cache& cache, const std::stop_token& stop) const
{
    const std::int64_t tokens = ids.size(1);
    assert(cache.tokens == 0 || tokens == 1);
    assert(cache.tokens + tokens <= m_config.positions);
    cache.keys.resize(m_layers.size());
    cache.values.resize(m_layers.size());
    at::Tensor hidden = at::embedding(m_tokenEmbedding, ids) + m_positionEmbedding.narrow(0, cache.tokens, tokens);
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        throwIfStopped(stop);
        hidden = forwardLayer(i, hidden, cache);
    }
    cache.tokens += tokens;
    return engine::forward(m_finalNorm, hidden);
}

at::Tensor Gpt2Model::logits(const at::Tensor& hidden) const { return at::linear(hidden, m_output); }

} // namespace sfumato::engine
