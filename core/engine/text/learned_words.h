// LearnedWords: words that stand for learned vectors instead of tokens (textual inversion, Gal et al. 2022, arXiv:2208.01618).
// Thread: any, value. Source: AUTOMATIC1111's web UI (a word is found wherever its tokens follow each other in the prompt, the longest word first).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/text/clip_tokenizer.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato::engine {

struct LearnedWord {
    std::string word;
    int firstId = 0; // of its vectors: consecutive ids past the tokenizer's own
    int vectorCount = 0;
    std::vector<int> tokens;            // as the prompt holds them
    std::vector<int> exclamationTokens; // the same for PadToken::ExclamationMark
};

class LearnedWords {
public:
    static constexpr int kFirstId = ClipTokenizer::kEndToken + 1;

    // Adds a word of `vectorCount` ≥ 1 vectors and returns the first of its ids; a word that is there already, or has no tokens, is replaced or ignored (then 0).
    int add(const ClipTokenizer& tokenizer, std::string_view word, int vectorCount);

    // The longest word whose tokens `ids` begins with; null when there is none.
    [[nodiscard]] const LearnedWord* matchAt(std::span<const int> ids, PadToken pad) const;

    [[nodiscard]] bool isEmpty() const noexcept { return m_words.empty(); }
    [[nodiscard]] int vectorCount() const noexcept { return m_nextId - kFirstId; } // of all words

private:
    std::vector<LearnedWord> m_words; // longest first
    int m_nextId = kFirstId;
};

} // namespace sfumato::engine
