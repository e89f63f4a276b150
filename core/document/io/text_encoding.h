// Text encodings that picture files use, to and from UTF-8.
// Thread: any, pure. Private to this folder. Wrong input never fails: what cannot be read becomes U+FFFD.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sfumato::document {

[[nodiscard]] bool isAscii(std::string_view text) noexcept;
[[nodiscard]] bool isValidUtf8(std::string_view text) noexcept;
[[nodiscard]] std::string utf8FromLatin1(std::string_view text);
// The text itself when it is UTF-8, else read as Latin-1.
[[nodiscard]] std::string utf8FromUnknown(std::string_view text);
[[nodiscard]] std::string utf8FromUtf16(std::string_view bytes, bool bigEndian);
[[nodiscard]] std::string utf16BigEndianFromUtf8(std::string_view text);
// JSON text with everything beyond ASCII written as \uXXXX: the same document, in ASCII.
[[nodiscard]] std::string asciiJson(std::string_view json);
// The reverse for the characters beyond ASCII; other escapes stay as they are.
[[nodiscard]] std::string utf8Json(std::string_view json);

} // namespace sfumato::document
