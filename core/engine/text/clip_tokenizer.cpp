// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/clip_tokenizer.h"

#include "core/base/utf8.h"
#include "core/engine/text/byte_symbols.h"
#include "core/engine/text/unicode_text.h"

#include <array>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>
#include <unordered_map>
#include <utility>

namespace sfumato::engine {

namespace {

constexpr int kByteSymbolCount = 256;
constexpr int kFirstMergeId = 2 * kByteSymbolCount; // after the bytes and the bytes that end a word
constexpr int kMergeCount = ClipTokenizer::kStartToken - kFirstMergeId;
constexpr std::string_view kStartText = "<|startoftext|>";
constexpr std::string_view kEndText = "<|endoftext|>";
constexpr std::string_view kExclamationText = "!";
constexpr std::string_view kEndOfWord = "</w>";

std::unordered_map<std::string, int> byteVocabulary()
{
    std::unordered_map<std::string, int> vocabulary;
    vocabulary.reserve(ClipTokenizer::kVocabularySize);
    for (std::size_t byte = 0; byte < 256; ++byte) {
        std::string symbol;
        appendUtf8(symbol, kByteSymbols.codePoints[byte]);
        vocabulary.emplace(symbol, kByteSymbols.places[byte]);
        vocabulary.emplace(symbol.append(kEndOfWord), kByteSymbols.places[byte] + kByteSymbolCount);
    }
    return vocabulary;
}

Error unreadable(const std::filesystem::path& path, const std::string& what)
{
    return { ErrorCode::FileUnreadable, "The tokenizer vocabulary " + path.string() + " " + what + ".", path.string() };
}

// The contraction that `text` begins with; empty when there is none.
std::u32string_view leadingContraction(std::u32string_view text) noexcept
{
    constexpr std::array<std::u32string_view, 7> kContractions{ U"'s", U"'t", U"'re", U"'ve", U"'m", U"'ll", U"'d" };
    for (const std::u32string_view contraction : kContractions)
        if (text.starts_with(contraction)) return contraction;
    return {};
}

// The letters of a special token that `text`, which is lower-case, begins with. Typed in capitals a special token is no id, but it is still
// cut out whole, and its brackets from its letters.
std::u32string_view leadingSpecialLetters(std::u32string_view text) noexcept
{
    constexpr std::array<std::u32string_view, 2> kSpecialLetters{ U"startoftext", U"endoftext" };
    if (!text.starts_with(U"<|")) return {};
    for (const std::u32string_view letters : kSpecialLetters)
        if (text.substr(2).starts_with(letters) && text.substr(2 + letters.size()).starts_with(U"|>")) return letters;
    return {};
}

// The length of the first piece of `text`, which is not empty, by the reference's regular expression; spaces are a piece of one.
std::size_t clipPieceLength(std::u32string_view text) noexcept
{
    if (const auto contraction = leadingContraction(text); !contraction.empty()) return contraction.size();
    const unicode::CharacterKind kind = unicode::characterKind(text[0]);
    std::size_t length = 1;
    if (kind == unicode::CharacterKind::Space || kind == unicode::CharacterKind::Number) return length;
    while (length < text.size() && unicode::characterKind(text[length]) == kind) ++length;
    return length;
}

std::string toUtf8(std::u32string_view text)
{
    std::string utf8;
    for (const char32_t code : text) appendUtf8(utf8, code);
    return utf8;
}

} // namespace

Result<ClipTokenizer> ClipTokenizer::load(const std::filesystem::path& path)
{
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored))
        return Error{ ErrorCode::FileNotFound, "The tokenizer vocabulary " + path.string() + " does not exist.", path.string() };
    std::ifstream file(path, std::ios::binary);
    std::string line;
    if (!file || !std::getline(file, line)) return unreadable(path, "cannot be read");

    auto vocabulary = byteVocabulary();
    ClipTokenizer tokenizer;
    tokenizer.m_merges.reserve(static_cast<std::size_t>(kMergeCount));
    for (int rank = 0; rank < kMergeCount; ++rank) {
        const std::string place = "line " + std::to_string(rank + 2);
        if (!std::getline(file, line)) return unreadable(path, "ends before " + place + "; " + std::to_string(kMergeCount + 1) + " lines are needed");
        if (line.ends_with('\r')) line.pop_back();
        const std::size_t space = line.find(' ');
        const auto left = vocabulary.find(line.substr(0, space));
        const auto right = space == std::string::npos ? vocabulary.end() : vocabulary.find(line.substr(space + 1));
        if (left == vocabulary.end() || right == vocabulary.end()) return unreadable(path, "has no merge of two known symbols in " + place);
        tokenizer.m_merges.add(left->second, right->second, kFirstMergeId + rank);
        vocabulary.emplace(left->first + right->first, kFirstMergeId + rank);
    }
    return tokenizer;
}

std::vector<int> ClipTokenizer::encode(std::string_view utf8, PadToken pad) const
{
    struct Special {
        std::string_view text;
        int id;
    };
    static constexpr std::array kSpecials{ Special{ kStartText, kStartToken }, Special{ kEndText, kEndToken }, Special{ kExclamationText, kExclamationToken } };
    const std::size_t known = pad == PadToken::ExclamationMark ? kSpecials.size() : kSpecials.size() - 1;

    std::vector<int> ids;
    while (!utf8.empty()) {
        std::size_t place = std::string_view::npos;
        const Special* special = nullptr;
        for (std::size_t i = 0; i < known; ++i)
            if (const std::size_t found = utf8.find(kSpecials[i].text); found < place) {
                place = found;
                special = &kSpecials[i];
            }
        encodeSegment(utf8.substr(0, place), ids);
        if (!special) break;
        ids.push_back(special->id);
        utf8.remove_prefix(place + special->text.size());
    }
    return ids;
}

void ClipTokenizer::encodeSegment(std::string_view utf8, std::vector<int>& ids) const
{
    const std::u32string normalized = unicode::toLower(unicode::toNfc(unicode::decodeUtf8(utf8)));
    std::u32string_view rest = normalized;
    while (!rest.empty()) {
        if (const auto letters = leadingSpecialLetters(rest); !letters.empty()) {
            encodePiece("<|", ids);
            encodePiece(toUtf8(letters), ids);
            encodePiece("|>", ids);
            rest.remove_prefix(letters.size() + 4);
            continue;
        }
        const std::size_t length = clipPieceLength(rest);
        if (!unicode::isSpace(rest[0])) encodePiece(toUtf8(rest.substr(0, length)), ids);
        rest.remove_prefix(length);
    }
}

void ClipTokenizer::encodePiece(std::string_view bytes, std::vector<int>& ids) const
{
    std::vector<int> symbols;
    symbols.reserve(bytes.size());
    for (const char byte : bytes) symbols.push_back(kByteSymbols.places[static_cast<unsigned char>(byte)]);
    symbols.back() += kByteSymbolCount; // the one that ends the word
    m_merges.apply(symbols, ids);
}

} // namespace sfumato::engine
