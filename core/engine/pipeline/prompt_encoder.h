// PromptEncoder: prompt text → what the UNet's cross-attention and vector condition read.
// Thread: engine. Owner: LoadedModel, whose text encoders it borrows.
//
// Chunks of 75 tokens are encoded separately and concatenated along the sequence (A1111); weights scale token rows and the chunk's mean is restored
// ("Original" emphasis); the pooled vector is the first chunk's and is never weighted. Source: conditioning of the SDXL report, section 2;
// diffusers StableDiffusionXLPipeline.encode_prompt for prompts of one chunk without weights.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/generation_request.h"
#include "core/engine/io/adapters/embedding_file.h"
#include "core/engine/models/clip_text_encoder.h"
#include "core/engine/text/clip_tokenizer.h"
#include "core/engine/text/prompt_chunks.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <list>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato::engine {

// One prompt, encoded. context [1, 77 × chunks, width]; pooled [1, projection] (undefined where the family has none).
struct PromptEmbedding {
    at::Tensor context;
    at::Tensor pooled;
};

// Positive and negative; the same number of chunks but for A1111 and ComfyUi.
struct PromptPair {
    PromptEmbedding positive;
    PromptEmbedding negative; // undefined tensors when guidance is off
};

struct PromptEncoderSettings {
    bool zerosForEmptyNegative = true; // SDXL base: an empty negative prompt gives zero embeddings
    bool finalNorm = false;            // SD 1.5: last layer with its final norm instead of the penultimate without
    at::Device device = at::kCPU;
};

// What is encoded, and by whose rules.
//   Diffusers  as above; clip skip holds for the positive prompt alone; both prompts are brought to the same number of chunks
//   A1111      the same with clip skip for both, but none on SDXL, and each prompt with its own number of chunks
//   ComfyUi    ComfyUI's grammar and chunks (comfy_prompt.h); token rows move away from those of the empty prompt by their weights; clip skip for both, counted from the last layer on SDXL too (1: the penultimate one); an empty negative
//              prompt is encoded; each prompt has its own number of chunks
struct PromptTask {
    std::string_view prompt;
    std::string_view negative;
    bool guided = true;
    int clipSkip = 0; // layers skipped beyond the architecture's own
    Compatibility compatibility = Compatibility::Diffusers;
};

class PromptEncoder {
public:
    // The encoders are borrowed; either may be null (SD 1.5 has only the first, the refiner only the second).
    PromptEncoder(const ClipTokenizer& tokenizer, const ClipTextEncoder* first, const ClipTextEncoder* second, PromptEncoderSettings settings);

    // cost one text encoder pass per new chunk; results of the last 64 texts are kept
    [[nodiscard]] PromptPair encode(const PromptTask& task, std::stop_token stop);

    // What words stand for learned vectors from now on, besides the ones bundled with LoRAs. Later ones win over earlier ones of the same tokens.
    // With Strictness::Refuse every embedding must have vectors for all of the model's encoders; otherwise those that do not fit are left out.
    // Throws EngineException: what EmbeddingFile::open returns; UnsupportedModel for an embedding of another base model.
    enum class Strictness { Refuse,
        LeaveOut };
    void setEmbeddings(std::span<const EmbeddingReference> embeddings, std::span<const EmbeddingFile> bundled, Strictness strictness);

    // Drops what is cached: for when the encoders' weights change.
    void forget() { m_cache.clear(); }

private:
    // One prompt as both encoders read it: they differ in what they pad with, and so in how they read an exclamation mark.
    struct Chunks {
        std::vector<PromptChunk> first;
        std::vector<PromptChunk> second;

        [[nodiscard]] std::size_t count() const { return std::max(first.size(), second.size()); }
    };
    struct TextStyle {
        int clipSkip = 0;
        Compatibility compatibility = Compatibility::Diffusers;

        friend bool operator==(const TextStyle&, const TextStyle&) = default;
    };
    struct CacheEntry {
        std::string text;
        TextStyle style;
        std::size_t chunkCount = 0;
        PromptEmbedding embedding;
    };

    [[nodiscard]] Chunks chunksOf(std::string_view text, Compatibility compatibility) const;
    // `chunkCount` at least that of `chunks`: the rest is filled with empty chunks.
    [[nodiscard]] PromptEmbedding encodeText(std::string_view text, Chunks chunks, std::size_t chunkCount, TextStyle style, const std::stop_token& stop);
    [[nodiscard]] PromptEmbedding encodeChunks(const Chunks& chunks, TextStyle style, const std::stop_token& stop) const;

    // Adds one word; false when it has no vectors for an encoder.
    [[nodiscard]] bool addEmbedding(const EmbeddingFile& embedding);

    const ClipTokenizer& m_tokenizer;
    const ClipTextEncoder* m_first;
    const ClipTextEncoder* m_second;
    PromptEncoderSettings m_settings;
    LearnedWords m_words;
    std::vector<at::Tensor> m_firstVectors, m_secondVectors; // rows by id, for each encoder
    std::string m_embeddingKey;                              // what the words were made from
    std::list<CacheEntry> m_cache;                           // most recently used first
};

} // namespace sfumato::engine
