// ResnetBlock: the residual block of UNet and autoencoder, with up- and downsampling beside it.
// Thread: engine. Owner: the network. Source: diffusers ResnetBlock2D, Downsample2D, Upsample2D.
//
// h = conv1(silu(norm1(x))); h += time_emb_proj(silu(emb)) per channel; h = conv2(silu(norm2(h))); out = shortcut(x) + h
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/nn/layers.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>

namespace sfumato::engine {

struct ResnetBlock {
    GroupNorm norm1;
    Conv2d conv1;
    std::optional<Linear> timeProjection; // none in the autoencoder
    GroupNorm norm2;
    Conv2d conv2;
    std::optional<Conv2d> shortcut; // 1×1, where the channel count changes
};

struct ResnetShape {
    std::int64_t inputChannels = 0;
    std::int64_t outputChannels = 0;
    std::int64_t timeWidth = 0; // 0: without a time projection
    double epsilon = 1e-5;      // of both norms: 1e-5 in the UNet, 1e-6 in the autoencoder
};

[[nodiscard]] ResnetBlock loadResnetBlock(const Weights& weights, const ResnetShape& shape);

//   in   x [batch, inputChannels, height, width]
//   in   activatedTime [batch, timeWidth]: silu of the time embedding, the same for all blocks of a step; undefined without a time projection
//   out  [batch, outputChannels, height, width]
[[nodiscard]] at::Tensor forward(const ResnetBlock& block, const at::Tensor& x, const at::Tensor& activatedTime);

// Nearest-neighbour enlargement of a feature map to [height, width]; exact doubling in all usual cases.
[[nodiscard]] at::Tensor enlarge(const at::Tensor& x, std::int64_t height, std::int64_t width);

void convert(ResnetBlock& block, at::ScalarType dtype);

} // namespace sfumato::engine
