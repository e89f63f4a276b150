// Unicode properties as tables, sorted by code point. The rows are in unicode_tables.cpp, which unicode_tables.py writes.
// Thread: any, constant data. Use unicode_text.h, which looks them up.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace sfumato::engine::unicode {

struct CodePointRange {
    char32_t first;
    char32_t last; // inclusive
};

// Every step-th code point of first..last becomes itself + offset.
struct LowerCaseRun {
    char32_t first;
    char32_t last;
    std::uint32_t step;
    std::int32_t offset;
};

// One canonical step: `code` is `first` followed by `second` (0: nothing follows).
struct Decomposition {
    char32_t code;
    char32_t first;
    char32_t second;
    bool composes; // NFC puts the pair together again
};

struct CombiningClassRun {
    char32_t first;
    char32_t last;
    std::uint8_t combiningClass; // never 0
};

[[nodiscard]] std::span<const CodePointRange> letters() noexcept; // \p{L}
[[nodiscard]] std::span<const CodePointRange> numbers() noexcept; // \p{N}
[[nodiscard]] std::span<const CodePointRange> spaces() noexcept;  // \s
[[nodiscard]] std::span<const LowerCaseRun> lowerCaseRuns() noexcept;
[[nodiscard]] std::span<const Decomposition> decompositions() noexcept; // without Hangul syllables, which are arithmetic
[[nodiscard]] std::span<const CombiningClassRun> combiningClasses() noexcept;

} // namespace sfumato::engine::unicode
