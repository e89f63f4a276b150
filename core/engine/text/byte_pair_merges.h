// BytePairMerges: the merges of a byte-pair vocabulary, applied to one word at a time.
// Thread: any; immutable once filled. Source: Sennrich et al. 2016, algorithm 1, as the library `tokenizers` runs it (lowest rank first, the leftmost among equals).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace sfumato::engine {

class BytePairMerges {
public:
    void reserve(std::size_t count) { m_merges.reserve(count); }
    // The neighbours `left` and `right` become `merged`, after every merge added before. A pair that is there already keeps its rank.
    void add(int left, int right, int merged);

    // Appends the symbols of one word to `ids`, merged as far as they go. Cost: n log n in their number.
    void apply(std::span<const int> symbols, std::vector<int>& ids) const;

private:
    struct Merge {
        int rank = 0;
        int merged = 0;
    };
    std::unordered_map<std::uint64_t, Merge> m_merges; // left id << 32 | right id
};

} // namespace sfumato::engine
