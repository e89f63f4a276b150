// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/byte_pair_merges.h"

#include <functional>
#include <limits>
#include <queue>
#include <utility>

namespace sfumato::engine {

namespace {

constexpr int kNoRank = std::numeric_limits<int>::max();

constexpr std::uint64_t pairKey(int left, int right)
{
    return static_cast<std::uint64_t>(left) << 32 | static_cast<std::uint64_t>(right);
}

} // namespace

void BytePairMerges::add(int left, int right, int merged)
{
    m_merges.emplace(pairKey(left, right), Merge{ static_cast<int>(m_merges.size()), merged });
}

// Symbols form a linked list; the queue holds pairs that once were neighbours, and an entry whose pair has since changed is passed over.
void BytePairMerges::apply(std::span<const int> word, std::vector<int>& ids) const
{
    struct Symbol {
        int id;
        std::size_t previous, next; // kEnd: none
        int rank;                   // of the pair with the next one
        int merged;                 // what that pair becomes
    };
    constexpr std::size_t kEnd = std::numeric_limits<std::size_t>::max();

    std::vector<Symbol> symbols;
    symbols.reserve(word.size());
    for (std::size_t i = 0; i < word.size(); ++i) symbols.push_back({ word[i], i == 0 ? kEnd : i - 1, i + 1 == word.size() ? kEnd : i + 1, kNoRank, 0 });

    using Candidate = std::pair<int, std::size_t>; // rank, place of the left symbol
    std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue;
    const auto rankPair = [&](std::size_t left) {
        Symbol& symbol = symbols[left];
        symbol.rank = kNoRank;
        if (symbol.next == kEnd) return;
        const auto found = m_merges.find(pairKey(symbol.id, symbols[symbol.next].id));
        if (found == m_merges.end()) return;
        symbol.rank = found->second.rank;
        symbol.merged = found->second.merged;
        queue.emplace(symbol.rank, left);
    };
    for (std::size_t i = 0; i < symbols.size(); ++i) rankPair(i);

    while (!queue.empty()) {
        const auto [rank, place] = queue.top();
        queue.pop();
        Symbol& left = symbols[place];
        if (left.rank != rank) continue;
        Symbol& right = symbols[left.next];
        left.id = left.merged;
        right.rank = kNoRank;
        left.next = right.next;
        if (left.next != kEnd) symbols[left.next].previous = place;
        rankPair(place);
        if (left.previous != kEnd) rankPair(left.previous);
    }
    for (std::size_t i = 0; i != kEnd && i < symbols.size(); i = symbols[i].next) ids.push_back(symbols[i].id);
}

} // namespace sfumato::engine
