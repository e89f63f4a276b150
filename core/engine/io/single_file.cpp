// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/single_file.h"

#include "core/engine/io/names/name_cursor.h"

#include <algorithm>

namespace sfumato::engine {

namespace {

struct PrefixRule {
    std::string_view prefix;
    Component component;
};

// Longer prefixes first where one begins another.
constexpr std::array kPrefixes{
    PrefixRule{ "model.diffusion_model.", Component::Unet },
    PrefixRule{ "diffusion_model.", Component::Unet },
    PrefixRule{ "unet.", Component::Unet },
    PrefixRule{ "first_stage_model.", Component::Vae },
    PrefixRule{ "vae.", Component::Vae },
    PrefixRule{ "cond_stage_model.transformer.", Component::TextEncoder },
    PrefixRule{ "cond_stage_model.model.", Component::TextEncoder2 },
    PrefixRule{ "text_encoder_2.", Component::TextEncoder2 },
    PrefixRule{ "text_encoder.", Component::TextEncoder },
};

// ComfyUI's names for the two encoders, alone or inside "text_encoders.".
constexpr std::array kComfyPrefixes{ PrefixRule{ "clip_l.", Component::TextEncoder }, PrefixRule{ "clip_g.", Component::TextEncoder2 } };

constexpr std::array<std::string_view, 15> kBareUnetHeads{ "input_blocks.", "middle_block.", "output_blocks.", "time_embed.", "label_emb.",
    "out.", "conv_in.", "conv_out.", "conv_norm_out.", "time_embedding.",
    "add_embedding.", "class_embedding.", "down_blocks.", "mid_block.", "up_blocks." };

std::optional<ComponentName> conditionerName(NameCursor cursor) noexcept
{
    if (!cursor.take("conditioner.embedders.") || !cursor.takeIndex()) return std::nullopt;
    if (cursor.take("transformer.")) return ComponentName{ Component::TextEncoder, cursor.rest() };
    if (cursor.take("model.")) return ComponentName{ Component::TextEncoder2, cursor.rest() };
    return std::nullopt;
}

std::optional<ComponentName> comfyName(NameCursor cursor) noexcept
{
    cursor.take("text_encoders.");
    for (const PrefixRule& rule : kComfyPrefixes) {
        if (!cursor.take(rule.prefix)) continue;
        // "transformer." is the wrapper of a transformers module, or the beginning of OpenCLIP's own "transformer.resblocks.".
        if (!cursor.rest().starts_with("transformer.resblocks.")) cursor.take("transformer.");
        return ComponentName{ rule.component, cursor.rest() };
    }
    return std::nullopt;
}

bool isMarker(std::string_view name, SingleFileParts& parts) noexcept
{
    if (name == "v_pred") return parts.isVPrediction = true;
    if (name == "ztsnr") return parts.isZeroTerminalSnr = true;
    if (name == "edm_mean" || name == "edm_std" || name.starts_with("edm_vpred.")) return parts.isEdm = true;
    return false;
}

} // namespace

std::optional<ComponentName> splitComponentName(std::string_view name) noexcept
{
    for (const PrefixRule& rule : kPrefixes) {
        if (name.starts_with(rule.prefix)) return ComponentName{ rule.component, name.substr(rule.prefix.size()) };
    }
    if (std::optional<ComponentName> found = conditionerName(NameCursor(name))) return found;
    if (std::optional<ComponentName> found = comfyName(NameCursor(name))) return found;
    for (const std::string_view head : kBareUnetHeads) {
        if (name.starts_with(head)) return ComponentName{ Component::Unet, name };
    }
    return std::nullopt;
}

SingleFileParts splitSingleFile(const std::shared_ptr<const SafetensorsFile>& file)
{
    SingleFileParts parts;
    for (const TensorEntry& entry : file->tensors()) {
        if (isIgnorableName(entry.name) || isMarker(entry.name, parts)) continue;
        const std::optional<ComponentName> found = splitComponentName(entry.name);
        if (!found) {
            parts.strayNames.push_back(entry.name);
            continue;
        }
        if (found->name == "scaled_fp8") parts.isScaledFloat8 = true;
        parts.sources[static_cast<std::size_t>(found->component)].push_back({ file, &entry, found->name });
    }
    return parts;
}

std::vector<SourceTensor> tensorsOfComponent(const std::shared_ptr<const SafetensorsFile>& file, Component component)
{
    std::vector<SourceTensor> sources;
    for (const TensorEntry& entry : file->tensors()) {
        const std::optional<ComponentName> found = splitComponentName(entry.name);
        sources.push_back({ file, &entry, found && found->component == component ? found->name : std::string_view(entry.name) });
    }
    return sources;
}

} // namespace sfumato::engine
