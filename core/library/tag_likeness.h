// TagLikeness: how much the tags of files have in common with those of one file.
// Thread: any, pure.
// A tag that many files have says little: each shared tag counts log(files / files with that tag), as in inverse document frequency (Spärck Jones 1972).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/library/library_entry.h"

#include <span>
#include <vector>

namespace sfumato::library {

class TagLikeness {
public:
    static constexpr std::size_t kMaxTags = 64; // of the file compared with; its most frequent

    // `entries` are those it is asked about later, in the same order.
    TagLikeness(std::span<const LibraryEntryPointer> entries, const LibraryEntry& model);

    // 0: nothing in common. The file compared with has the largest value.
    [[nodiscard]] double of(std::size_t entry) const noexcept;

private:
    std::vector<std::uint64_t> m_shared; // for each entry, a bit for each tag
    std::vector<double> m_weights;       // of each tag
};

} // namespace sfumato::library
