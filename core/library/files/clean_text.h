// Texts out of files that anyone may have made, brought into a form that is safe to keep, compare and show as plain text.
// Thread: any, pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <string_view>

namespace sfumato::library {

inline constexpr int kMaxLineLength = 300;      // characters of a name, a title, a word
inline constexpr int kMaxTextLength = 64 << 10; // characters of notes and descriptions

// One line: line ends and tabs are spaces, outer spaces go. Control characters and marks that override the reading direction become U+FFFD; a text that is too long
// ends in "…".
[[nodiscard]] QString cleanLine(const QString& text, int maxLength = kMaxLineLength);

// Several lines: as above, line ends stay (as \n), more than one empty line in a row does not.
[[nodiscard]] QString cleanText(const QString& text, int maxLength = kMaxTextLength);

// The readable text of a piece of HTML: tags and comments go, paragraphs and list items begin lines, character references become their characters, scripts and styles
// vanish. A text without any tag comes back as it is. Cleaned.
[[nodiscard]] QString plainTextOfHtml(const QString& html);

// UTF-8, else UTF-16 with a byte-order mark, else Latin-1.
[[nodiscard]] QString decodedText(std::string_view bytes);

} // namespace sfumato::library
