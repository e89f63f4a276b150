// ClipVisionEncoder: a picture to an embedding, for CLIP's image encoders: ViT-L/14, ViT-H/14, ViT-bigG/14 and others of the same structure.
// Thread: engine. Owner: whoever looks at pictures. Source: Radford et al. 2021; transformers CLIPVisionModelWithProjection, same weight names.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/models/clip_transformer.h"
#include "core/engine/nn/layers.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <stop_token>
#include <vector>

namespace sfumato::engine {

class Weights;

struct ClipVisionConfig {
    std::int64_t width = 1024;
    std::int64_t heads = 16;
    std::int64_t layers = 24;
    std::int64_t feedForwardWidth = 4096;
    std::int64_t patch = 14;       // pixels a side
    std::int64_t side = 224;       // pixels of the square picture it reads
    std::int64_t projection = 768; // width of the embedding
    ClipActivation activation = ClipActivation::QuickGelu;
};

class ClipVisionEncoder {
public:
    // Everything but activation and head count is read from shapes. The caller calls weights.finish() afterwards.
    ClipVisionEncoder(const Weights& weights, ClipActivation activation, std::int64_t heads);

    // The embedding: the class token of the last layer, normalised and projected.
    //   in   pixels [batch, 3, side, side], normalised (see clip_pixels.h), any type and device
    //   out  [batch, projection]
    //   errors  CancelledException within one layer of a stop request
    [[nodiscard]] at::Tensor embed(const at::Tensor& pixels, const std::stop_token& stop) const;

    // What the last layer but one gives, without a norm: [batch, 1 + patches, width], the class token first.
    [[nodiscard]] at::Tensor penultimate(const at::Tensor& pixels, const std::stop_token& stop) const;

    [[nodiscard]] const ClipVisionConfig& config() const noexcept { return m_config; }
    [[nodiscard]] at::ScalarType dtype() const noexcept { return m_positionEmbedding.scalar_type(); }
    [[nodiscard]] at::Device device() const noexcept { return m_positionEmbedding.device(); }

private:
    [[nodiscard]] ClipLayerShape layerShape() const noexcept { return { m_config.width, m_config.heads, m_config.feedForwardWidth, m_config.activation }; }
    // The first `layers` layers.
    [[nodiscard]] at::Tensor run(const at::Tensor& pixels, std::size_t layers, const std::stop_token& stop) const;

    ClipVisionConfig m_config;
    at::Tensor m_classEmbedding;    // [width]
    at::Tensor m_patchEmbedding;    // [width, 3, patch, patch]
    at::Tensor m_positionEmbedding; // [1 + patches, width]
    LayerNorm m_preNorm;
    std::vector<ClipLayer> m_layers;
    LayerNorm m_postNorm;
    Linear m_projection; // no bias
};

} // namespace sfumato::engine
