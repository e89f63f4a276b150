// IpAdapter: a picture's features to tokens, and the tokens to what each cross-attention of a UNet reads beside the prompt.
// Thread: engine. Owner: the loader. Source: Ye et al. 2023 (IP-Adapter); diffusers ImageProjection, IPAdapterPlusImageProjection, IPAdapterFullImageProjection and
// IPAdapterAttnProcessor2_0 (0.42).
//
// Names: "image_proj.…" as in the file; "layers.N.key.weight", "layers.N.value.weight" for the attention layers, N counted from 0 in the reference's order.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/models/picture_attention.h"
#include "core/engine/nn/layers.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <variant>
#include <vector>

namespace sfumato::engine {

class Weights;

// One embedding, projected to several tokens: [batch, width] → [batch, tokens, contextWidth].
struct PlainProjection {
    Linear projection;
    LayerNorm norm;
    std::int64_t tokens = 4;
};

// Learned queries that look at the hidden states: [batch, n, width] → [batch, queries, contextWidth].
struct Resampler {
    struct Layer {
        LayerNorm imageNorm;
        LayerNorm queryNorm;
        Linear query;    // no bias, as all in here
        Linear keyValue; // of the image's states followed by the queries
        Linear out;
        LayerNorm feedForwardNorm;
        Linear feedForward1;
        Linear feedForward2;
        std::int64_t heads = 1; // of 64 channels each
    };
    at::Tensor queries; // [1, queries, width inside]
    Linear projectionIn;
    std::vector<Layer> layers;
    Linear projectionOut;
    LayerNorm norm;
};

// Each hidden state becomes one token: [batch, n, width] → [batch, n, contextWidth].
struct FullProjection {
    Linear projection1;
    Linear projection2;
    LayerNorm norm;
};

class IpAdapter {
public:
    // Which projection it is is read from the names. The caller calls weights.finish() afterwards.
    IpAdapter(const Weights& weights, std::int64_t contextWidth);

    //   in   features [batch, width] of a plain adapter, [batch, n, width] of the others; any type and device
    //   out  [batch, tokens, contextWidth]
    [[nodiscard]] at::Tensor tokens(const at::Tensor& features) const;

    // Keys and values of every layer.
    [[nodiscard]] std::vector<PictureKeyValue> keysAndValues(const at::Tensor& tokens) const;

    // The width of each layer, in order: that of the UNet's cross-attention.
    [[nodiscard]] std::vector<std::int64_t> layerWidths() const;

private:
    struct Layer {
        Linear key;   // contextWidth → the layer's width, no bias
        Linear value; // likewise
    };

    at::ScalarType m_dtype;
    at::Device m_device;
    std::variant<PlainProjection, Resampler, FullProjection> m_projection;
    std::vector<Layer> m_layers;
};

} // namespace sfumato::engine
