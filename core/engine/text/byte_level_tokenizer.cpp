// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/byte_level_tokenizer.h"

#include "core/base/json_value.h"
#include "core/base/utf8.h"
#include "core/engine/text/byte_symbols.h"
#include "core/engine/text/unicode_text.h"

#include <algorithm>

namespace sfumato::engine {

namespace {

constexpr std::int64_t kLargestId = 4'000'000; // far beyond every vocabulary; bounds the memory that a hostile file can ask for
constexpr std::string_view kEndOfText = "<|endoftext|>";
constexpr std::string_view kVersionMark = "#version";

Error unreadable(const std::string& file, const std::string& what) { return { ErrorCode::FileUnreadable, file + " is no vocabulary: " + what + ".", file }; }

// The bytes that a token's characters stand for; empty when one of them stands for none.
std::optional<std::string> bytesOf(std::string_view token)
{
    std::string bytes;
    for (const char32_t code : unicode::decodeUtf8(token)) {
        const auto byte = kByteSymbols.byteOf(code);
        if (!byte) return std::nullopt;
        bytes.push_back(static_cast<char>(*byte));
    }
    return bytes;
}

std::size_t runLength(std::u32string_view text, std::size_t begin) noexcept
{
    const unicode::CharacterKind kind = unicode::characterKind(text[begin]);
    std::size_t end = begin + 1;
    while (end < text.size() && unicode::characterKind(text[end]) == kind) ++end;
    return end - begin;
}

// The length of the first piece of `text`, which is not empty, by the reference's regular expression:
// 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
std::size_t byteLevelPieceLength(std::u32string_view text) noexcept
{
    constexpr std::array<std::u32string_view, 7> kContractions{ U"'s", U"'t", U"'re", U"'ve", U"'m", U"'ll", U"'d" };
    for (const std::u32string_view contraction : kContractions)
        if (text.starts_with(contraction)) return contraction.size();
    if (unicode::characterKind(text[0]) != unicode::CharacterKind::Space) return runLength(text, 0);
    if (text[0] == U' ' && text.size() > 1 && unicode::characterKind(text[1]) != unicode::CharacterKind::Space) return 1 + runLength(text, 1);
    // White space gives its last character away to what follows, unless it is one alone.
    const std::size_t spaces = runLength(text, 0);
    return spaces < text.size() && spaces > 1 ? spaces - 1 : spaces;
}

} // namespace

// Fills a tokenizer from what the files say.
struct ByteLevelTokenizer::Reader {
    ByteLevelTokenizer& tokenizer;
    std::unordered_map<std::string, int> names; // tokens as the file writes them

    Result<void> addToken(const std::string& token, const JsonValue& value, const std::string& file);
    Result<void> addVocabulary(const JsonValue& vocabulary, const std::string& file);
    Result<void> addMerge(std::string_view left, std::string_view right, const std::string& file, const std::string& place);
    Result<void> addMergeLines(std::string_view merges, const std::string& file);
    Result<void> addMergeList(const JsonValue& merges, const std::string& file);
    void addSpecial(const std::string& text, int id);
};

Result<void> ByteLevelTokenizer::Reader::addToken(const std::string& token, const JsonValue& value, const std::string& file)
{
    const auto id = value.toInteger();
    if (!id || *id < 0 || *id >= kLargestId) return unreadable(file, "a token has no id from 0 to " + std::to_string(kLargestId - 1));
    names.emplace(token, static_cast<int>(*id));
    if (tokenizer.m_texts.size() <= static_cast<std::size_t>(*id)) tokenizer.m_texts.resize(static_cast<std::size_t>(*id) + 1);
    if (auto bytes = bytesOf(token)) {
        tokenizer.m_ids.emplace(*bytes, static_cast<int>(*id));
        tokenizer.m_texts[static_cast<std::size_t>(*id)] = std::move(*bytes);
    }
    return {};
}

Result<void> ByteLevelTokenizer::Reader::addVocabulary(const JsonValue& vocabulary, const std::string& file)
{
    names.reserve(vocabulary.members().size());
    tokenizer.m_ids.reserve(vocabulary.members().size());
    for (const auto& [token, id] : vocabulary.members())
        if (const auto added = addToken(token, id, file); !added) return added;
    for (unsigned byte = 0; byte < 256; ++byte) {
        const auto found = tokenizer.m_ids.find(std::string(1, static_cast<char>(byte)));
        if (found == tokenizer.m_ids.end()) return unreadable(file, "it has no token for the byte " + std::to_string(byte));
        tokenizer.m_byteIds[byte] = found->second;
    }
    return {};
}

Result<void> ByteLevelTokenizer::Reader::addMerge(std::string_view left, std::string_view right, const std::string& file, const std::string& place)
{
    const auto first = names.find(std::string(left)), second = names.find(std::string(right));
    const auto merged = names.find(std::string(left) + std::string(right));
    if (first == names.end() || second == names.end() || merged == names.end()) return unreadable(file, "it has no merge of two known tokens into a third in " + place);
    tokenizer.m_merges.add(first->second, second->second, merged->second);
    return {};
}

Result<void> ByteLevelTokenizer::Reader::addMergeLines(std::string_view merges, const std::string& file)
{
    for (std::size_t number = 1; !merges.empty(); ++number) {
        const std::size_t end = std::min(merges.find('\n'), merges.size());
        std::string_view line = merges.substr(0, end);
        merges.remove_prefix(std::min(end + 1, merges.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty() || (number == 1 && line.starts_with(kVersionMark))) continue;
        const std::size_t space = line.find(' ');
        const std::string_view right = space == std::string_view::npos ? std::string_view() : line.substr(space + 1);
        if (const auto added = addMerge(line.substr(0, space), right, file, "line " + std::to_string(number)); !added) return added;
    }
    return {};
}

// "a b", or ["a", "b"] as newer files have it.
Result<void> ByteLevelTokenizer::Reader::addMergeList(const JsonValue& merges, const std::string& file)
{
    std::size_t number = 0;
    for (const JsonValue& merge : merges.elements()) {
        const std::string place = "merge " + std::to_string(++number);
        std::string_view left, right;
        if (const std::string* text = merge.toString()) {
            const std::size_t space = std::min(text->find(' '), text->size());
            left = std::string_view(*text).substr(0, space);
            right = std::string_view(*text).substr(std::min(space + 1, text->size()));
        } else if (merge.elements().size() == 2 && merge.elements()[0].toString() && merge.elements()[1].toString()) {
            left = *merge.elements()[0].toString();
            right = *merge.elements()[1].toString();
        }
        if (const auto added = addMerge(left, right, file, place); !added) return added;
    }
    return {};
}

void ByteLevelTokenizer::Reader::addSpecial(const std::string& text, int id)
{
    auto& specials = tokenizer.m_specials;
    const auto place = std::ranges::find_if(specials, [&](const auto& other) { return other.first.size() < text.size(); });
    specials.insert(place, { text, id });
    if (tokenizer.m_texts.size() <= static_cast<std::size_t>(id)) tokenizer.m_texts.resize(static_cast<std::size_t>(id) + 1);
    tokenizer.m_texts[static_cast<std::size_t>(id)].clear();
}

Result<ByteLevelTokenizer> ByteLevelTokenizer::fromVocabulary(std::string_view vocabulary, std::string_view merges, const std::string& folder)
{
    const std::string vocabularyFile = folder + "/vocab.json", mergesFile = folder + "/merges.txt";
    const auto json = JsonValue::parse(vocabulary, vocabularyFile);
    if (!json) return json.error();
    ByteLevelTokenizer tokenizer;
    Reader reader{ tokenizer, {} };
    if (const auto added = reader.addVocabulary(*json, vocabularyFile); !added) return added.error();
    if (const auto added = reader.addMergeLines(merges, mergesFile); !added) return added.error();
    if (const auto end = reader.names.find(std::string(kEndOfText)); end != reader.names.end()) reader.addSpecial(end->first, end->second);
    return tokenizer;
}

Result<ByteLevelTokenizer> ByteLevelTokenizer::fromTokenizerJson(std::string_view json, const std::string& folder)
{
    const std::string file = folder + "/tokenizer.json";
    const auto document = JsonValue::parse(json, file);
    if (!document) return document.error();
    const auto isNamed = [](const JsonValue& value, std::string_view name) { return value["type"].toString() && *value["type"].toString() == name; };
    const JsonValue &model = (*document)["model"], &split = (*document)["pre_tokenizer"];
    if (!isNamed(model, "BPE") || !isNamed(split, "ByteLevel") || !(*document)["normalizer"].isNull() || split["use_regex"].toBool() == false)
        return Error{ ErrorCode::UnsupportedModel, file + " describes another tokenizer than that of GPT-2 (byte-level BPE without a normalizer).", file };
    ByteLevelTokenizer tokenizer;
    tokenizer.m_addsSpace = split["add_prefix_space"].toBool().value_or(false);
    Reader reader{ tokenizer, {} };
    if (const auto added = reader.addVocabulary(model["vocab"], file); !added) return added.error();
    if (const auto added = reader.addMergeList(model["merges"], file); !added) return added.error();
    for (const JsonValue& added : (*document)["added_tokens"].elements()) {
        const auto id = added["id"].toInteger();
        const std::string* content = added["content"].toString();
        if (!id || *id < 0 || *id >= kLargestId || !content || content->empty()) return unreadable(file, "an added token has no id or no text");
        reader.addSpecial(*content, static_cast<int>(*id));
    }
    return tokenizer;
}

std::vector<int> ByteLevelTokenizer::encode(std::string_view utf8) const
{
    std::vector<int> ids;
    while (!utf8.empty()) {
        std::size_t place = std::string_view::npos;
        const std::pair<std::string, int>* special = nullptr;
        for (const auto& candidate : m_specials)
            if (const std::size_t found = utf8.find(candidate.first); found < place) {
                place = found;
                special = &candidate;
            }
        encodeSegment(utf8.substr(0, place), ids);
        if (!special) break;
        ids.push_back(special->second);
        utf8.remove_prefix(place + special->first.size());
    }
    return ids;
}

void ByteLevelTokenizer::encodeSegment(std::string_view utf8, std::vector<int>& ids) const
{
    std::u32string text = unicode::decodeUtf8(utf8);
    if (m_addsSpace && !text.empty() && !text.starts_with(U' ')) text.insert(text.begin(), U' ');
    std::u32string_view rest = text;
    std::string bytes;
    std::vector<int> symbols;
    while (!rest.empty()) {
        const std::size_t length = byteLevelPieceLength(rest);
        bytes.clear();
        symbols.clear();
        for (const char32_t code : rest.substr(0, length)) appendUtf8(bytes, code);
        for (const char byte : bytes) symbols.push_back(m_byteIds[static_cast<unsigned char>(byte)]);
        m_merges.apply(symbols, ids);
        rest.remove_prefix(length);
    }
}

std::string ByteLevelTokenizer::decode(std::span<const int> ids) const
{
    std::string bytes;
    for (const int id : ids)
        if (id >= 0 && id < idCount()) bytes += m_texts[static_cast<std::size_t>(id)];
    if (isValidUtf8(bytes)) return bytes;
    std::string text;
    for (const char32_t code : unicode::decodeUtf8(bytes)) appendUtf8(text, code);
    return text;
}

std::optional<int> ByteLevelTokenizer::find(std::string_view utf8) const
{
    const auto found = m_ids.find(std::string(utf8));
    return found == m_ids.end() ? std::nullopt : std::optional(found->second);
}

} // namespace sfumato::engine
