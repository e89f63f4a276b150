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

// Positive and negative with the same number of chunks.
struct PromptPair {
    PromptEmbedding positive;
    PromptEmbedding negative; // undefined tensors when guidance is off
};

struct PromptEncoderSettings {
    bool zerosForEmptyNegative = true; // SDXL base: an empty negative prompt gives zero embeddings
    bool finalNorm = false;            // SD 1.5: last layer with its final norm instead of the penultimate without
    at::Device device = at::kCPU;
};

class PromptEncoder {
public:
    // The encoders are borrowed; either may be null (SD 1.5 has only the first, the refiner only the second).
    PromptEncoder(const ClipTokenizer& tokenizer, const ClipTextEncoder* first, const ClipTextEncoder* second, PromptEncoderSettings settings);

    // in   clipSkip layers skipped beyond the architecture's own; it applies to the positive prompt alone, as in the reference
    // cost one text encoder pass per new chunk; results of the last 64 texts are kept
    [[nodiscard]] PromptPair encode(std::string_view prompt, std::string_view negative, bool guided, int clipSkip, std::stop_token stop);

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
    struct CacheEntry {
        std::string text;
        int clipSkip = 0;
        std::size_t chunkCount = 0;
        PromptEmbedding embedding;
    };

    [[nodiscard]] Chunks chunksOf(std::string_view text) const;
    // `chunkCount` at least that of `chunks`: the rest is filled with empty chunks.
    [[nodiscard]] PromptEmbedding encodeText(std::string_view text, Chunks chunks, std::size_t chunkCount, int clipSkip, const std::stop_token& stop);
    [[nodiscard]] PromptEmbedding encodeChunks(const Chunks& chunks, int clipSkip, const std::stop_token& stop) const;

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
