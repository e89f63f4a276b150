// TAESD files: the tensors of a small autoencoder, or of one half of it, under the names of diffusers.
// Thread: any, pure. Source: madebyollin/taesd (files of bare numbers), Comfy-Org/ComfyUI (both halves in one file), huggingface/diffusers (AutoencoderTiny).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/io/model_files.h"

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

namespace sfumato::engine {

inline constexpr std::string_view kTinyDecoderInput = "decoder.layers.0.weight", kTinyEncoderInput = "encoder.layers.0.weight";

// "taesd_decoder.1.weight", "1.weight" of a decoder's file and "decoder.layers.0.weight" are the same: diffusers does not count the clamp that comes first.
// Other tensors keep their names; the scalars vae_scale and vae_shift, which are 1 and 0 for latents of the UNet, are left out.
[[nodiscard]] std::vector<MappedTensor> mapTinyVae(const std::shared_ptr<const SafetensorsFile>& file);

// The file beside a decoder's that is called the same but for "encoder"; empty when there is none.
[[nodiscard]] std::filesystem::path tinyEncoderBeside(const std::filesystem::path& decoder);

// A small decoder alone, from any of these files or a diffusers folder. The encoder is left out.
// Errors: those of SafetensorsFile::open; UnsupportedModel when it is something else.
struct TinyDecoder {
    std::vector<MappedTensor> tensors;
    std::string fileName;
};
[[nodiscard]] Result<TinyDecoder> openTinyDecoder(const std::filesystem::path& path);

} // namespace sfumato::engine
