// What prompt expansion does with text before and after the language model.
// Thread: any, pure functions. Source: lllyasviel/Fooocus, extras/expansion.py.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/text/byte_level_tokenizer.h"

#include <string>
#include <string_view>
#include <vector>

namespace sfumato::engine {

inline constexpr int kExpansionChunk = 75; // a text is continued to the next multiple of as many tokens

// Runs of spaces become one, and spaces, line ends, commas and full stops leave both ends.
[[nodiscard]] std::string cleanedForExpansion(std::string_view text);

// How many tokens are added to a text of `tokens`; none where it fills its chunk, or beyond what the model has positions for.
[[nodiscard]] int expansionLength(int tokens, int positions) noexcept;

// The ids that a word list allows: of each line's word with a space before it, where that is one token. Lines without a word are passed over.
[[nodiscard]] std::vector<int> wordListIds(std::string_view wordList, const ByteLevelTokenizer& tokenizer);

} // namespace sfumato::engine
