// Gpt2Model: token ids to the likelihood of the next one.
// Thread: engine, in inference mode. Owner: PromptExpander. Source: Radford et al. 2019; transformers GPT2LMHeadModel, same weight names without "transformer.".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/nn/layers.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <stop_token>
#include <vector>

namespace sfumato::engine {

class Weights;
struct LanguageModelSettings;

struct Gpt2Config {
    std::int64_t width = 768;
    std::int64_t heads = 12;
    std::int64_t layers = 12;
    std::int64_t feedForwardWidth = 3072;
    std::int64_t positions = 1024;
    std::int64_t vocabulary = 50257;
    double normEpsilon = 1e-5;
    bool exactGelu = false; // "gelu"; otherwise its tanh form, "gelu_new"
};

// Keys and values of the tokens read so far, one pair a layer. Made empty; one text each.
struct Gpt2Cache {
    std::vector<at::Tensor> keys;   // [1, tokens, width]
    std::vector<at::Tensor> values; // likewise
    std::int64_t tokens = 0;
};

class Gpt2Model {
public:
    // Widths and depths are read from shapes. The caller calls weights.finish() afterwards.
    // Throws EngineException(UnsupportedModel) for unknown activations and head counts that do not divide the width.
    Gpt2Model(const Weights& weights, const LanguageModelSettings& settings);

    // Reads tokens: all of a text into an empty cache, afterwards one a call.
    //   in   ids    [1, tokens], int64; with the cache's at most `positions` tokens (asserted)
    //   out  hidden [1, tokens, width], after the final norm
    //   errors      CancelledException within one layer of a stop request
    [[nodiscard]] at::Tensor forward(const at::Tensor& ids, Gpt2Cache& cache, const std::stop_token& stop) const;

    // [..., width] → [..., vocabulary]: the logits of what follows each token.
    [[nodiscard]] at::Tensor logits(const at::Tensor& hidden) const;

    [[nodiscard]] const Gpt2Config& config() const noexcept { return m_config; }

private:
    struct Layer {
        LayerNorm norm1;
        Linear queryKeyValue; // width → 3·width
        Linear attentionOut;
        LayerNorm norm2;
        Linear feedForward1;
        Linear feedForward2;
    };
    [[nodiscard]] Layer loadLayer(const Weights& weights) const;
    [[nodiscard]] LayerNorm loadNorm(const Weights& weights) const;
    [[nodiscard]] at::Tensor forwardLayer(std::size_t index, const at::Tensor& hidden, Gpt2Cache& cache) const;

    Gpt2Config m_config;
    at::Tensor m_tokenEmbedding;    // [vocabulary, width]
    at::Tensor m_positionEmbedding; // [positions, width]
    std::vector<Layer> m_layers;
    LayerNorm m_finalNorm;
    at::Tensor m_output; // [vocabulary, width]; usually the token embedding
};

} // namespace sfumato::engine
