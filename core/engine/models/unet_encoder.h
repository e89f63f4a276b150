// UnetEncoder: the half of the UNet of which a ControlNet is a copy: embeddings, first convolution, down blocks and middle.
// Thread: engine. Owner: Unet2dConditionModel or ControlNet. Source: diffusers UNet2DConditionModel, ControlNetModel.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/models/unet_additions.h"
#include "core/engine/models/unet_blocks.h"
#include "core/engine/models/unet_config.h"
#include "core/engine/nn/layers.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato::engine {

// Sees the output of each top-level block under its reference name ("conv_in", "down_blocks.0", "mid_block", "up_blocks.2"); for tests.
using BlockObserver = std::function<void(std::string_view block, const at::Tensor& output)>;

// The scalars of a prediction. A timestep alone is one.
struct UnetTime {
    UnetTime(double at, double guidedBy = 0.0) : timestep(at), guidance(guidedBy) { } // NOLINT(google-explicit-constructor): most networks need no more

    double timestep; // 0..999, may be fractional
    double guidance; // the scale less 1; read by networks with a guidance embedding only
};

class UnetEncoder {
public:
    // Binds its tensors. `skipChannels` gets the widths of the skip tensors.
    UnetEncoder(const Weights& weights, const UnetConfig& config, std::vector<std::int64_t>& skipChannels);

    // Gives the cross-attentions of the down blocks, or of the middle, their numbers, from `next` on.
    void numberDownAttentions(std::size_t& next);
    void numberMiddleAttentions(std::size_t& next);

    // Time embedding + size and pooled-text embedding, before the activation that all blocks share.
    //   in   addedCondition [batch, addedWidth]; undefined when addedWidth is 0
    //   out  [batch, timeWidth]
    [[nodiscard]] at::Tensor embed(UnetTime time, const at::Tensor& addedCondition, std::int64_t batch) const;

    // The first convolution: [batch, inputChannels, height, width] → [batch, modelChannels, height, width].
    [[nodiscard]] at::Tensor convolveInput(const at::Tensor& sample) const;

    // From the first convolution's output through down blocks and middle.
    //   out  skips  x and the outputs of the down blocks, with the features added to the path and before the skip additions
    //   returns     the output of the middle, with all of its additions
    [[nodiscard]] at::Tensor forward(at::Tensor x, const UnetStep& step, const UnetAdditions& additions, std::vector<at::Tensor>& skips, const BlockObserver& observe) const;

    // The transformers under their reference names: those of the down blocks, then those of the middle.
    [[nodiscard]] std::vector<std::string> attentionNames() const;

    [[nodiscard]] at::ScalarType dtype() const noexcept { return m_dtype; }
    [[nodiscard]] at::Device device() const noexcept { return m_device; }
    // Channels of the last down block.
    [[nodiscard]] std::int64_t outputChannels() const noexcept { return m_outputChannels; }

private:
    std::int64_t m_modelChannels;
    std::int64_t m_outputChannels;
    at::ScalarType m_dtype;
    at::Device m_device;
    Conv2d m_convIn;
    Linear m_timeEmbedding1;
    Linear m_timeEmbedding2;
    std::optional<Linear> m_guidanceEmbedding; // of a latent consistency model
    std::optional<Linear> m_addEmbedding1;
    std::optional<Linear> m_addEmbedding2;
    std::vector<DownBlock> m_downBlocks;
    std::optional<MidBlock> m_midBlock;
};

} // namespace sfumato::engine
