// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/learned_words.h"

#include <algorithm>

namespace sfumato::engine {

int LearnedWords::add(const ClipTokenizer& tokenizer, std::string_view word, int vectorCount)
{
    LearnedWord learned{ std::string(word), m_nextId, vectorCount, tokenizer.encode(word, PadToken::EndOfText), tokenizer.encode(word, PadToken::ExclamationMark) };
    if (learned.tokens.empty() || vectorCount < 1) return 0;
    std::erase_if(m_words, [&](const LearnedWord& other) { return other.tokens == learned.tokens; });
    m_nextId += vectorCount;
    const auto place = std::find_if(m_words.begin(), m_words.end(), [&](const LearnedWord& other) { return other.tokens.size() < learned.tokens.size(); });
    return m_words.insert(place, std::move(learned))->firstId;
}

const LearnedWord* LearnedWords::matchAt(std::span<const int> ids, PadToken pad) const
{
    for (const LearnedWord& word : m_words) {
        const std::vector<int>& tokens = pad == PadToken::ExclamationMark ? word.exclamationTokens : word.tokens;
        if (tokens.size() <= ids.size() && std::equal(tokens.begin(), tokens.end(), ids.begin())) return &word;
    }
    return nullptr;
}

} // namespace sfumato::engine
