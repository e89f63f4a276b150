// UnetConfig: the shape of a UNet of the Stable Diffusion family, learned from its tensors.
// Thread: any, pure value.
//
// One description covers SDXL base, inpainting and refiner, SSD-1B, Vega, KOALA, SD 1.5 and our starter: the transformer depth of every block is its own number.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace sfumato::engine {

class Weights;
struct ModelHints;

// One resolution of the down or the up path, or the middle.
struct UnetBlockConfig {
    std::int64_t channels = 0;
    std::int64_t heads = 1;           // of every attention in this block
    std::vector<std::int64_t> depths; // one entry per residual block: transformer layers behind it, 0 without a transformer
    bool resamples = false;           // ends with a downsampler or an upsampler
};

struct UnetConfig {
    std::int64_t inputChannels = 4; // 4, or 9: noisy latents 4, mask 1, masked image 4
    std::int64_t outputChannels = 4;
    std::int64_t modelChannels = 320; // width after conv_in and of the timestep sinusoid
    std::int64_t timeWidth = 1280;
    std::int64_t contextWidth = 2048;
    std::int64_t addedWidth = 0;          // input of the size and pooled-text embedding; 0 without one (SD 1.5)
    std::int64_t guidanceWidth = 0;       // of the guidance embedding of a latent consistency model; 0 without one
    bool convolutionalProjection = false; // proj_in and proj_out are 1×1 convolutions (SD 1.5)
    std::vector<UnetBlockConfig> downBlocks;
    std::optional<UnetBlockConfig> midBlock; // depths of its attentions only: residual blocks are one more
    std::vector<UnetBlockConfig> upBlocks;
};

// Reads shapes only. Head counts come from the hints where a diffusers config gave them, else by the family's rule: width / 64, and 8 for models with
// convolutional projections. Throws EngineException(UnsupportedModel) when the names do not make a UNet.
[[nodiscard]] UnetConfig detectUnet(const Weights& weights, const ModelHints& hints);

// The same for the half that a ControlNet has: no up blocks, no output. `attentionHeads` is that of ModelHints.
[[nodiscard]] UnetConfig detectUnetEncoder(const Weights& weights, const std::vector<std::int64_t>& attentionHeads);

// The width of each cross-attention in the reference's count: down blocks, up blocks, middle.
[[nodiscard]] std::vector<std::int64_t> crossAttentionWidths(const UnetConfig& config);

} // namespace sfumato::engine
