// SearchText and SearchPattern: the words a file can be found by, and a search for some of them.
// Thread: any, pure.
//
// Texts are folded: case, accents and width do not matter ("Éclair" is found by "eclair"). A search is words in any order, each anywhere in any field:
//   ink wash        both words            "ink wash"   these words in a row         -style      must not occur
//   base:sdxl       in one field only: name, path (or folder), trigger, tag, note, base
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QString>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato::library {

enum class SearchField { Name,
    Path,
    Triggers,
    Tags,
    Notes,
    Base };

inline constexpr std::size_t kSearchFieldCount = 6;

// UTF-8 without case, accents, ligatures and width; spaces and line ends are single spaces.
[[nodiscard]] QByteArray foldedForSearch(const QString& text);

// Bytes whose order is the order of names for people: folded, runs of digits by their value.
[[nodiscard]] QByteArray naturalSortKey(const QString& name);

// The place of a name in the order of names. Its first eight bytes, kept beside the others, decide nearly every comparison without a look elsewhere in memory.
class SortKey {
public:
    SortKey() = default;
    // `bytes`: what naturalSortKey gave.
    explicit SortKey(QByteArray bytes);

    [[nodiscard]] const QByteArray& bytes() const noexcept { return m_bytes; }
    [[nodiscard]] std::uint64_t prefix() const noexcept { return m_prefix; } // a smaller one comes first; equal ones say nothing

private:
    std::uint64_t m_prefix = 0;
    QByteArray m_bytes;
};

class SearchText {
public:
    SearchText() = default;
    // The fields in the order of SearchField, each folded already.
    explicit SearchText(const std::array<QByteArray, kSearchFieldCount>& folded);
    // What stored() gave; anything else gives a text in which the missing fields are empty.
    [[nodiscard]] static SearchText fromStored(std::string_view stored);

    [[nodiscard]] const std::string& stored() const noexcept { return m_text; }
    [[nodiscard]] std::string_view whole() const noexcept { return m_text; } // fields divided by line ends, which no word contains
    [[nodiscard]] std::string_view field(SearchField field) const noexcept;

private:
    std::string m_text;
    std::array<std::uint32_t, kSearchFieldCount> m_ends{};
};

class SearchPattern {
public:
    static constexpr std::size_t kMaxWords = 32; // further ones are ignored

    SearchPattern() = default; // matches everything
    explicit SearchPattern(const QString& query);

    [[nodiscard]] bool isEmpty() const noexcept { return m_words.empty(); }

    // Empty when the text does not match; else how well it does, 0 best: every word begins a word of the name; every word is in the name; name or triggers; anywhere.
    [[nodiscard]] std::optional<int> rank(const SearchText& text) const noexcept;

private:
    struct Word {
        std::string folded;
        std::optional<SearchField> field;
        bool isExcluded = false;
    };

    std::vector<Word> m_words;
};

} // namespace sfumato::library
