// The tensor names and shapes that a network of a given size has, written down independently of the code that loads it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/models/clip_text_encoder.h"
#include "core/engine/models/unet_config.h"
#include "tests/support/synthetic_weights.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sfumato::test {

// SDXL base as published: 2,567,463,684 parameters.
[[nodiscard]] engine::UnetConfig sdxlBaseConfig();

[[nodiscard]] std::vector<NamedShape> unetShapes(const engine::UnetConfig& config);
// One residual block and one transformer of such a UNet; `name` without a dot at its end, timeWidth 0 for none.
[[nodiscard]] std::vector<NamedShape> resnetShapes(const std::string& name, std::int64_t inputChannels, std::int64_t outputChannels, std::int64_t timeWidth);
[[nodiscard]] std::vector<NamedShape> transformerShapes(const std::string& name, const engine::UnetConfig& config, std::int64_t channels, std::int64_t depth);
[[nodiscard]] std::vector<NamedShape> textEncoderShapes(const engine::ClipTextConfig& config);

struct AutoencoderSize {
    std::vector<std::int64_t> channels{ 128, 256, 512, 512 };
    std::int64_t layers = 2; // per level of the encoder; the decoder has one more
    std::int64_t latentChannels = 4;
};
[[nodiscard]] std::vector<NamedShape> autoencoderShapes(const AutoencoderSize& size = {});

// TAESD as published: width 64, blocks 1, 3, 3, 3 down and 3, 3, 3, 1 up.
[[nodiscard]] std::vector<NamedShape> tinyAutoencoderShapes();

} // namespace sfumato::test
