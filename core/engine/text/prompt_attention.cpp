// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/prompt_attention.h"

#include "core/engine/text/unicode_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

namespace sfumato::engine {

namespace {

constexpr double kRoundBracketFactor = 1.1;
constexpr double kSquareBracketFactor = 1.0 / 1.1;
constexpr std::string_view kBreak = "BREAK";
constexpr std::string_view kSpecialCharacters = "\\()[]:";

// White space and word characters are those of the grammar's regular expressions, which know Unicode; U+001C..U+001F are spaces there too.
bool isGrammarSpace(char32_t code) noexcept { return unicode::isSpace(code) || (code >= 0x1C && code <= 0x1F); }
bool isWordCharacter(char32_t code) noexcept { return code == U'_' || unicode::isLetter(code) || unicode::isNumber(code); }

constexpr bool isContinuationByte(char byte) noexcept { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// The character that ends just before `end`, as [begin, end).
std::string_view characterBefore(std::string_view text, std::size_t end) noexcept
{
    std::size_t begin = end - 1;
    while (begin > 0 && end - begin < 4 && isContinuationByte(text[begin])) --begin;
    return text.substr(begin, end - begin);
}

// The character that begins at `begin`, with the continuation bytes that follow it.
std::string_view characterAt(std::string_view text, std::size_t begin) noexcept
{
    std::size_t end = begin + 1;
    while (end < text.size() && end - begin < 4 && isContinuationByte(text[end])) ++end;
    return text.substr(begin, end - begin);
}

char32_t codePointOf(std::string_view character)
{
    const std::u32string decoded = unicode::decodeUtf8(character);
    return decoded.size() == 1 ? decoded[0] : unicode::kReplacementCharacter;
}

std::size_t skipSpaces(std::string_view text, std::size_t at)
{
    while (at < text.size()) {
        const std::string_view character = characterAt(text, at);
        if (!isGrammarSpace(codePointOf(character))) break;
        at += character.size();
    }
    return at;
}

std::string_view trimmedEnd(std::string_view text)
{
    while (!text.empty()) {
        const std::string_view character = characterBefore(text, text.size());
        if (!isGrammarSpace(codePointOf(character))) break;
        text.remove_suffix(character.size());
    }
    return text;
}

// The next BREAK of `text` that is a word, from `from` on; npos when there is none.
std::size_t findBreak(std::string_view text, std::size_t from)
{
    for (std::size_t at = text.find(kBreak, from); at != std::string_view::npos; at = text.find(kBreak, at + 1)) {
        const std::size_t end = at + kBreak.size();
        const bool startsWord = at == 0 || !isWordCharacter(codePointOf(characterBefore(text, at)));
        const bool endsWord = end == text.size() || !isWordCharacter(codePointOf(characterAt(text, end)));
        if (startsWord && endsWord) return at;
    }
    return std::string_view::npos;
}

// ": number )" at the start of a text.
struct WeightMark {
    double weight;
    std::size_t length; // of the whole mark
};

std::optional<WeightMark> readWeightMark(std::string_view text)
{
    if (!text.starts_with(':')) return std::nullopt;
    const std::size_t begin = skipSpaces(text, 1);
    const bool hasSign = begin < text.size() && (text[begin] == '+' || text[begin] == '-');
    const std::size_t digits = begin + (hasSign ? 1 : 0);
    const std::size_t end = std::min(text.find_first_not_of("0123456789.", digits), text.size());
    const std::size_t close = skipSpaces(text, end);
    if (close >= text.size() || text[close] != ')') return std::nullopt;

    double weight = 0;
    const char* const last = text.data() + end;
    const auto [stop, error] = std::from_chars(text.data() + digits, last, weight, std::chars_format::fixed);
    if (error != std::errc{} || stop != last || !std::isfinite(weight)) return std::nullopt;
    return WeightMark{ hasSign && text[begin] == '-' ? -weight : weight, close + 1 };
}

class AttentionParser {
public:
    explicit AttentionParser(std::string_view prompt) : m_rest(prompt) { }

    std::vector<WeightedText> parse()
    {
        while (!m_rest.empty()) readNext();
        for (const std::size_t begin : m_roundBrackets) scaleFrom(begin, kRoundBracketFactor);
        for (const std::size_t begin : m_squareBrackets) scaleFrom(begin, kSquareBracketFactor);
        return merged();
    }

private:
    struct Run {
        std::string_view text;
        bool isBreak;
    };

    void readNext()
    {
        const char first = m_rest[0];
        if (first == '\\') {
            // A backslash before one of these is dropped and the character kept; before anything else it is dropped alone.
            const bool escapes = m_rest.size() > 1 && std::string_view("()[]\\").find(m_rest[1]) != std::string_view::npos;
            addRun(m_rest.substr(1, escapes ? 1 : 0), false);
            m_rest.remove_prefix(escapes ? 2 : 1);
        } else if (first == '(' && m_roundBrackets.size() < kDeepestNesting) {
            openBracket(m_roundBrackets);
        } else if (first == '[' && m_squareBrackets.size() < kDeepestNesting) {
            openBracket(m_squareBrackets);
        } else if (first == ')' && !m_roundBrackets.empty()) {
            closeBracket(m_roundBrackets, kRoundBracketFactor, 1);
        } else if (first == ']' && !m_squareBrackets.empty()) {
            closeBracket(m_squareBrackets, kSquareBracketFactor, 1);
        } else if (first == ':' && !m_roundBrackets.empty()) {
            if (const auto mark = readWeightMark(m_rest))
                closeBracket(m_roundBrackets, mark->weight, mark->length);
            else
                readText(1);
        } else {
            const bool isSpecial = kSpecialCharacters.find(first) != std::string_view::npos;
            readText(isSpecial ? 1 : std::min(m_rest.find_first_of(kSpecialCharacters), m_rest.size()));
        }
    }

    void openBracket(std::vector<std::size_t>& brackets)
    {
        brackets.push_back(m_runs.size());
        m_rest.remove_prefix(1);
    }

    void closeBracket(std::vector<std::size_t>& brackets, double factor, std::size_t length)
    {
        scaleFrom(brackets.back(), factor);
        brackets.pop_back();
        m_rest.remove_prefix(length);
    }

    // Text without brackets, cut at each BREAK; the white space around a BREAK goes with it.
    void readText(std::size_t length)
    {
        const std::string_view text = m_rest.substr(0, length);
        m_rest.remove_prefix(length);
        std::size_t begin = 0;
        for (std::size_t at = findBreak(text, 0); at != std::string_view::npos; at = findBreak(text, begin)) {
            addRun(trimmedEnd(text.substr(begin, at - begin)), false);
            addRun({}, true);
            begin = skipSpaces(text, at + kBreak.size());
        }
        addRun(text.substr(begin), false);
    }

    void addRun(std::string_view text, bool isBreak)
    {
        m_runs.push_back({ text, isBreak });
        m_weights.push_back(1.0);
    }

    void scaleFrom(std::size_t begin, double factor)
    {
        for (std::size_t i = begin; i < m_weights.size(); ++i) m_weights[i] = std::clamp(m_weights[i] * factor, -kLargestWeight, kLargestWeight);
    }

    std::vector<WeightedText> merged() const
    {
        std::vector<WeightedText> result;
        for (std::size_t i = 0; i < m_runs.size(); ++i) {
            const auto& [text, isBreak] = m_runs[i];
            if (isBreak)
                result.push_back({ {}, 1.0, true });
            else if (!result.empty() && !result.back().isBreak && result.back().weight == m_weights[i])
                result.back().text += text;
            else
                result.push_back({ std::string(text), m_weights[i], false });
        }
        if (result.empty()) result.emplace_back();
        return result;
    }

    std::string_view m_rest;
    std::vector<Run> m_runs;
    std::vector<double> m_weights;                              // beside m_runs, so that scaling runs over numbers alone
    std::vector<std::size_t> m_roundBrackets, m_squareBrackets; // index of the first run inside each open bracket
};

} // namespace

std::vector<WeightedText> parsePromptAttention(std::string_view prompt)
{
    return AttentionParser(prompt).parse();
}

} // namespace sfumato::engine
