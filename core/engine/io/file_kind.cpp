// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/file_kind.h"

#include "core/engine/io/single_file.h"
#include "core/engine/io/names/weight_names.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>

namespace sfumato::engine {

namespace {

bool containsOneOf(std::string_view name, std::initializer_list<std::string_view> parts)
{
    return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) { return name.find(part) != std::string_view::npos; });
}

bool beginsWithOneOf(std::string_view name, std::initializer_list<std::string_view> heads)
{
    return std::any_of(heads.begin(), heads.end(), [&](std::string_view head) { return name.starts_with(head); });
}

bool endsWithOneOf(std::string_view name, std::initializer_list<std::string_view> tails)
{
    return std::any_of(tails.begin(), tails.end(), [&](std::string_view tail) { return name.ends_with(tail); });
}

// What the names of a file speak for; each flag is set by any one name.
struct NameEvidence {
    bool adapter = false;
    bool controlLora = false;
    bool lllite = false;
    bool controlUnion = false;
    bool control = false;
    bool ipAdapter = false;
    bool t2iAdapter = false;
    bool taesd = false;
    bool upscaler = false;
    bool unetInput = false;
    bool unetOutput = false;
    bool vae = false;
    bool prefixedVae = false;
    bool textEncoder = false;
    bool prefixedTextEncoder = false;
    bool imageEncoder = false;
    std::string_view foreignFamily;

    void weigh(std::string_view name)
    {
        weighAdapters(name);
        weighControl(name);
        weighNetworks(name);
        weighForeign(name);
    }

private:
    void weighAdapters(std::string_view name)
    {
        adapter |= containsOneOf(name, { ".lora_down.", ".lora_up.", ".lora_A.", ".lora_B.", ".lora.down.", ".lora.up.", "_lora.down.", "_lora.up.", ".lora_linear_layer.", ".hada_w1_a", ".lokr_w1", ".lokr_w2", ".oft_blocks", ".dora_scale" });
        adapter |= beginsWithOneOf(name, { "lora_unet_", "lora_te", "lycoris_" });
        lllite |= name.starts_with("lllite_");
        ipAdapter |= name.starts_with("ip_adapter.") && endsWithOneOf(name, { ".to_k_ip.weight", ".to_v_ip.weight" });
        t2iAdapter |= beginsWithOneOf(name, { "adapter.body.", "body.0.block1.", "body.0.resnets.", "adapter.conv_in." });
    }

    void weighControl(std::string_view name)
    {
        controlLora |= name == "lora_controlnet";
        controlUnion |= name == "task_embedding" || beginsWithOneOf(name, { "control_add_embedding.", "spatial_ch_projs." });
        control |= beginsWithOneOf(name, { "control_model.", "input_hint_block.", "zero_convs.", "controlnet_cond_embedding.", "controlnet_down_blocks." });
    }

    void weighNetworks(std::string_view name)
    {
        taesd |= beginsWithOneOf(name, { "taesd_encoder.", "taesd_decoder." }) || (beginsWithOneOf(name, { "encoder.layers.", "decoder.layers." }) && endsWithOneOf(name, { ".conv.0.weight", ".conv.2.weight" }));
        upscaler |= name == "conv_first.weight" || containsOneOf(name, { ".RDB1.", ".rdb1.", ".residual_group." });
        const std::optional<ComponentName> found = splitComponentName(name);
        unetInput |= found && found->component == Component::Unet && (found->name == "input_blocks.0.0.weight" || found->name == "conv_in.weight");
        unetOutput |= found && found->component == Component::Unet && (found->name == "out.2.weight" || found->name == "conv_out.weight");
        prefixedVae |= found && found->component == Component::Vae;
        prefixedTextEncoder |= found && (found->component == Component::TextEncoder || found->component == Component::TextEncoder2) && textEncoderName(found->name);
        vae |= beginsWithOneOf(name, { "encoder.conv_in.", "decoder.conv_in." });
        imageEncoder |= beginsWithOneOf(name, { "vision_model.", "visual." });
        textEncoder |= beginsWithOneOf(name, { "text_model.encoder.layers.", "encoder.layers.0.self_attn.", "transformer.resblocks.", "encoder.block.0.layer." });
    }

    void weighForeign(std::string_view name)
    {
        if (containsOneOf(name, { "double_blocks.0.img_attn", "single_transformer_blocks.0.proj_mlp" })) foreignFamily = "Flux";
        else if (containsOneOf(name, { "joint_blocks.0.x_block", "transformer_blocks.0.attn.add_q_proj" }) && foreignFamily.empty())
            foreignFamily = "SD 3";
        else if (name.find("blocks.0.cross_attn.k_img") != std::string_view::npos && foreignFamily.empty())
            foreignFamily = "Wan";
    }
};

// Textual inversions are small: a few matrices as wide as a text encoder.
bool isEmbedding(const SafetensorsFile& file)
{
    constexpr std::size_t kMaxTensors = 8;
    constexpr std::array<std::int64_t, 4> kWidths{ 768, 1024, 1280, 2048 };
    if (file.tensors().empty() || file.tensors().size() > kMaxTensors) return false;
    return std::all_of(file.tensors().begin(), file.tensors().end(), [&](const TensorEntry& entry) {
        if (entry.shape.empty() || entry.shape.size() > 2) return false;
        return std::find(kWidths.begin(), kWidths.end(), entry.shape.back()) != kWidths.end() && entry.sizeInBytes() < (std::uint64_t{ 8 } << 20);
    });
}

FileKind kindFrom(const NameEvidence& evidence, const SafetensorsFile& file)
{
    if (evidence.unetInput && evidence.unetOutput)
        return evidence.prefixedVae || evidence.prefixedTextEncoder ? FileKind::Checkpoint : FileKind::Unet;
    if (evidence.controlLora) return FileKind::ControlLora;
    if (evidence.lllite) return FileKind::ControlLllite;
    if (evidence.controlUnion) return FileKind::ControlNetUnion;
    if (evidence.control) return FileKind::ControlNet;
    if (evidence.ipAdapter) return FileKind::IpAdapter;
    if (evidence.adapter) return FileKind::Lora;
    if (!evidence.foreignFamily.empty()) return FileKind::Unet;
    if (evidence.taesd) return FileKind::Taesd;
    if (evidence.t2iAdapter) return FileKind::T2iAdapter;
    if (evidence.vae || evidence.prefixedVae) return FileKind::Vae;
    if (evidence.textEncoder || evidence.prefixedTextEncoder) return FileKind::TextEncoder;
    if (evidence.imageEncoder) return FileKind::ImageEncoder;
    if (evidence.upscaler) return FileKind::Upscaler;
    return isEmbedding(file) ? FileKind::Embedding : FileKind::Unknown;
}

struct KindTexts {
    std::string_view name;
    std::string_view phrase;
};

// Indexed by FileKind.
constexpr std::array<KindTexts, 16> kKindTexts{ {
    { "checkpoint", "a checkpoint" },
    { "unet", "a UNet without text encoders and VAE" },
    { "vae", "a VAE" },
    { "text_encoder", "a text encoder" },
    { "lora", "a LoRA" },
    { "embedding", "an embedding" },
    { "controlnet", "a ControlNet" },
    { "control_lora", "a Control-LoRA" },
    { "controlnet_union", "a ControlNet Union" },
    { "control_lllite", "a ControlNet-LLLite" },
    { "t2i_adapter", "a T2I-Adapter" },
    { "ip_adapter", "an IP-Adapter" },
    { "taesd", "a preview decoder (TAESD)" },
    { "upscaler", "an upscaler" },
    { "image_encoder", "an image encoder" },
    { "unknown", "a safetensors file of an unknown kind" },
} };

} // namespace

std::string_view fileKindName(FileKind kind) noexcept { return kKindTexts[static_cast<std::size_t>(kind)].name; }

std::string_view fileKindPhrase(FileKind kind) noexcept { return kKindTexts[static_cast<std::size_t>(kind)].phrase; }

RecognisedKind recogniseKind(const SafetensorsFile& file)
{
    NameEvidence evidence;
    for (const TensorEntry& entry : file.tensors()) evidence.weigh(entry.name);
    const FileKind kind = kindFrom(evidence, file);
    const bool isOurs = evidence.unetInput && evidence.unetOutput;
    return { kind, isOurs ? std::string() : std::string(evidence.foreignFamily) };
}

} // namespace sfumato::engine
