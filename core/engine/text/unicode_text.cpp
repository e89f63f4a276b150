// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/unicode_text.h"

#include "core/engine/text/unicode_tables.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace sfumato::engine::unicode {

namespace {

constexpr char32_t kFirstMark = 0x300; // below it every character is its own NFC and has combining class 0
constexpr char32_t kCapitalIWithDot = 0x130;
constexpr char32_t kDotAbove = 0x307;

// The Hangul syllables, UAX #15 and The Unicode Standard, section 3.12.
constexpr char32_t kSyllableBase = 0xAC00, kLeadBase = 0x1100, kVowelBase = 0x1161, kTrailBase = 0x11A7;
constexpr char32_t kLeadCount = 19, kVowelCount = 21, kTrailCount = 28;
constexpr char32_t kSyllableCount = kLeadCount * kVowelCount * kTrailCount;

// The run that holds `code`, or nullptr. Runs are sorted and do not overlap.
template <typename Run>
const Run* findRun(std::span<const Run> runs, char32_t code) noexcept
{
    const auto after = std::upper_bound(runs.begin(), runs.end(), code, [](char32_t value, const Run& run) { return value < run.first; });
    if (after == runs.begin()) return nullptr;
    const Run& run = *(after - 1);
    return code <= run.last ? &run : nullptr;
}

const Decomposition* findDecomposition(char32_t code) noexcept
{
    const auto rows = decompositions();
    const auto row = std::lower_bound(rows.begin(), rows.end(), code, [](const Decomposition& entry, char32_t value) { return entry.code < value; });
    return row != rows.end() && row->code == code ? &*row : nullptr;
}

unsigned combiningClass(char32_t code) noexcept
{
    if (code < kFirstMark) return 0;
    const CombiningClassRun* run = findRun(combiningClasses(), code);
    return run ? run->combiningClass : 0;
}

void appendDecomposed(std::u32string& out, char32_t code)
{
    if (code - kSyllableBase < kSyllableCount) {
        const char32_t index = code - kSyllableBase;
        out.push_back(kLeadBase + index / (kVowelCount * kTrailCount));
        out.push_back(kVowelBase + index / kTrailCount % kVowelCount);
        if (index % kTrailCount != 0) out.push_back(kTrailBase + index % kTrailCount);
        return;
    }
    const Decomposition* row = code < 0xC0 ? nullptr : findDecomposition(code);
    if (!row) {
        out.push_back(code);
        return;
    }
    appendDecomposed(out, row->first);
    if (row->second != 0) appendDecomposed(out, row->second);
}

// Canonical ordering: marks between two starters are sorted by class, equal classes keep their order.
void orderMarks(std::u32string& text)
{
    struct Mark {
        unsigned combiningClass;
        char32_t code;
    };
    std::vector<Mark> marks;
    for (std::size_t begin = 0; begin < text.size();) {
        marks.clear();
        std::size_t end = begin;
        while (end < text.size()) {
            const unsigned markClass = combiningClass(text[end]);
            if (markClass == 0) break;
            marks.push_back({ markClass, text[end++] });
        }
        std::stable_sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) { return a.combiningClass < b.combiningClass; });
        for (std::size_t i = 0; i < marks.size(); ++i) text[begin + i] = marks[i].code;
        begin = end + 1;
    }
}

// The primary composites, sorted by their pair.
const std::vector<Decomposition>& compositions()
{
    static const std::vector<Decomposition> sorted = [] {
        std::vector<Decomposition> rows;
        for (const Decomposition& row : decompositions())
            if (row.composes) rows.push_back(row);
        std::sort(rows.begin(), rows.end(), [](const Decomposition& a, const Decomposition& b) {
            return a.first != b.first ? a.first < b.first : a.second < b.second;
        });
        return rows;
    }();
    return sorted;
}

// The character that a pair makes; 0 when it makes none.
char32_t compose(char32_t first, char32_t second) noexcept
{
    if (first - kLeadBase < kLeadCount && second - kVowelBase < kVowelCount)
        return kSyllableBase + ((first - kLeadBase) * kVowelCount + (second - kVowelBase)) * kTrailCount;
    if (first - kSyllableBase < kSyllableCount && (first - kSyllableBase) % kTrailCount == 0 && second > kTrailBase && second < kTrailBase + kTrailCount)
        return first + (second - kTrailBase);
    const auto& rows = compositions();
    const auto row = std::lower_bound(rows.begin(), rows.end(), Decomposition{ 0, first, second, true }, [](const Decomposition& a, const Decomposition& b) {
        return a.first != b.first ? a.first < b.first : a.second < b.second;
    });
    return row != rows.end() && row->first == first && row->second == second ? row->code : 0;
}

// Composes decomposed, ordered text in place.
void composeText(std::u32string& text)
{
    constexpr std::size_t kNone = std::u32string::npos;
    std::size_t starter = kNone; // where the last starter was written
    unsigned lastClass = 0;      // class of the last character written after it
    std::size_t out = 0;
    for (const char32_t code : text) {
        const unsigned codeClass = combiningClass(code);
        const bool adjacent = starter != kNone && out == starter + 1;
        if (starter != kNone && (adjacent || lastClass < codeClass)) {
            if (const char32_t composed = compose(text[starter], code)) {
                text[starter] = composed;
                continue;
            }
        }
        if (codeClass == 0) starter = out;
        lastClass = codeClass;
        text[out++] = code;
    }
    text.resize(out);
}

// How many bytes at `bytes` form one character (valid) or one maximal part of none (not valid); at least 1.
struct Sequence {
    std::size_t length;
    bool valid;
};

Sequence scanSequence(std::string_view bytes) noexcept
{
    const auto at = [&](std::size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U; };
    const unsigned first = at(0);
    if (first < 0x80) return { 1, true };
    if (first < 0xC2 || first > 0xF4) return { 1, false };
    const std::size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3
                                                               : 4;
    // The second byte's range excludes overlong forms, surrogates and what lies beyond U+10FFFF.
    const unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90
                                                              : 0x80;
    const unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F
                                                               : 0xBF;
    if (at(1) < low || at(1) > high) return { 1, false };
    for (std::size_t i = 2; i < length; ++i)
        if (at(i) < 0x80 || at(i) > 0xBF) return { i, false };
    return { length, true };
}

} // namespace

std::u32string decodeUtf8(std::string_view utf8)
{
    std::u32string text;
    text.reserve(utf8.size());
    while (!utf8.empty()) {
        const auto [length, valid] = scanSequence(utf8);
        if (!valid) {
            text.push_back(kReplacementCharacter);
        } else {
            const auto first = static_cast<unsigned char>(utf8[0]);
            char32_t code = length == 1 ? first : first & (0x7FU >> length);
            for (std::size_t i = 1; i < length; ++i) code = code << 6 | (static_cast<unsigned char>(utf8[i]) & 0x3FU);
            text.push_back(code);
        }
        utf8.remove_prefix(length);
    }
    return text;
}

bool isLetter(char32_t code) noexcept
{
    if (code < 0x80) return (code | 0x20U) - U'a' < 26;
    return findRun(letters(), code) != nullptr;
}

bool isNumber(char32_t code) noexcept
{
    if (code < 0x80) return code - U'0' < 10;
    return findRun(numbers(), code) != nullptr;
}

bool isSpace(char32_t code) noexcept
{
    if (code < 0x80) return code == U' ' || code - U'\t' < 5;
    return findRun(spaces(), code) != nullptr;
}

CharacterKind characterKind(char32_t code) noexcept
{
    if (isLetter(code)) return CharacterKind::Letter;
    if (isSpace(code)) return CharacterKind::Space;
    return isNumber(code) ? CharacterKind::Number : CharacterKind::Other;
}

std::u32string toNfc(std::u32string text)
{
    if (std::all_of(text.begin(), text.end(), [](char32_t code) { return code < kFirstMark; })) return text;
    std::u32string decomposed;
    decomposed.reserve(text.size() + text.size() / 4);
    for (const char32_t code : text) appendDecomposed(decomposed, code);
    orderMarks(decomposed);
    composeText(decomposed);
    return decomposed;
}

std::u32string toLower(std::u32string_view text)
{
    std::u32string lower;
    lower.reserve(text.size());
    for (const char32_t code : text) {
        if (code < 0x80) {
            lower.push_back(code - U'A' < 26 ? code + 32 : code);
            continue;
        }
        if (code == kCapitalIWithDot) {
            lower.push_back(U'i');
            lower.push_back(kDotAbove);
            continue;
        }
        const LowerCaseRun* run = findRun(lowerCaseRuns(), code);
        const bool mapped = run && (code - run->first) % run->step == 0;
        lower.push_back(mapped ? static_cast<char32_t>(static_cast<std::int32_t>(code) + run->offset) : code);
    }
    return lower;
}

} // namespace sfumato::engine::unicode
