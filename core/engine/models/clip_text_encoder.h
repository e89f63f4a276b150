// ClipTextEncoder: token ids to prompt embeddings, for CLIP-L and OpenCLIP bigG alike.
// Thread: engine. Owner: the loaded model. Source: Radford et al. 2021; transformers CLIPTextModel and CLIPTextModelWithProjection, same weight names.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/models/clip_transformer.h"
#include "core/engine/nn/layers.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

namespace sfumato::engine {

struct ClipTextConfig {
    std::int64_t width = 768;
    std::int64_t heads = 12; // width / 64
    std::int64_t layers = 12;
    std::int64_t feedForwardWidth = 3072;
    std::int64_t positions = 77;
    std::int64_t vocabulary = 49408;
    std::int64_t projection = 0; // width of the pooled embedding; 0 without text_projection
    ClipActivation activation = ClipActivation::QuickGelu;
};

class ClipTextEncoder {
public:
    // Everything but activation and head count is read from shapes; 0 heads means width / 64. The caller calls weights.finish() afterwards.
    ClipTextEncoder(const Weights& weights, ClipActivation activation, std::int64_t heads = 0);

    struct Output {
        at::Tensor hidden; // [batch, tokens, width], output of the chosen layer, without the final norm
        at::Tensor pooled; // [batch, projection]: row of the first end token (id 49407) of the last layer, normalised, projected; undefined without projection
    };

    //   in   ids         [batch, tokens ≤ positions], int64, padded, with start and end tokens
    //   in   skipFromEnd 0: the last layer, 1: the one before it (what SDXL uses), …; at most layers − 1
    //   in   learned     [count, width] in the weights' type: what the ids past the vocabulary stand for; undefined without any
    //   errors           CancelledException within one layer of a stop request
    [[nodiscard]] Output forward(const at::Tensor& ids, int skipFromEnd, const std::stop_token& stop, const at::Tensor& learned = {}) const;

    // The final layer norm, which SD 1.5 applies to the hidden state it takes: [batch, tokens, width].
    [[nodiscard]] at::Tensor finalNorm(const at::Tensor& hidden) const;

    [[nodiscard]] const ClipTextConfig& config() const noexcept { return m_config; }
    [[nodiscard]] at::ScalarType dtype() const noexcept { return m_tokenEmbedding.scalar_type(); }
    [[nodiscard]] at::Device device() const noexcept { return m_tokenEmbedding.device(); }

private:
    [[nodiscard]] at::Tensor embed(const at::Tensor& ids, const at::Tensor& learned) const;
    [[nodiscard]] ClipLayerShape layerShape() const noexcept { return { m_config.width, m_config.heads, m_config.feedForwardWidth, m_config.activation }; }

    ClipTextConfig m_config;
    at::Tensor m_tokenEmbedding;    // [vocabulary, width]
    at::Tensor m_positionEmbedding; // [positions, width]
    std::vector<ClipLayer> m_layers;
    LayerNorm m_finalNorm;
    std::optional<Linear> m_projection;
};

} // namespace sfumato::engine
