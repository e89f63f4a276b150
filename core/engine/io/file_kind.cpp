// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/file_kind.h"

#include "core/engine/io/adapters/adapter_names.h"
#include "core/engine/io/kinds/foreign_family.h"
#include "core/engine/io/names/name_cursor.h"
#include "core/engine/io/names/weight_names.h"
#include "core/engine/io/single_file.h"

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

// A part of a LoRA whatever its layers are called. Parts that other files may have too ("….weight", "….alpha", "….a1.weight") need the layer's name.
bool isAdapterPart(std::string_view name)
{
    const auto parsed = parseAdapterName(name);
    if (!parsed) return false;
    switch (parsed->role) {
    case AdapterRole::Alpha:
    case AdapterRole::Ia3Weight:
    case AdapterRole::Rescale:
    case AdapterRole::GloraA1:
    case AdapterRole::GloraA2:
    case AdapterRole::GloraB1:
    case AdapterRole::GloraB2:
    case AdapterRole::GloraBm: return false;
    default: return true;
    }
}

// "3.conv.0.weight": a block of the tiny decoder in the files of its author, which hold the bare sequence.
bool isBareTinyBlock(std::string_view name)
{
    NameCursor cursor(name);
    return cursor.takeIndex() && endsWithOneOf(cursor.rest(), { "conv.0.weight", "conv.2.weight" }) && cursor.rest().size() == std::string_view("conv.0.weight").size();
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
    bool safetyChecker = false;
    bool languageModel = false;
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
        adapter |= isAdapterPart(name) || beginsWithOneOf(name, { "lora_unet_", "lora_te", "lycoris_", "bundle_emb." });
        lllite |= name.starts_with("lllite_");
        ipAdapter |= name.starts_with("ip_adapter.") && endsWithOneOf(name, { ".to_k_ip.weight", ".to_v_ip.weight" });
        t2iAdapter |= beginsWithOneOf(name, { "adapter.body.", "body.0.block1.", "body.0.resnets.", "body.0.body.0.block1.", "adapter.conv_in." });
    }

    void weighControl(std::string_view name)
    {
        controlLora |= name == "lora_controlnet";
        controlUnion |= name == "task_embedding" || beginsWithOneOf(name, { "control_add_embedding.", "spatial_ch_projs." });
        control |= beginsWithOneOf(name, { "control_model.", "input_hint_block.", "zero_convs.", "controlnet_cond_embedding.", "controlnet_down_blocks.", "controlnet_blocks.", "controlnet_x_embedder." });
    }

    void weighNetworks(std::string_view name)
    {
        taesd |= beginsWithOneOf(name, { "taesd_encoder.", "taesd_decoder." }) || (beginsWithOneOf(name, { "encoder.layers.", "decoder.layers." }) && endsWithOneOf(name, { ".conv.0.weight", ".conv.2.weight" })) || isBareTinyBlock(name);
        upscaler |= name == "conv_first.weight" || containsOneOf(name, { ".RDB1.", ".rdb1.", ".residual_group." });
        const std::optional<ComponentName> found = splitComponentName(name);
        unetInput |= found && found->component == Component::Unet && (found->name == "input_blocks.0.0.weight" || found->name == "conv_in.weight");
        unetOutput |= found && found->component == Component::Unet && (found->name == "out.2.weight" || found->name == "conv_out.weight");
        prefixedVae |= found && found->component == Component::Vae;
        prefixedTextEncoder |= found && (found->component == Component::TextEncoder || found->component == Component::TextEncoder2) && textEncoderName(found->name);
        vae |= beginsWithOneOf(name, { "encoder.conv_in.", "decoder.conv_in." });
        imageEncoder |= beginsWithOneOf(name, { "vision_model.", "visual." });
        textEncoder |= beginsWithOneOf(name, { "text_model.encoder.layers.", "encoder.layers.0.self_attn.", "transformer.resblocks.", "encoder.block.0.layer." });
        safetyChecker |= name == "concept_embeds" || name == "special_care_embeds";
        languageModel |= name == "h.0.attn.c_attn.weight" || name == "transformer.h.0.attn.c_attn.weight";
    }

    void weighForeign(std::string_view name)
    {
        const std::string_view family = foreignFamilyOf(name);
        if (!family.empty()) foreignFamily = foreignFamily.empty() ? family : moreSpecialFamily(family, foreignFamily);
    }
};

// Compact upscalers are a bare run of convolutions with learned slopes between them, from a picture's three channels.
bool isCompactUpscaler(const SafetensorsFile& file)
{
    const TensorEntry* first = file.find("body.0.weight");
    const TensorEntry* slopes = file.find("body.1.weight");
    return first && slopes && first->shape.size() == 4 && first->shape[1] == 3 && slopes->shape.size() == 1;
}

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

FileKind kindFrom(const NameEvidence& evidence)
{
    if (evidence.unetInput && evidence.unetOutput)
        return evidence.prefixedVae || evidence.prefixedTextEncoder ? FileKind::Checkpoint : FileKind::Unet;
    if (evidence.controlLora) return FileKind::ControlLora;
    if (evidence.lllite) return FileKind::ControlLllite;
    if (evidence.controlUnion) return FileKind::ControlNetUnion;
    if (evidence.control) return FileKind::ControlNet;
    if (evidence.ipAdapter) return FileKind::IpAdapter;
    if (evidence.adapter) return FileKind::Lora;
    if (!evidence.foreignFamily.empty()) return evidence.prefixedVae || evidence.textEncoder || evidence.prefixedTextEncoder ? FileKind::Checkpoint : FileKind::Unet;
    if (evidence.safetyChecker) return FileKind::SafetyChecker;
    if (evidence.taesd) return FileKind::Taesd;
    if (evidence.t2iAdapter) return FileKind::T2iAdapter;
    if (evidence.vae || evidence.prefixedVae) return FileKind::Vae;
    if (evidence.textEncoder || evidence.prefixedTextEncoder) return FileKind::TextEncoder;
    if (evidence.imageEncoder) return FileKind::ImageEncoder;
    if (evidence.languageModel) return FileKind::LanguageModel;
    if (evidence.upscaler) return FileKind::Upscaler;
    return FileKind::Unknown;
}

struct KindTexts {
    std::string_view name;
    std::string_view phrase;
};

// Indexed by FileKind.
constexpr std::array<KindTexts, 18> kKindTexts{ {
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
    { "safety_checker", "a safety checker" },
    { "language_model", "a language model (GPT-2)" },
    { "unknown", "a safetensors file of an unknown kind" },
} };

} // namespace

std::string_view fileKindName(FileKind kind) noexcept { return kKindTexts[static_cast<std::size_t>(kind)].name; }

std::string_view fileKindPhrase(FileKind kind) noexcept { return kKindTexts[static_cast<std::size_t>(kind)].phrase; }

RecognisedKind recogniseKind(const SafetensorsFile& file)
{
    NameEvidence evidence;
    for (const TensorEntry& entry : file.tensors()) evidence.weigh(entry.name);
    FileKind kind = kindFrom(evidence);
    if (kind == FileKind::Unknown && isCompactUpscaler(file)) kind = FileKind::Upscaler;
    if (kind == FileKind::Unknown && isEmbedding(file)) kind = FileKind::Embedding;
    // Stray tensors in a merge of ours do not make it foreign; Kolors has our blocks and another text encoder.
    const bool isOurs = evidence.unetInput && evidence.unetOutput && evidence.foreignFamily != "Kolors";
    return { kind, isOurs ? std::string() : std::string(evidence.foreignFamily) };
}

FileKind kindOfNames(std::span<const std::string_view> names)
{
    NameEvidence evidence;
    for (const std::string_view name : names) evidence.weigh(name);
    return kindFrom(evidence);
}

} // namespace sfumato::engine
