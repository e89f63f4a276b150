// Names of the tensors of control models, translated into those of diffusers.
// Thread: any, pure. Source: huggingface/diffusers loaders/single_file_utils.py (ControlNet), lllyasviel/ControlNet, TencentARC/T2I-Adapter.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/io/names/weight_names.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sfumato::engine {

// ControlNets of all kinds, Control-LoRAs among them: "control_model.input_hint_block.2.weight" → "controlnet_cond_embedding.blocks.0.weight",
// "zero_convs.3.0.bias" → "controlnet_down_blocks.3.bias", "input_blocks.4.1.proj_in.up" → "down_blocks.1.attentions.0.proj_in.up"; diffusers names stay.
class ControlNetNames {
public:
    explicit ControlNetNames(std::span<const std::string_view> names);

    // Empty when no rule applies.
    [[nodiscard]] std::optional<std::string> toDiffusers(std::string_view name) const;

private:
    UnetNames m_unet;
    int m_lastHint = 14; // number of the last convolution of the hint block
};

// T2I-Adapters: "adapter.body.1.in_conv.weight" and, of the original files, "body.2.in_conv.weight" → "body.1.in_conv.weight"; "body.3.block1.bias" →
// "body.1.resnets.1.block1.bias"; of light ones "body.1.body.0.block1.bias" → "body.1.resnets.0.block1.bias".
class T2iAdapterNames {
public:
    explicit T2iAdapterNames(std::span<const std::string_view> names);

    // Empty when no rule applies.
    [[nodiscard]] std::optional<std::string> toDiffusers(std::string_view name) const;

private:
    int m_blocksPerLevel = 2; // original files number the residual blocks of all levels through; light ones their levels
};

} // namespace sfumato::engine
