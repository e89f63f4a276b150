// The down, middle and up blocks of the UNet.
// Thread: engine. Owner: Unet2dConditionModel. Source: diffusers CrossAttnDownBlock2D, UNetMidBlock2DCrossAttn, CrossAttnUpBlock2D and their plain forms.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/guidance_options.h"
#include "core/engine/models/resnet_block.h"
#include "core/engine/models/transformer_2d.h"
#include "core/engine/models/unet_config.h"
#include "core/engine/nn/layers.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace sfumato::engine {

// What a pass does beside the plain prediction.
struct UnetPass {
    std::int64_t perturbedRows = 0;               // the rows at the end of the batch whose self-attention is the identity
    std::span<const std::string> perturbedLayers; // in transformers whose names begin with one of these
    const FreeU* freeU = nullptr;                 // null: without
};

// What every block of one forward pass sees.
struct UnetStep {
    at::Tensor activatedTime; // [batch, timeWidth], silu applied
    at::Tensor context;       // [batch, tokens, contextWidth]
    std::stop_token stop;
    std::span<const PictureAttention> pictures{}; // beside the context
    UnetPass pass{};
    std::int64_t modelChannels = 0;
};

// A residual block and the transformer behind it, if any.
struct UnetLayer {
    ResnetBlock resnet;
    std::optional<Transformer2d> transformer;
};

// Gives each transformer of a block its reference name: "down_blocks.1.attentions.0".
void nameAttentions(std::vector<UnetLayer>& layers, const std::string& block);
void appendAttentionNames(const std::vector<UnetLayer>& layers, std::vector<std::string>& names);

struct DownBlock {
    std::vector<UnetLayer> layers;
    std::optional<Conv2d> downsampler; // stride 2, padding 1
};

struct MidBlock {
    ResnetBlock resnet;
    struct Stage {
        Transformer2d transformer;
        ResnetBlock resnet;
    };
    std::vector<Stage> stages; // one in SDXL, none in SSD-1B
};

struct UpBlock {
    std::size_t index = 0;         // 0: the deepest
    std::vector<UnetLayer> layers; // each takes one skip tensor
    std::optional<Conv2d> upsampler;
};

// `skipChannels` holds the widths of the skip tensors: load appends those a down block makes and takes those an up block uses from the end.
[[nodiscard]] DownBlock loadDownBlock(const Weights& weights, const UnetConfig& config, const UnetBlockConfig& block, std::int64_t inputChannels,
    std::vector<std::int64_t>& skipChannels);
[[nodiscard]] MidBlock loadMidBlock(const Weights& weights, const UnetConfig& config, const UnetBlockConfig& block);
[[nodiscard]] UpBlock loadUpBlock(const Weights& weights, const UnetConfig& config, std::size_t index, std::int64_t inputChannels,
    std::vector<std::int64_t>& skipChannels);

// Gives the cross-attentions their numbers, from `next` on.
void numberAttentions(DownBlock& block, std::size_t& next);
void numberAttentions(MidBlock& block, std::size_t& next);
void numberAttentions(UpBlock& block, std::size_t& next);

// Feature maps [batch, channels, height, width] in and out. Down blocks append their outputs to `skips`; up blocks take theirs from its end.
// `feature`, unless undefined, is added as UnetAdditions::features says.
[[nodiscard]] at::Tensor forward(const DownBlock& block, at::Tensor x, const UnetStep& step, std::vector<at::Tensor>& skips, const at::Tensor& feature);
[[nodiscard]] at::Tensor forward(const MidBlock& block, at::Tensor x, const UnetStep& step);
[[nodiscard]] at::Tensor forward(const UpBlock& block, at::Tensor x, const UnetStep& step, std::vector<at::Tensor>& skips);

} // namespace sfumato::engine
