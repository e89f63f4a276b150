// Prompt chunks: a prompt of any length as rows of 77 token ids with a weight each, as the text encoders take them.
// Thread: any, pure functions. Source: chunking of AUTOMATIC1111's web UI with its default of 20 tokens of comma backtrack.
//
// A chunk is the start token, 75 tokens and the end token. When a chunk is full and one of its last 20 tokens is a comma, what follows that comma moves to
// the next chunk. BREAK closes the chunk where it stands. Free places hold the end token with weight 1. The vectors of a learned word stay together in one chunk;
// those past 75 are left out.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/text/clip_tokenizer.h"
#include "core/engine/text/learned_words.h"

#include <array>
#include <string_view>
#include <vector>

namespace sfumato::engine {

inline constexpr int kChunkLength = 77;    // with start and end token
inline constexpr int kTokensPerChunk = 75; // of the prompt itself
inline constexpr std::size_t kChunkCapacity = kTokensPerChunk;
inline constexpr int kCommaBacktrack = 20;

struct PromptChunk {
    std::array<int, kChunkLength> ids{};
    std::array<float, kChunkLength> weights{}; // 1 for start, end and padding

    friend bool operator==(const PromptChunk&, const PromptChunk&) = default;
};

// The chunks of a prompt in the A1111 grammar (prompt_attention.h); at least one, also for an empty prompt. Free places hold the end token whatever `pad` is
// (see withPadding). Learned words become their ids, which are past those of the tokenizer.
[[nodiscard]] std::vector<PromptChunk> chunkPrompt(const ClipTokenizer& tokenizer, std::string_view prompt, PadToken pad = PadToken::EndOfText, const LearnedWords& words = {});

// A chunk without text: start token, then end tokens. Brings a shorter prompt to the length of a longer one.
[[nodiscard]] PromptChunk emptyChunk();

// True when some weight is not 1, so that the encoder's output must be scaled.
[[nodiscard]] bool hasWeights(const std::vector<PromptChunk>& chunks) noexcept;

// The ids for an encoder whose padding is not the end token (OpenCLIP bigG: 0): every place after the first end token holds `padId`.
[[nodiscard]] std::array<int, kChunkLength> withPadding(const PromptChunk& chunk, int padId) noexcept;

// Tokens in use, counting the padding of every chunk but the last: what a prompt counter shows ("82") beside tokenLimit() ("150").
// A learned word counts its vectors.
[[nodiscard]] int tokenCount(const ClipTokenizer& tokenizer, std::string_view prompt, const LearnedWords& words = {});

// The places there are for that many tokens: the next multiple of 75, at least 75.
[[nodiscard]] constexpr int tokenLimit(int tokens) noexcept
{
    return tokens <= 0 ? kTokensPerChunk : (tokens + kTokensPerChunk - 1) / kTokensPerChunk * kTokensPerChunk;
}

} // namespace sfumato::engine
