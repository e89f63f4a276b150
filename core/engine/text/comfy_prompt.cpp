// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/comfy_prompt.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace sfumato::engine {

namespace {

constexpr double kEmphasis = 1.1;
constexpr std::size_t kLargeGroup = 8; // tokens; such a run may be cut
constexpr std::string_view kEmbedding = "embedding:";
// Stand for escaped brackets while the text is read.
constexpr char kClosed = '\1', kOpened = '\2';

std::string withoutEscapes(std::string_view prompt)
{
    std::string text;
    for (std::size_t i = 0; i < prompt.size(); ++i) {
        const bool escapes = prompt[i] == '\\' && i + 1 < prompt.size() && (prompt[i + 1] == '(' || prompt[i + 1] == ')');
        if (escapes) ++i;
        text += !escapes ? prompt[i] : prompt[i] == '(' ? kOpened
                                                        : kClosed;
    }
    return text;
}

std::string restored(std::string_view text)
{
    std::string plain(text);
    std::ranges::replace(plain, kOpened, '(');
    std::ranges::replace(plain, kClosed, ')');
    return plain;
}

// The text in pieces: outermost brackets with what is in them, and what lies between. One that is never closed goes to the end.
std::vector<std::string_view> pieces(std::string_view text)
{
    std::vector<std::string_view> found;
    std::size_t begin = 0;
    int depth = 0;
    const auto cut = [&](std::size_t end) {
        if (end > begin) found.push_back(text.substr(begin, end - begin));
        begin = end;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '(' && depth++ == 0) cut(i);
        if (text[i] == ')' && --depth == 0) cut(i + 1);
    }
    cut(text.size());
    return found;
}

bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f'; }

// A number as Python's float() reads it, but for underscores, "inf" and "nan".
std::optional<double> numberIn(std::string_view text)
{
    while (!text.empty() && isSpace(text.front())) text.remove_prefix(1);
    while (!text.empty() && isSpace(text.back())) text.remove_suffix(1);
    if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty() || !std::isfinite(value)) return std::nullopt;
    return value;
}

void addRuns(std::string_view text, double weight, int depth, std::vector<WeightedText>& runs)
{
    for (std::string_view piece : pieces(text)) {
        if (piece.size() < 2 || piece.front() != '(' || piece.back() != ')' || depth >= kDeepestNesting) {
            runs.push_back({ restored(piece), weight, false });
            continue;
        }
        piece = piece.substr(1, piece.size() - 2);
        double inner = weight * kEmphasis;
        const std::size_t colon = piece.rfind(':');
        if (colon != std::string_view::npos && colon > 0) {
            if (const auto number = numberIn(piece.substr(colon + 1))) {
                inner = *number;
                piece = piece.substr(0, colon);
            }
        }
        addRuns(piece, std::clamp(inner, -kLargestWeight, kLargestWeight), depth + 1, runs);
    }
}

struct Group {
    std::vector<int> ids;
    float weight = 1.0F;
};

// Fills one chunk after the other with whole groups.
class GroupChunks {
public:
    void add(Group group)
    {
        std::span<const int> ids = group.ids;
        const bool isLarge = ids.size() >= kLargeGroup;
        while (m_used + ids.size() > kChunkCapacity) {
            const std::size_t taken = isLarge ? kChunkCapacity - m_used : 0;
            put(ids.first(taken), group.weight);
            ids = ids.subspan(taken);
            m_chunks.push_back(emptyChunk());
            m_used = 0;
        }
        put(ids, group.weight);
    }

    std::vector<PromptChunk> finish() { return std::move(m_chunks); }

private:
    void put(std::span<const int> ids, float weight)
    {
        for (const int id : ids) {
            m_chunks.back().ids[1 + m_used] = id;
            m_chunks.back().weights[1 + m_used] = weight;
            ++m_used;
        }
    }

    std::vector<PromptChunk> m_chunks{ emptyChunk() };
    std::size_t m_used = 0;
};

// The text before each " embedding:" or line break with it, which is dropped, and what follows; the mark itself is left out.
std::vector<std::string_view> aroundEmbeddings(std::string_view text)
{
    std::vector<std::string_view> parts;
    std::size_t begin = text.starts_with(kEmbedding) ? kEmbedding.size() : 0;
    for (std::size_t at = text.find(kEmbedding, begin); at != std::string_view::npos; at = text.find(kEmbedding, at + 1)) {
        if (at == 0 || (text[at - 1] != ' ' && text[at - 1] != '\n')) continue;
        parts.push_back(text.substr(begin, at - 1 - begin));
        begin = at + kEmbedding.size();
    }
    parts.push_back(text.substr(begin));
    std::erase_if(parts, [](std::string_view part) { return part.empty(); });
    return parts;
}

void addGroups(GroupChunks& chunks, std::span<const int> ids, float weight, PadToken pad, const LearnedWords& words)
{
    Group plain{ {}, weight };
    const auto close = [&] {
        if (!plain.ids.empty()) chunks.add(plain);
        plain.ids.clear();
    };
    while (!ids.empty()) {
        const LearnedWord* const word = words.matchAt(ids, pad);
        if (word == nullptr) {
            plain.ids.push_back(ids.front());
            ids = ids.subspan(1);
            continue;
        }
        close();
        Group vectors{ {}, weight };
        for (int i = 0; i < word->vectorCount; ++i) vectors.ids.push_back(word->firstId + i);
        chunks.add(vectors);
        ids = ids.subspan(pad == PadToken::ExclamationMark ? word->exclamationTokens.size() : word->tokens.size());
    }
    close();
}

} // namespace

std::vector<WeightedText> parseComfyPrompt(std::string_view prompt)
{
    std::vector<WeightedText> runs;
    const std::string text = withoutEscapes(prompt);
    addRuns(text, 1.0, 0, runs);
    return runs;
}

std::vector<PromptChunk> chunkComfyPrompt(const ClipTokenizer& tokenizer, std::string_view prompt, PadToken pad, const LearnedWords& words)
{
    GroupChunks chunks;
    for (const WeightedText& run : parseComfyPrompt(prompt))
        for (const std::string_view part : aroundEmbeddings(run.text)) addGroups(chunks, tokenizer.encode(part, pad), static_cast<float>(run.weight), pad, words);
    return chunks.finish();
}

} // namespace sfumato::engine
