// ImageEncoderFiles: where the tensors of a CLIP image encoder are, and what their shapes say of it.
// Thread: any; read-only after open. Owner: whoever loads or chooses one; tensors keep their files open by shared_ptr.
//
// Understood: a .safetensors file or a folder with model.safetensors (plain, variant or sharded) and config.json; the names of transformers and of OpenCLIP; the encoder alone,
// within a whole CLIP model, or within a safety checker. Only headers and configs are read.
// Source: huggingface/transformers (CLIPVisionModelWithProjection), mlfoundations/open_clip, diffusers (StableDiffusionSafetyChecker).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/engine/io/model_files.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace sfumato::engine {

struct ImageEncoderFiles {
    std::vector<MappedTensor> tensors; // "vision_model.…", "visual_projection.weight"; of a safety checker also "concept_embeds", …
    std::string fileName;              // for messages
    std::string activation;            // "quick_gelu" or "gelu": the config's, else that of the published encoder of this size
    std::int64_t heads = 0;            // likewise

    std::int64_t width = 0; // of the hidden states
    std::int64_t layers = 0;
    std::int64_t projection = 0;  // width of the embedding
    bool isSafetyChecker = false; // the concepts are there

    // Errors: those of SafetensorsFile::open; FileNotFound for a missing shard; FileUnreadable for a broken config; UnsupportedModel when there is no such
    // encoder in it (the sentence says what it is instead).
    [[nodiscard]] static Result<ImageEncoderFiles> open(const std::filesystem::path& path, VariantPreference preference = VariantPreference::Half);
};

} // namespace sfumato::engine
