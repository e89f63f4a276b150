// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/vision/clip_vision_encoder.h"

#include "core/engine/nn/cancellation.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"

#include <cmath>
#include <string>

namespace sfumato::engine {

namespace {

ClipVisionConfig detectConfig(const Weights& weights, ClipActivation activation, std::int64_t heads)
{
    const Weights model = weights.scoped("vision_model");
    ClipVisionConfig config;
    config.width = model.sizeOf("embeddings.patch_embedding.weight", 0);
    config.patch = model.sizeOf("embeddings.patch_embedding.weight", 2);
    config.layers = model.count("encoder.layers");
    config.feedForwardWidth = model.sizeOf("encoder.layers.0.mlp.fc1.weight", 0);
    config.projection = weights.sizeOf("visual_projection.weight", 0);
    config.heads = heads;
    config.activation = activation;
    const std::int64_t patches = model.sizeOf("embeddings.position_embedding.weight", 0) - 1;
    const auto across = static_cast<std::int64_t>(std::lround(std::sqrt(static_cast<double>(std::max<std::int64_t>(patches, 0)))));
    config.side = across * config.patch;
    if (config.width == 0 || config.layers == 0 || config.patch == 0 || patches < 1 || across * across != patches)
        throw EngineException(ErrorCode::UnsupportedModel,
            "The weights hold no usable CLIP image encoder: patch embeddings of width " + std::to_string(config.width) + ", " + std::to_string(config.layers) + " layers, " + std::to_string(patches) + " places for patches, which must be a square number.",
            "vision_model");
    if (heads < 1 || config.width % heads != 0)
        throw EngineException(ErrorCode::UnsupportedModel,
            "The CLIP image encoder is " + std::to_string(config.width) + " wide, which cannot be split among " + std::to_string(heads) + " attention heads.", "num_attention_heads");
    return config;
}

} // namespace

ClipVisionEncoder::ClipVisionEncoder(const Weights& weights, ClipActivation activation, std::int64_t heads)
    : m_config(detectConfig(weights, activation, heads))
{
    const Weights model = weights.scoped("vision_model");
    const std::int64_t across = m_config.side / m_config.patch;
    m_classEmbedding = model.take("embeddings.class_embedding", { m_config.width });
    m_patchEmbedding = model.take("embeddings.patch_embedding.weight", { m_config.width, 3, m_config.patch, m_config.patch });
    m_positionEmbedding = model.take("embeddings.position_embedding.weight", { 1 + across * across, m_config.width });
    m_preNorm = loadLayerNorm(model.scoped("pre_layrnorm"), m_config.width);
    m_layers = loadClipLayers(model, "encoder.layers", m_config.layers, layerShape());
    m_postNorm = loadLayerNorm(model.scoped("post_layernorm"), m_config.width);
    m_projection = loadLinear(weights.scoped("visual_projection"), m_config.width, m_config.projection, Bias::No);
}

at::Tensor ClipVisionEncoder::run(const at::Tensor& pixels, std::size_t layers, const std::stop_token& stop) const
{
    using engine::forward;
    throwIfStopped(stop);
    const at::Tensor input = pixels.to(device(), dtype());
    const at::Tensor patches = at::conv2d(input, m_patchEmbedding, {}, m_config.patch).flatten(2).transpose(1, 2); // [b, patches, width]
    const at::Tensor classToken = m_classEmbedding.expand({ input.size(0), 1, m_config.width });
    at::Tensor hidden = forward(m_preNorm, at::cat({ classToken, patches }, 1) + m_positionEmbedding); // [b, 1 + patches, width]
    for (std::size_t i = 0; i < layers; ++i) {
        throwIfStopped(stop);
        hidden = forward(m_layers[i], hidden, layerShape(), AttentionMask::None);
    }
    return hidden;
}

at::Tensor ClipVisionEncoder::embed(const at::Tensor& pixels, const std::stop_token& stop) const
{
    const at::Tensor classToken = run(pixels, m_layers.size(), stop).select(1, 0).contiguous();
    return engine::forward(m_projection, engine::forward(m_postNorm, classToken));
}

at::Tensor ClipVisionEncoder::penultimate(const at::Tensor& pixels, const std::stop_token& stop) const
{
    return run(pixels, m_layers.size() - 1, stop);
}

} // namespace sfumato::engine
