// JsonReader: a strict pull parser of JSON text (RFC 8259), token by token, without building anything.
// Thread: one at a time. Owner: the caller, who also keeps the text alive.
//
// It exists, and JsonValue on it, because the engine-only build has nothing but libtorch and a compiler, and because headers of hostile files must be
// read in bounded memory. Stricter than the RFC asks: the text must be valid UTF-8, escapes must form whole characters, nesting is limited, and
// numbers too large for a double are refused. Comments, trailing commas, a byte-order mark and NaN are refused as the RFC says.
// Names given twice are not noticed here (JsonValue refuses them).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato {

class JsonReader {
public:
    enum class Token {
        BeginObject,
        EndObject,
        BeginArray,
        EndArray,
        Name,    // of a member; its text() is the name
        String,  // text()
        Integer, // integer(): no fraction, no exponent, fits std::int64_t, not "-0"
        Number,  // number(): every other number
        Boolean, // boolean()
        Null,
        End,     // after the one value
        Invalid, // error() says why; it stays so
    };

    static constexpr std::size_t kMaxDepth = 127;                           // what the reference reader of safetensors allows
    static constexpr std::size_t kMaxStringBytes = std::size_t{ 32 } << 20; // of one string in the text; bounds the copy made for escapes

    explicit JsonReader(std::string_view text, std::size_t maxDepth = kMaxDepth);
    JsonReader(const JsonReader&) = delete;
    JsonReader& operator=(const JsonReader&) = delete;

    // Advances to the next token.
    Token next();

    // Of the last token. Valid until the next call of next().
    [[nodiscard]] std::string_view text() const noexcept { return m_value; }
    [[nodiscard]] std::int64_t integer() const noexcept { return m_integer; }
    [[nodiscard]] double number() const noexcept { return m_number; }
    [[nodiscard]] bool boolean() const noexcept { return m_boolean; }

    [[nodiscard]] const std::string& error() const noexcept { return m_error; } // "unexpected 'x' at byte 17"

private:
    enum class Expected { Value,
        FirstName,
        Name,
        FirstElement,
        CommaOrEnd,
        End };

    Token value();
    Token fail(std::string_view reason);
    Token begin(char bracket);
    Token end(char bracket);
    Token literal();
    Token numeric();
    Token toNumber(std::string_view digits, bool isWhole);
    Token string(Token kind);
    bool escapes(std::size_t from);
    bool unicodeEscape();
    bool hexDigits(std::uint32_t& codeUnit);
    void skipSpace() noexcept;
    void valueFinished() noexcept { m_expected = m_open.empty() ? Expected::End : Expected::CommaOrEnd; }
    [[nodiscard]] bool atEnd() const noexcept { return m_at >= m_text.size(); }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::size_t m_maxDepth;
    std::vector<char> m_open; // '{' and '['
    Expected m_expected = Expected::Value;
    std::string_view m_value;
    std::string m_unescaped;
    std::int64_t m_integer = 0;
    double m_number = 0;
    bool m_boolean = false;
    std::string m_error;
};

} // namespace sfumato
