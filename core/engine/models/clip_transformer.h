// The transformer layers that CLIP's text and image encoders share.
// Thread: engine. Owner: the encoder that loaded them. Source: Radford et al. 2021; transformers CLIPEncoderLayer, same weight names.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/nn/attention.h"
#include "core/engine/nn/layers.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace sfumato::engine {

class Weights;

enum class ClipActivation {
    QuickGelu, // x·σ(1.702·x), OpenAI's encoders
    Gelu,      // exact, OpenCLIP's
};

// "quick_gelu" or "gelu" as in a config.json. Throws EngineException(UnsupportedModel) for anything else.
[[nodiscard]] ClipActivation clipActivationFromName(std::string_view name);

struct ClipLayer {
    LayerNorm norm1;
    Linear queryKeyValue; // width → 3·width, one product
    Linear attentionOut;
    LayerNorm norm2;
    Linear feedForward1;
    Linear feedForward2;
};

struct ClipLayerShape {
    std::int64_t width = 0;
    std::int64_t heads = 1;
    std::int64_t feedForwardWidth = 0;
    ClipActivation activation = ClipActivation::QuickGelu;
};

// `count` layers below `layers`.0, `layers`.1, ….
[[nodiscard]] std::vector<ClipLayer> loadClipLayers(const Weights& weights, std::string_view layers, std::int64_t count, const ClipLayerShape& shape);

// One layer: tokens in, tokens out, [batch, tokens, width].
[[nodiscard]] at::Tensor forward(const ClipLayer& layer, const at::Tensor& hidden, const ClipLayerShape& shape, AttentionMask mask);

} // namespace sfumato::engine
