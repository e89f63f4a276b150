// What cross-attention layers read of pictures beside the prompt: for each layer the pictures' keys and values, which do not change over the steps of a run.
// Thread: engine, plain values. Source: Ye et al. 2023 (IP-Adapter), equation 5.
//
// Layers are counted as the reference's module order has them: down blocks, up blocks, middle.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

namespace sfumato::engine {

// Both [batch, tokens, the layer's width].
struct PictureKeyValue {
    at::Tensor key;
    at::Tensor value;
};

// Of one picture, for all layers.
using PictureLayers = std::shared_ptr<const std::vector<PictureKeyValue>>;

// One picture at a forward pass: weight · attention(query, key, value) is added in each layer.
struct PictureAttention {
    PictureLayers layers;
    double weight = 1.0;
};

} // namespace sfumato::engine
