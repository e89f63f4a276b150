// Text as code points, and the Unicode operations that the tokenizer needs.
// Thread: any, pure functions. Properties are those of the reference tokenizer's library, see unicode_tables.py.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sfumato::engine::unicode {

inline constexpr char32_t kReplacementCharacter = 0xFFFD;

// Every byte string is accepted: each maximal part that begins like a character but is none becomes one U+FFFD (Unicode 15, section 3.9).
[[nodiscard]] std::u32string decodeUtf8(std::string_view utf8);

[[nodiscard]] bool isLetter(char32_t code) noexcept;
[[nodiscard]] bool isNumber(char32_t code) noexcept;
[[nodiscard]] bool isSpace(char32_t code) noexcept;

// The classes that the tokenizers' expressions tell apart: \s, \p{L}, \p{N} and the rest.
enum class CharacterKind { Space,
    Letter,
    Number,
    Other };
[[nodiscard]] CharacterKind characterKind(char32_t code) noexcept;

// Normalisation form C (UAX #15): canonical decomposition, canonical order, canonical composition. Cost: one pass where nothing lies above U+02FF.
[[nodiscard]] std::u32string toNfc(std::u32string text);

// Each character by itself, without context: U+0130 becomes two code points, a final sigma is an ordinary one.
[[nodiscard]] std::u32string toLower(std::u32string_view text);

} // namespace sfumato::engine::unicode
