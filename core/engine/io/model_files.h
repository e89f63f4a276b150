// ModelFiles: where every tensor of a model is, under the names of diffusers and transformers, whatever the files call them.
// Thread: any; read-only after open. Owner: the engine; tensors keep their files open by shared_ptr.
//
// Understood: one file with sgm/ldm names (with or without "model.diffusion_model."), with ComfyUI's clip_l/clip_g prefixes, or with diffusers names;
// a diffusers folder, plain, variant or sharded; a UNet folder; a separate VAE, file or folder. Widths, depths and blocks per level are not assumed:
// they are found in the names. Only headers and configs are read.
// Source: CompVis/stable-diffusion, Stability-AI/generative-models, huggingface/diffusers (names); Comfy-Org/ComfyUI, Stability ModelSpec (markers).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/engine/api/generation_request.h"
#include "core/engine/api/model_info.h"
#include "core/engine/io/safetensors_file.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sfumato::engine {

enum class Component {
    Unet,
    Vae,
    TextEncoder,  // CLIP-L of SD 1.x and SDXL
    TextEncoder2, // OpenCLIP bigG of SDXL; the refiner's only one
};

inline constexpr std::array kComponents{ Component::Unet, Component::Vae, Component::TextEncoder, Component::TextEncoder2 };

struct MappedTensor {
    // The diffusers or transformers name: "down_blocks.0.resnets.0.conv1.weight", "text_model.encoder.layers.0.self_attn.q_proj.weight",
    // "encoder.mid_block.attentions.0.to_q.weight". A tensor the map does not know keeps the name it has in the file, so that it is reported as extra.
    std::string name;
    std::shared_ptr<const SafetensorsFile> file;
    const TensorEntry* entry = nullptr;
    std::vector<std::int64_t> shape; // after slicing, squeezing and transposing: what the network asks for
    bool transpose = false;          // the bytes are the transpose of `shape` (two dimensions)
    std::int64_t rowBegin = 0;       // the rows [rowBegin, rowBegin + rowCount) of dimension 0 of the entry (parts of a fused in_proj);
    std::int64_t rowCount = 0;       // all rows for a whole tensor, 0 for a scalar
};

// What shapes cannot tell. Defaults are those of the family when no config says otherwise.
struct ModelHints {
    std::vector<std::int64_t> attentionHeads;                          // per UNet level, from a diffusers config; empty if unknown (then: width / 64, and 8 for SD 1.x)
    double vaeScalingFactor = 0.13025;                                 // latents = encoded mean × this
    bool isTinyVae = false;                                            // TAESD, with "encoder.layers.N" and "decoder.layers.N"; its latents are the UNet's
    bool vaeForceUpcast = true;                                        // the VAE overflows float16
    std::array<std::string, 2> textActivation{ "quick_gelu", "gelu" }; // TextEncoder, TextEncoder2; "gelu" is the exact one
    std::array<std::int64_t, 2> textHeads{ 0, 0 };                     // attention heads of the text encoders; 0 if unknown (then: width / 64)
    PredictionType prediction = PredictionType::Epsilon;
    bool zeroTerminalSnr = false;
    bool forceZerosForEmptyPrompt = true; // an absent negative prompt is zero embeddings (SDXL base)
    bool requiresAestheticsScore = false; // the refiner's size conditioning
    bool scaledFloat8 = false;            // ComfyUI's scaled fp8: X.weight is to be multiplied by the scalar X.scale_weight
};

// Which of several stored precisions of a diffusers folder is taken.
enum class VariantPreference {
    Half,    // the fp16 variant, else bf16, else the plain file
    Float32, // the plain file, else fp32, else what is there
};

class ModelFiles {
public:
    // Errors: those of SafetensorsFile::open; FileNotFound for a missing shard; FileUnreadable for a broken config; UnsupportedModel when there is no
    // UNet in it (the sentence says what it is instead) or it needs a noise parametrisation that the engine lacks.
    // Missing text encoders or a missing VAE are not errors here: see has() and checkComplete().
    [[nodiscard]] static Result<ModelFiles> open(const ModelSource& source, VariantPreference preference = VariantPreference::Half);

    [[nodiscard]] const ModelInfo& info() const noexcept { return m_info; }
    [[nodiscard]] const ModelHints& hints() const noexcept { return m_hints; }

    [[nodiscard]] bool has(Component component) const noexcept { return !part(component).tensors.empty(); }
    // Sorted by file offset, so that loading in this order reads forwards.
    [[nodiscard]] const std::vector<MappedTensor>& tensors(Component component) const noexcept { return part(component).tensors; }
    // The names (as in the file) of those tensors that no rule maps; they are also part of tensors().
    [[nodiscard]] const std::vector<std::string>& unmapped(Component component) const noexcept { return part(component).unmapped; }
    // The file a component is in, for messages: "starter.safetensors", "unet/diffusion_pytorch_model.fp16.safetensors".
    [[nodiscard]] const std::string& fileName(Component component) const noexcept { return part(component).fileName; }

    // Names that belong to no component and are not known to be harmless (training state, schedules).
    [[nodiscard]] const std::vector<std::string>& strayNames() const noexcept { return m_strayNames; }

    // UnsupportedModel, naming every part that is lacking, unless UNet, VAE and the family's text encoders are there.
    [[nodiscard]] Result<void> checkComplete() const;

private:
    friend class ModelFilesBuilder;

    struct Part {
        std::string fileName;
        std::vector<MappedTensor> tensors;
        std::vector<std::string> unmapped;
    };

    ModelFiles() = default;
    [[nodiscard]] const Part& part(Component component) const noexcept { return m_parts[static_cast<std::size_t>(component)]; }
    [[nodiscard]] Part& part(Component component) noexcept { return m_parts[static_cast<std::size_t>(component)]; }

    ModelInfo m_info;
    ModelHints m_hints;
    std::array<Part, kComponents.size()> m_parts;
    std::vector<std::string> m_strayNames;
};

} // namespace sfumato::engine
