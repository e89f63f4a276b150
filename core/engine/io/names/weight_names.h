// Translation of tensor names into those of diffusers and transformers. Names come without the prefix of their component.
// Thread: any, pure values. Source: CompVis/stable-diffusion and Stability-AI/generative-models (sgm/ldm names), mlfoundations/open_clip, huggingface/diffusers
// and huggingface/transformers (target names).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato::engine {

// UNet names of any depth: block numbers of ldm files run through all levels, so the number of residual blocks per level must be known to split them.
class UnetNames {
public:
    // Finds the residual blocks per level from where the downsamplers are among `names`.
    explicit UnetNames(std::span<const std::string_view> names);

    [[nodiscard]] int blocksPerLevel() const noexcept { return m_blocksPerLevel; }

    // "input_blocks.4.1.norm.weight" → "down_blocks.1.attentions.0.norm.weight"; diffusers names stay. Empty when no rule applies.
    [[nodiscard]] std::optional<std::string> toDiffusers(std::string_view name) const;

private:
    [[nodiscard]] std::optional<std::string> inputBlock(std::string_view rest) const;
    [[nodiscard]] std::optional<std::string> outputBlock(std::string_view rest) const;

    int m_blocksPerLevel = 2;
};

// The other direction, for layer names without ".weight" or ".bias", as LoRA files of the original trainers carry them.
class SingleFileUnetNames {
public:
    // in  diffusers names of all layers: which blocks have attentions decides where an upsampler stands
    explicit SingleFileUnetNames(std::vector<std::string> diffusersNames);

    // "down_blocks.1.attentions.0.norm" → "input_blocks.4.1.norm"; empty when no rule applies.
    [[nodiscard]] std::string of(std::string_view diffusersName) const;

private:
    [[nodiscard]] bool hasAny(std::string_view prefix) const;
    [[nodiscard]] std::string inBlock(std::string_view rest, bool isDown) const;
    [[nodiscard]] std::string inMiddle(std::string_view rest) const;

    std::vector<std::string> m_names; // sorted
    int m_blocksPerLevel = 2;
};

// VAE names. The decoder of ldm files counts its levels from the full resolution, diffusers from the latents, so the number of levels must be known.
class VaeNames {
public:
    explicit VaeNames(std::span<const std::string_view> names);

    // "decoder.up.0.block.1.nin_shortcut.weight" → "decoder.up_blocks.3.resnets.1.conv_shortcut.weight"; diffusers names stay, except that the old names
    // of the attention (query, key, value, proj_attn) become the present ones. Empty when no rule applies.
    [[nodiscard]] std::optional<std::string> toDiffusers(std::string_view name) const;

private:
    int m_levels = 4;
};

// A tensor of a CLIP encoder, of text or pictures.
struct ClipEncoderName {
    std::string name;          // the transformers name; with `isFused`, "{}" stands for the letter q, k or v
    bool isTransposed = false; // the projection, which OpenCLIP stores as [width, projection]
    bool isFused = false;      // in_proj: the rows of q, k and v, one third each
};

// Both CLIP layouts: OpenCLIP's ("transformer.resblocks.0.ln_1.weight") and transformers' own, with or without "text_model.". Empty when no rule applies.
[[nodiscard]] std::optional<ClipEncoderName> textEncoderName(std::string_view name);
// The same for image encoders: OpenCLIP's "visual.…", transformers' "vision_model.…" and "visual_projection.weight", and the safety checker's doubled prefix.
[[nodiscard]] std::optional<ClipEncoderName> imageEncoderName(std::string_view name);

} // namespace sfumato::engine
