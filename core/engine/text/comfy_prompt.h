// Prompts as ComfyUI reads them: its weight grammar and its chunks of 75 tokens.
// Thread: any, pure functions. Every byte string is accepted; nothing throws. Source: ComfyUI comfy/sd1_clip.py (parse_parentheses, token_weights, tokenize_with_weights).
//
//   (x) weight × 1.1     (x:1.3) weight 1.3, whatever the brackets around it say     \( \) the character itself     [x] and BREAK are text
//   A bracket never closed makes the rest of the text plain, itself included.
// What is kept together is a whole run of one weight: one of fewer than 8 tokens that does not fit begins a new chunk, a longer one is cut where the chunk ends.
// `embedding:NAME` stands for the learned word NAME.
// Differs: weights are held within ±kLargestWeight, brackets deeper than kDeepestNesting are text.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/text/prompt_attention.h"
#include "core/engine/text/prompt_chunks.h"

#include <string_view>
#include <vector>

namespace sfumato::engine {

// The runs in reading order, as the original gives them: not merged, empty for an empty prompt.
[[nodiscard]] std::vector<WeightedText> parseComfyPrompt(std::string_view prompt);

// As chunkPrompt.
[[nodiscard]] std::vector<PromptChunk> chunkComfyPrompt(const ClipTokenizer& tokenizer, std::string_view prompt, PadToken pad = PadToken::EndOfText, const LearnedWords& words = {});

} // namespace sfumato::engine
