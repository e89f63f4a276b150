// The A1111 prompt grammar: text with round and square brackets into runs of text with one weight each.
// Thread: any, pure functions. Every byte string is accepted; nothing throws. Source: the attention grammar of AUTOMATIC1111's web UI.
//
//   (x) weight × 1.1     [x] weight ÷ 1.1     (x:1.3) weight × 1.3, multiplied by the brackets around it     \( \) \[ \] \\ the character itself
//   An open bracket never closed holds to the end; a closing one never opened, or ":1.3)" without "(", is text; BREAK as a word closes a chunk.
//
// Differs: BREAK inside brackets is a break there too (the original multiplies its marker's weight and then encodes the word "BREAK"); a weight that is
// no finite number ("(x:1.2.3)") is text instead of an error; weights are held within ±kLargestWeight so that they stay finite.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sfumato::engine {

inline constexpr double kLargestWeight = 1.0e6;
inline constexpr int kDeepestNesting = 256;

struct WeightedText {
    std::string text; // as typed, escapes resolved; empty for a break
    double weight = 1.0;
    bool isBreak = false;

    friend bool operator==(const WeightedText&, const WeightedText&) = default;
};

// The runs in reading order; neighbours of equal weight are merged. Never empty: an empty prompt is one empty run of weight 1.
//   cost  linear in the text, times the depth of nesting
[[nodiscard]] std::vector<WeightedText> parsePromptAttention(std::string_view prompt);

} // namespace sfumato::engine
