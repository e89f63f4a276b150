// Embedding files (textual inversion): which vectors of a file belong to which text encoder.
// Thread: any, pure; names and shapes only. Source: AUTOMATIC1111's web UI, Comfy-Org/ComfyUI comfy/sd1_clip.py, huggingface/diffusers textual_inversion.py.
//
// Layouts: "clip_l" and "clip_g" (SDXL); "text_encoders_0" and "text_encoders_1" (pivotal tuning); one tensor of any name ("emb_params", "<token>"), whose width tells
// its encoder, or both halves side by side.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/engine/io/adapters/adapter_file.h"
#include "core/engine/io/safetensors_file.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace sfumato::engine {

struct EmbeddingFile {
    std::shared_ptr<const SafetensorsFile> file;
    const TensorEntry* first = nullptr;  // named as CLIP-L's
    const TensorEntry* second = nullptr; // named as bigG's
    const TensorEntry* plain = nullptr;  // without an encoder's name
    std::string word;                    // what stands for it in a prompt

    // Errors: those of SafetensorsFile::open; UnsupportedModel when the file holds no vectors or more tensors than the layouts have. An empty `word` becomes the file's stem.
    [[nodiscard]] static Result<EmbeddingFile> open(const std::filesystem::path& path, const std::string& word = {});
    // The embeddings that came inside a LoRA ("bundle_emb.NAME.…"), each under its name. What has no known layout is left out.
    [[nodiscard]] static std::vector<EmbeddingFile> bundledWith(const AdapterFile& adapter);
};

// The vectors for one encoder: `columns` columns of `entry` from `firstColumn` on. Null entry: the file has none of that width.
struct EmbeddingPart {
    const TensorEntry* entry = nullptr;
    std::int64_t vectors = 0;
    std::int64_t firstColumn = 0;
};

// in   width, otherWidth  of this encoder and of the model's other one (0: it has none)
[[nodiscard]] EmbeddingPart embeddingPart(const EmbeddingFile& embedding, bool isFirstEncoder, std::int64_t width, std::int64_t otherWidth);

} // namespace sfumato::engine
