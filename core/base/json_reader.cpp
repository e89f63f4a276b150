// SPDX-License-Identifier: Apache-2.0
#include "core/base/json_reader.h"

#include "core/base/utf8.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace sfumato {

namespace {

constexpr bool isDigit(char c) noexcept { return c >= '0' && c <= '9'; }

// The decimal exponent of the first digit that is not 0, for telling underflow from overflow: 3 for 1234, −2 for 0.01. Clamped to ±1,000,000.
long leadingExponent(std::string_view digits)
{
    constexpr long kLimit = 1'000'000;
    std::size_t at = digits.front() == '-' ? 1 : 0;
    long position = -1;
    long leading = -kLimit;
    bool pastPoint = false;
    for (; at < digits.size() && digits[at] != 'e' && digits[at] != 'E'; ++at) {
        if (digits[at] == '.') {
            pastPoint = true;
            continue;
        }
        if (leading == -kLimit && digits[at] != '0') leading = pastPoint ? position : 0;
        else if (!pastPoint && leading != -kLimit)
            ++leading;
        if (pastPoint) --position;
    }
    if (at == digits.size() || leading == -kLimit) return leading;
    const std::string exponent(digits.substr(at + 1));
    const long shift = std::strtol(exponent.c_str(), nullptr, 10);
    return leading + std::min(std::max(shift, -kLimit), kLimit);
}

} // namespace

JsonReader::JsonReader(std::string_view text, std::size_t maxDepth) : m_text(text), m_maxDepth(maxDepth)
{
    const std::size_t invalid = findInvalidUtf8(text);
    if (invalid == text.size()) return;
    m_at = invalid;
    fail("text that is not UTF-8");
}

JsonReader::Token JsonReader::fail(std::string_view reason)
{
    if (m_error.empty()) m_error = std::string(reason) + " at byte " + std::to_string(m_at);
    return Token::Invalid;
}

void JsonReader::skipSpace() noexcept
{
    while (!atEnd() && (m_text[m_at] == ' ' || m_text[m_at] == '\n' || m_text[m_at] == '\r' || m_text[m_at] == '\t')) ++m_at;
}

JsonReader::Token JsonReader::next()
{
    if (!m_error.empty()) return Token::Invalid;
    skipSpace();
    if (m_expected == Expected::End) return atEnd() ? Token::End : fail("text after the end");
    if (atEnd()) return fail("the text breaks off");
    const char c = m_text[m_at];
    switch (m_expected) {
    case Expected::Value: return value();
    case Expected::FirstElement: return c == ']' ? end('[') : value();
    case Expected::FirstName:
        if (c == '}') return end('{');
        break;
    case Expected::CommaOrEnd:
        if (c == '}') return end('{');
        if (c == ']') return end('[');
        if (c != ',') return fail("a missing comma");
        ++m_at;
        m_expected = m_open.back() == '{' ? Expected::Name : Expected::Value;
        return next();
    case Expected::Name:
    case Expected::End: break;
    }
    if (c != '"') return fail("a missing name");
    if (string(Token::Name) == Token::Invalid) return Token::Invalid;
    skipSpace();
    if (atEnd() || m_text[m_at] != ':') return fail("a missing colon");
    ++m_at;
    m_expected = Expected::Value;
    return Token::Name;
}

JsonReader::Token JsonReader::value()
{
    const char c = m_text[m_at];
    if (c == '{' || c == '[') return begin(c);
    if (c == '"') {
        const Token token = string(Token::String);
        valueFinished();
        return token;
    }
    if (c == '-' || isDigit(c)) return numeric();
    return literal();
}

JsonReader::Token JsonReader::begin(char bracket)
{
    if (m_open.size() >= m_maxDepth) return fail("nesting deeper than " + std::to_string(m_maxDepth) + " levels");
    m_open.push_back(bracket);
    ++m_at;
    m_expected = bracket == '{' ? Expected::FirstName : Expected::FirstElement;
    return bracket == '{' ? Token::BeginObject : Token::BeginArray;
}

JsonReader::Token JsonReader::end(char bracket)
{
    if (m_open.back() != bracket) return fail("a bracket of the wrong kind");
    m_open.pop_back();
    ++m_at;
    valueFinished();
    return bracket == '{' ? Token::EndObject : Token::EndArray;
}

JsonReader::Token JsonReader::literal()
{
    const std::string_view rest = m_text.substr(m_at, 5);
    const auto matches = [&](std::string_view word) { return rest.substr(0, word.size()) == word; };
    Token token = Token::Boolean;
    if (matches("true")) {
        m_boolean = true;
        m_at += 4;
    } else if (matches("false")) {
        m_boolean = false;
        m_at += 5;
    } else if (matches("null")) {
        token = Token::Null;
        m_at += 4;
    } else {
        return fail("something that is no JSON value");
    }
    valueFinished();
    return token;
}

JsonReader::Token JsonReader::numeric()
{
    const std::size_t from = m_at;
    const auto peek = [&] { return atEnd() ? '\0' : m_text[m_at]; };
    const auto digits = [&] {
        const std::size_t first = m_at;
        while (isDigit(peek())) ++m_at;
        return m_at > first;
    };
    if (peek() == '-') ++m_at;
    if (peek() == '0') ++m_at; // a zero stands alone: "01" leaves "1", which is no valid follower
    else if (!digits())
        return fail("a number without digits");
    if (isDigit(peek())) return fail("a number with a leading zero");
    bool isWhole = true;
    if (peek() == '.') {
        isWhole = false;
        ++m_at;
        if (!digits()) return fail("a number without digits");
    }
    if (peek() == 'e' || peek() == 'E') {
        isWhole = false;
        ++m_at;
        if (peek() == '+' || peek() == '-') ++m_at;
        if (!digits()) return fail("a number without digits");
    }
    return toNumber(m_text.substr(from, m_at - from), isWhole);
}

JsonReader::Token JsonReader::toNumber(std::string_view digits, bool isWhole)
{
    const char* const last = digits.data() + digits.size();
    if (isWhole && digits != "-0" && std::from_chars(digits.data(), last, m_integer).ec == std::errc{}) {
        valueFinished();
        return Token::Integer;
    }
    const std::errc outcome = std::from_chars(digits.data(), last, m_number).ec;
    if (outcome == std::errc::result_out_of_range) {
        if (leadingExponent(digits) > 0) return fail("a number too large");
        m_number = digits.front() == '-' ? -0.0 : 0.0;
    }
    valueFinished();
    return Token::Number;
}

JsonReader::Token JsonReader::string(Token kind)
{
    const std::size_t from = ++m_at;
    const char* const text = m_text.data();
    const std::size_t limit = std::min(m_text.size(), from + kMaxStringBytes);
    std::size_t at = m_at;
    while (at < limit && text[at] != '"' && text[at] != '\\' && static_cast<unsigned char>(text[at]) >= 0x20) ++at;
    m_at = at;
    if (!atEnd() && m_text[m_at] == '\\') {
        if (!escapes(from)) return Token::Invalid;
        m_value = m_unescaped;
    } else {
        m_value = m_text.substr(from, m_at - from);
    }
    if (atEnd()) return fail("a string that breaks off");
    if (m_at - from >= kMaxStringBytes) return fail("a string of more than " + std::to_string(kMaxStringBytes) + " bytes");
    if (m_text[m_at] != '"') return fail("a control character in a string");
    ++m_at;
    return kind;
}

// Reads the string that began at `from` into m_unescaped, up to its closing quote, a control character or the end.
bool JsonReader::escapes(std::size_t from)
{
    m_unescaped.assign(m_text.substr(from, m_at - from));
    while (!atEnd() && m_at - from < kMaxStringBytes) {
        const char c = m_text[m_at];
        if (c == '"' || static_cast<unsigned char>(c) < 0x20) return true;
        ++m_at;
        if (c != '\\') {
            m_unescaped.push_back(c);
            continue;
        }
        if (atEnd()) return true;
        constexpr std::string_view kLetters = "\"\\/bfnrt";
        constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
        const char letter = m_text[m_at++];
        if (letter == 'u') {
            if (!unicodeEscape()) return false;
            continue;
        }
        const std::size_t index = kLetters.find(letter);
        if (index == std::string_view::npos) {
            fail("an unknown escape");
            return false;
        }
        m_unescaped.push_back(kMeanings[index]);
    }
    return true;
}

bool JsonReader::unicodeEscape()
{
    std::uint32_t codePoint = 0;
    if (!hexDigits(codePoint)) return false;
    const bool isLow = codePoint >= 0xDC00 && codePoint <= 0xDFFF;
    const bool isHigh = codePoint >= 0xD800 && codePoint <= 0xDBFF;
    if (isHigh && m_text.substr(m_at, 2) == "\\u") {
        m_at += 2;
        std::uint32_t low = 0;
        if (!hexDigits(low)) return false;
        if (low >= 0xDC00 && low <= 0xDFFF) {
            appendUtf8(m_unescaped, 0x10000 + ((codePoint - 0xD800) << 10) + (low - 0xDC00));
            return true;
        }
    }
    if (isHigh || isLow) {
        fail("half a surrogate pair");
        return false;
    }
    appendUtf8(m_unescaped, codePoint);
    return true;
}

bool JsonReader::hexDigits(std::uint32_t& codeUnit)
{
    const std::string_view digits = m_text.substr(m_at, 4);
    const char* const last = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), last, codeUnit, 16);
    if (digits.size() != 4 || parsed.ec != std::errc{} || parsed.ptr != last) {
        fail("an escape without four hexadecimal digits");
        return false;
    }
    m_at += 4;
    return true;
}

} // namespace sfumato
