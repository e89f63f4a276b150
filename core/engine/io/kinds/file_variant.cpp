// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/kinds/file_variant.h"

#include "core/engine/io/single_file.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>

namespace sfumato::engine {

namespace {

std::int64_t dimension(const TensorEntry* entry, std::size_t index)
{
    return entry && index < entry->shape.size() ? entry->shape[index] : 0;
}

// The first tensor whose name ends so, whatever stands before it.
const TensorEntry* endingWith(const SafetensorsFile& file, std::initializer_list<std::string_view> tails)
{
    const auto found = std::find_if(file.tensors().begin(), file.tensors().end(), [&](const TensorEntry& entry) {
        return std::any_of(tails.begin(), tails.end(), [&](std::string_view tail) { return std::string_view(entry.name).ends_with(tail); });
    });
    return found == file.tensors().end() ? nullptr : &*found;
}

bool hasPart(const SafetensorsFile& file, std::string_view part)
{
    return std::any_of(file.tensors().begin(), file.tensors().end(), [&](const TensorEntry& entry) { return entry.name.find(part) != std::string::npos; });
}

std::ptrdiff_t countEnding(const SafetensorsFile& file, std::string_view tail)
{
    return std::count_if(file.tensors().begin(), file.tensors().end(), [&](const TensorEntry& entry) { return std::string_view(entry.name).ends_with(tail); });
}

struct SizeName {
    std::int64_t size;
    std::string_view name;
};

template <std::size_t kCount>
std::string nameOf(const std::array<SizeName, kCount>& names, std::int64_t size)
{
    const auto* const found = std::find_if(names.begin(), names.end(), [size](const SizeName& entry) { return entry.size == size; });
    return found == names.end() ? std::string() : std::string(found->name);
}

std::string unetVariant(const SafetensorsFile& file)
{
    constexpr std::array kByInput{ SizeName{ 9, "inpainting" }, SizeName{ 8, "instruct-pix2pix" }, SizeName{ 5, "depth" } };
    constexpr std::array kByCrossAttentions{ SizeName{ 34, "SSD-1B" }, SizeName{ 15, "Segmind Vega" }, SizeName{ 21, "KOALA-700M" }, SizeName{ 30, "KOALA-1B" } };
    if (file.find("edm_mean")) return "Playground 2.5";
    if (file.find("edm_vpred.sigma_max")) return "CosXL";
    const TensorEntry* input = nullptr;
    const TensorEntry* context = nullptr;
    std::int64_t crossAttentions = 0;
    bool isLcm = false;
    for (const TensorEntry& entry : file.tensors()) {
        const auto found = splitComponentName(entry.name);
        if (!found || found->component != Component::Unet) continue;
        if (found->name == "input_blocks.0.0.weight" || found->name == "conv_in.weight") input = &entry;
        isLcm |= found->name == "time_embedding.cond_proj.weight";
        if (!found->name.ends_with(".attn2.to_k.weight")) continue;
        context = &entry;
        ++crossAttentions;
    }
    if (std::string name = nameOf(kByInput, dimension(input, 1)); !name.empty()) return name;
    if (isLcm) return "LCM";
    return dimension(context, 1) == 2048 ? nameOf(kByCrossAttentions, crossAttentions) : std::string();
}

std::string vaeVariant(const SafetensorsFile& file)
{
    const std::int64_t channels = dimension(endingWith(file, { "decoder.conv_in.weight" }), 1);
    if (channels == 0) return hasPart(file, "encoder.") ? "encoder only" : std::string();
    return channels == 4 ? std::string() : std::to_string(channels) + " latent channels";
}

std::string textEncoderVariant(const SafetensorsFile& file)
{
    constexpr std::array kClip{ SizeName{ 768, "CLIP-L" }, SizeName{ 1024, "OpenCLIP ViT-H" }, SizeName{ 1280, "OpenCLIP ViT-bigG" } };
    constexpr std::array kT5{ SizeName{ 768, "T5-base" }, SizeName{ 1024, "T5-large" }, SizeName{ 2048, "T5-XL" }, SizeName{ 4096, "T5-XXL" } };
    if (hasPart(file, "encoder.block.0.layer.")) {
        std::string name = nameOf(kT5, dimension(endingWith(file, { "shared.weight", "embed_tokens.weight" }), 1));
        return name.empty() ? "T5" : name;
    }
    return nameOf(kClip, dimension(endingWith(file, { "token_embedding.weight" }), 1));
}

std::string imageEncoderVariant(const SafetensorsFile& file)
{
    constexpr std::array kWidths{ SizeName{ 768, "ViT-B" }, SizeName{ 1024, "ViT-L" }, SizeName{ 1280, "ViT-H" }, SizeName{ 1664, "ViT-bigG" } };
    return nameOf(kWidths, dimension(endingWith(file, { "embeddings.class_embedding", "visual.class_embedding" }), 0));
}

std::string ipAdapterVariant(const SafetensorsFile& file)
{
    const auto forEncoder = [](std::string_view form, std::int64_t width) {
        constexpr std::array kPooled{ SizeName{ 1024, "ViT-H" }, SizeName{ 1280, "ViT-bigG" } };
        const std::string encoder = nameOf(kPooled, width);
        return encoder.empty() ? std::string(form) : std::string(form) + ", for " + encoder;
    };
    if (file.find("image_proj.latents")) return dimension(file.find("image_proj.proj_in.weight"), 1) == 1280 ? "plus, for ViT-H" : "plus";
    if (file.find("image_proj.perceiver_resampler.proj_in.weight")) return "FaceID plus";
    if (const TensorEntry* first = file.find("image_proj.proj.0.weight")) return dimension(first, 1) == 512 ? "FaceID" : "full face, for ViT-H";
    const TensorEntry* projection = file.find("image_proj.proj.weight");
    return projection ? forEncoder("plain", dimension(projection, 1)) : std::string();
}

// The mid and small SDXL ControlNets have one transformer block a level, or none.
std::string controlNetVariant(const SafetensorsFile& file)
{
    const bool hasSizes = endingWith(file, { "label_emb.0.0.weight", "add_embedding.linear_1.weight" }) != nullptr;
    if (!hasSizes) return file.find("difference") ? "difference" : std::string();
    const std::ptrdiff_t attentions = countEnding(file, ".attn2.to_k.weight");
    return attentions == 0 ? "small" : attentions < 10 ? "mid"
                                                       : std::string();
}

std::string unionVariant(const SafetensorsFile& file)
{
    const std::int64_t tasks = dimension(file.find("task_embedding"), 0);
    if (tasks == 0) return {};
    return std::to_string(tasks) + (tasks == 8 ? " tasks (ProMax)" : " tasks");
}

std::string t2iVariant(const SafetensorsFile& file)
{
    const std::int64_t channels = dimension(endingWith(file, { "conv_in.weight" }), 1);
    const bool isLight = hasPart(file, "body.0.body.0.") || hasPart(file, "body.0.resnets.3.");
    const bool isGrey = channels == 64 || channels == 256;
    return std::string(isLight ? "light" : "full") + (isGrey ? ", grey picture" : "");
}

std::string tinyVariant(const SafetensorsFile& file)
{
    // Without a prefix the stages begin with a clamp (decoder, whose first weights have the index 1) or with the picture's convolution (encoder).
    const bool hasDecoder = hasPart(file, "decoder.") || (file.find("1.weight") && !file.find("0.weight"));
    const bool hasEncoder = hasPart(file, "encoder.") || file.find("0.weight");
    return hasDecoder && hasEncoder ? "encoder and decoder" : hasDecoder ? "decoder"
                                                                         : "encoder";
}

std::string languageModelVariant(const SafetensorsFile& file)
{
    const TensorEntry* words = endingWith(file, { "wte.weight" });
    if (!words) return {};
    return std::to_string(countEnding(file, ".attn.c_attn.weight")) + " layers, " + std::to_string(dimension(words, 0)) + " tokens";
}

} // namespace

std::string variantOf(const SafetensorsFile& file, FileKind kind)
{
    switch (kind) {
    case FileKind::Checkpoint:
    case FileKind::Unet: return unetVariant(file);
    case FileKind::Vae: return vaeVariant(file);
    case FileKind::TextEncoder: return textEncoderVariant(file);
    case FileKind::ImageEncoder: return imageEncoderVariant(file);
    case FileKind::IpAdapter: return ipAdapterVariant(file);
    case FileKind::ControlNet: return controlNetVariant(file);
    case FileKind::ControlNetUnion: return unionVariant(file);
    case FileKind::T2iAdapter: return t2iVariant(file);
    case FileKind::Taesd: return tinyVariant(file);
    case FileKind::LanguageModel: return languageModelVariant(file);
    case FileKind::Lora:
    case FileKind::Embedding:
    case FileKind::ControlLora:
    case FileKind::ControlLllite:
    case FileKind::Upscaler:
    case FileKind::SafetyChecker:
    case FileKind::Unknown: break;
    }
    return {};
}

} // namespace sfumato::engine
