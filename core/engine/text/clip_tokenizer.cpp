// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/clip_tokenizer.h"

#include "core/base/utf8.h"
#include "core/engine/text/unicode_text.h"

#include <array>
#include <fstream>
#include <functional>
#include <limits>
#include <optional>
#include <queue>
#include <string>
#include <system_error>
#include <utility>

namespace sfumato::engine {

namespace {

constexpr int kByteSymbols = 256;
constexpr int kFirstMergeId = 2 * kByteSymbols; // after the bytes and the bytes that end a word
constexpr int kMergeCount = ClipTokenizer::kStartToken - kFirstMergeId;
constexpr std::string_view kStartText = "<|startoftext|>";
constexpr std::string_view kEndText = "<|endoftext|>";
constexpr std::string_view kExclamationText = "!";
constexpr std::string_view kEndOfWord = "</w>";
constexpr int kNoRank = std::numeric_limits<int>::max();

constexpr bool isPrintableByte(unsigned byte) { return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174; }

// GPT-2's byte table: printable bytes stand for themselves and have the first ids; the others, in order, stand for U+0100 and up.
struct ByteTable {
    std::array<int, 256> ids{};
    std::array<char32_t, 256> codePoints{};

    constexpr ByteTable()
    {
        int nextId = 0;
        char32_t nextCodePoint = 0x100;
        for (unsigned byte = 0; byte < 256; ++byte)
            if (isPrintableByte(byte)) {
                ids[byte] = nextId++;
                codePoints[byte] = byte;
            }
        for (unsigned byte = 0; byte < 256; ++byte)
            if (!isPrintableByte(byte)) {
                ids[byte] = nextId++;
                codePoints[byte] = nextCodePoint++;
            }
    }
};

constexpr ByteTable kBytes;

constexpr std::uint64_t pairKey(int left, int right)
{
    return static_cast<std::uint64_t>(left) << 32 | static_cast<std::uint64_t>(right);
}

std::unordered_map<std::string, int> byteVocabulary()
{
    std::unordered_map<std::string, int> vocabulary;
    vocabulary.reserve(ClipTokenizer::kVocabularySize);
    for (std::size_t byte = 0; byte < 256; ++byte) {
        std::string symbol;
        appendUtf8(symbol, kBytes.codePoints[byte]);
        vocabulary.emplace(symbol, kBytes.ids[byte]);
        vocabulary.emplace(symbol.append(kEndOfWord), kBytes.ids[byte] + kByteSymbols);
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

enum class PieceKind { Space,
    Letter,
    Number,
    Other };

PieceKind pieceKind(char32_t code) noexcept
{
    if (unicode::isLetter(code)) return PieceKind::Letter;
    if (unicode::isSpace(code)) return PieceKind::Space;
    return unicode::isNumber(code) ? PieceKind::Number : PieceKind::Other;
}

// The length of the first piece of `text`, which is not empty, by the reference's regular expression; spaces are a piece of one.
std::size_t pieceLength(std::u32string_view text) noexcept
{
    if (const auto contraction = leadingContraction(text); !contraction.empty()) return contraction.size();
    const PieceKind kind = pieceKind(text[0]);
    std::size_t length = 1;
    if (kind == PieceKind::Space || kind == PieceKind::Number) return length;
    while (length < text.size() && pieceKind(text[length]) == kind) ++length;
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
    tokenizer.m_mergeRanks.reserve(static_cast<std::size_t>(kMergeCount));
    for (int rank = 0; rank < kMergeCount; ++rank) {
        const std::string place = "line " + std::to_string(rank + 2);
        if (!std::getline(file, line)) return unreadable(path, "ends before " + place + "; " + std::to_string(kMergeCount + 1) + " lines are needed");
        if (line.ends_with('\r')) line.pop_back();
        const std::size_t space = line.find(' ');
        const auto left = vocabulary.find(line.substr(0, space));
        const auto right = space == std::string::npos ? vocabulary.end() : vocabulary.find(line.substr(space + 1));
        if (left == vocabulary.end() || right == vocabulary.end()) return unreadable(path, "has no merge of two known symbols in " + place);
        tokenizer.m_mergeRanks.emplace(pairKey(left->second, right->second), rank);
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
        const std::size_t length = pieceLength(rest);
        if (!unicode::isSpace(rest[0])) encodePiece(toUtf8(rest.substr(0, length)), ids);
        rest.remove_prefix(length);
    }
}

// Merges the pair of lowest rank again and again, the leftmost first among equals. Symbols form a linked list; the queue holds pairs that once were
// neighbours, and an entry whose pair has since changed is passed over.
void ClipTokenizer::encodePiece(std::string_view bytes, std::vector<int>& ids) const
{
    struct Symbol {
        int id;
        std::size_t previous, next; // kEnd: none
        int rank;                   // of the pair with the next one
    };
    constexpr std::size_t kEnd = std::numeric_limits<std::size_t>::max();

    std::vector<Symbol> symbols;
    symbols.reserve(bytes.size());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const int id = kBytes.ids[static_cast<unsigned char>(bytes[i])];
        const bool isLast = i + 1 == bytes.size();
        symbols.push_back({ isLast ? id + kByteSymbols : id, i == 0 ? kEnd : i - 1, isLast ? kEnd : i + 1, kNoRank });
    }

    using Candidate = std::pair<int, std::size_t>; // rank, place of the left symbol
    std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue;
    const auto rankPair = [&](std::size_t left) {
        Symbol& symbol = symbols[left];
        symbol.rank = kNoRank;
        if (symbol.next == kEnd) return;
        const auto found = m_mergeRanks.find(pairKey(symbol.id, symbols[symbol.next].id));
        if (found == m_mergeRanks.end()) return;
        symbol.rank = found->second;
        queue.emplace(symbol.rank, left);
    };
    for (std::size_t i = 0; i < symbols.size(); ++i) rankPair(i);

    while (!queue.empty()) {
        const auto [rank, place] = queue.top();
        queue.pop();
        Symbol& left = symbols[place];
        if (left.rank != rank) continue;
        Symbol& right = symbols[left.next];
        left.id = kFirstMergeId + rank;
        right.rank = kNoRank;
        left.next = right.next;
        if (left.next != kEnd) symbols[left.next].previous = place;
        rankPair(place);
        if (left.previous != kEnd) rankPair(left.previous);
    }
    for (std::size_t i = 0; i != kEnd && i < symbols.size(); i = symbols[i].next) ids.push_back(symbols[i].id);
}

} // namespace sfumato::engine
