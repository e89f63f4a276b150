// Unet2dConditionModel: one noise (or v) prediction of Stable Diffusion's UNet.
// Thread: engine. Owner: the loaded model. Source: diffusers UNet2DConditionModel, same names for blocks and weights.
//
// forward: predicts for a batch; both halves of classifier-free guidance may be one batch.
//   in   sample         [batch, inputChannels, height/8, width/8], float type; any height and width ≥ 1, odd ones too
//   in   timestep       0..999, may be fractional; one for the whole batch
//   in   context        [batch, tokens, contextWidth], prompt embeddings
//   in   addedCondition [batch, addedWidth]: pooled text, then the sinusoidal embeddings of the time ids; undefined when addedWidth is 0
//   in   additions      what controls add; of the sizes that this sample's maps have
//   out  [batch, outputChannels, height/8, width/8], in the weights' type
//   errors   CancelledException within one residual or transformer block of a stop request
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/models/unet_blocks.h"
#include "core/engine/models/unet_config.h"
#include "core/engine/models/unet_encoder.h"
#include "core/engine/nn/layers.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace sfumato::engine {

class Unet2dConditionModel {
public:
    // Binds all tensors; the caller calls weights.finish() afterwards.
    Unet2dConditionModel(const Weights& weights, UnetConfig config);

    [[nodiscard]] at::Tensor forward(const at::Tensor& sample, double timestep, const at::Tensor& context, const at::Tensor& addedCondition,
        const std::stop_token& stop, const UnetAdditions& additions = {}, const BlockObserver& observe = {}, const UnetPass& pass = {}) const;

    // The transformers under their reference names, from the first to the last: "down_blocks.1.attentions.0".
    [[nodiscard]] std::vector<std::string> attentionNames() const;

    [[nodiscard]] const UnetConfig& config() const noexcept { return m_config; }
    [[nodiscard]] at::ScalarType dtype() const noexcept { return m_encoder.dtype(); }
    [[nodiscard]] at::Device device() const noexcept { return m_encoder.device(); }

private:
    Unet2dConditionModel(const Weights& weights, UnetConfig config, std::vector<std::int64_t> skipChannels);

    UnetConfig m_config;
    UnetEncoder m_encoder;
    std::vector<UpBlock> m_upBlocks;
    GroupNorm m_convNormOut;
    Conv2d m_convOut;
};

} // namespace sfumato::engine
