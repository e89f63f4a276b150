// UTF-8 checks on bytes that came from outside.
// Thread: any, pure. Source: RFC 3629 (no overlong forms, no surrogates, nothing above U+10FFFF).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sfumato {

// The offset of the first byte that is not valid UTF-8; text.size() when all of it is. Cost: one pass, eight bytes at a time over ASCII.
[[nodiscard]] std::size_t findInvalidUtf8(std::string_view text) noexcept;

[[nodiscard]] inline bool isValidUtf8(std::string_view text) noexcept { return findInvalidUtf8(text) == text.size(); }

// Appends the UTF-8 form of `codePoint`, which must be a scalar value (not a surrogate, at most U+10FFFF).
void appendUtf8(std::string& text, std::uint32_t codePoint);

} // namespace sfumato
