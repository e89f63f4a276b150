// Encoder and decoder of the autoencoder.
// Thread: engine. Owner: AutoencoderKl. Source: diffusers Encoder, Decoder, UNetMidBlock2D; every norm has epsilon 1e-6.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/models/resnet_block.h"
#include "core/engine/nn/layers.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

namespace sfumato::engine {

// Attention over all positions of a feature map, with biases.
struct SpatialAttention {
    GroupNorm norm;
    Linear queryKeyValue; // channels → 3·channels
    Linear out;
    std::int64_t heads = 1;
};

struct AutoencoderMidBlock {
    ResnetBlock resnet1;
    std::optional<SpatialAttention> attention;
    ResnetBlock resnet2;
};

struct AutoencoderStage {
    std::vector<ResnetBlock> resnets;
    std::optional<Conv2d> resampler; // encoder: stride 2 after one row and column of zeros at the far sides; decoder: after doubling
};

struct AutoencoderEncoder {
    Conv2d convIn;
    std::vector<AutoencoderStage> stages;
    AutoencoderMidBlock mid;
    GroupNorm normOut;
    Conv2d convOut; // to twice the latent channels
};

struct AutoencoderDecoder {
    Conv2d convIn;
    AutoencoderMidBlock mid;
    std::vector<AutoencoderStage> stages;
    GroupNorm normOut;
    Conv2d convOut;
};

// Widths and depths are read from the shapes.
[[nodiscard]] AutoencoderEncoder loadAutoencoderEncoder(const Weights& weights);
[[nodiscard]] AutoencoderDecoder loadAutoencoderDecoder(const Weights& weights);

//   in   pixels [batch, 3, height, width]
//   out  [batch, 2·latentChannels, height/8, width/8]
[[nodiscard]] at::Tensor forward(const AutoencoderEncoder& encoder, const at::Tensor& pixels, const std::stop_token& stop);
//   in   latents [batch, latentChannels, height, width]
//   out  [batch, 3, 8·height, 8·width]
[[nodiscard]] at::Tensor forward(const AutoencoderDecoder& decoder, const at::Tensor& latents, const std::stop_token& stop);

void convert(AutoencoderEncoder& encoder, at::ScalarType dtype);
void convert(AutoencoderDecoder& decoder, at::ScalarType dtype);

} // namespace sfumato::engine
