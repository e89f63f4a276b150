// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/expansion_text.h"

#include <algorithm>

namespace sfumato::engine {

std::string cleanedForExpansion(std::string_view text)
{
    constexpr std::string_view kEnds = ",. \r\n";
    std::string cleaned;
    for (const char byte : text)
        if (byte != ' ' || !cleaned.ends_with(' ')) cleaned.push_back(byte);
    const std::size_t begin = cleaned.find_first_not_of(kEnds);
    if (begin == std::string::npos) return {};
    return cleaned.substr(begin, cleaned.find_last_not_of(kEnds) - begin + 1);
}

int expansionLength(int tokens, int positions) noexcept
{
    const int full = (tokens + kExpansionChunk - 1) / kExpansionChunk * kExpansionChunk;
    return std::max(0, std::min(full, positions) - tokens);
}

std::vector<int> wordListIds(std::string_view wordList, const ByteLevelTokenizer& tokenizer)
{
    constexpr std::string_view kSpaces = " \t\r";
    std::vector<int> ids;
    while (!wordList.empty()) {
        const std::size_t end = std::min(wordList.find('\n'), wordList.size());
        std::string_view word = wordList.substr(0, end);
        wordList.remove_prefix(std::min(end + 1, wordList.size()));
        word.remove_prefix(std::min(word.find_first_not_of(kSpaces), word.size()));
        word = word.substr(0, word.find_last_not_of(kSpaces) + 1);
        if (word.empty()) continue;
        if (const auto id = tokenizer.find(' ' + std::string(word))) ids.push_back(*id);
    }
    return ids;
}

} // namespace sfumato::engine
