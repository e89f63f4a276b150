// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/prompt_chunks.h"

#include "core/engine/text/prompt_attention.h"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace sfumato::engine {

namespace {

// Fills one chunk after the other. Tokens of the open chunk lie in m_ids and m_weights until it is closed.
class ChunkBuilder {
public:
    void add(int id, float weight)
    {
        if (id == ClipTokenizer::kCommaToken)
            m_lastComma = m_ids.size();
        else if (m_ids.size() == kChunkCapacity && m_lastComma && kChunkCapacity - *m_lastComma <= kCommaBacktrack)
            closeAfter(*m_lastComma + 1);
        if (m_ids.size() == kChunkCapacity) closeAfter(kChunkCapacity);
        m_ids.push_back(id);
        m_weights.push_back(weight);
    }

    // Places that belong together.
    void addWord(const LearnedWord& word, float weight)
    {
        const std::size_t count = std::min(static_cast<std::size_t>(word.vectorCount), kChunkCapacity);
        if (m_ids.size() + count > kChunkCapacity) close();
        for (std::size_t i = 0; i < count; ++i) {
            m_ids.push_back(word.firstId + static_cast<int>(i));
            m_weights.push_back(weight);
        }
    }

    void close() { closeAfter(m_ids.size()); }

    // The chunks and how many tokens they hold, the last one without its padding.
    std::vector<PromptChunk> finish(int& tokenCount)
    {
        const bool hasOpenChunk = !m_ids.empty() || m_chunks.empty();
        tokenCount = static_cast<int>(m_chunks.size() * kChunkCapacity + m_ids.size());
        if (hasOpenChunk) close();
        return std::move(m_chunks);
    }

private:
    // Closes the chunk with its first `count` tokens; those after them open the next one.
    void closeAfter(std::size_t count)
    {
        PromptChunk chunk = emptyChunk();
        const auto end = static_cast<std::ptrdiff_t>(count);
        std::copy_n(m_ids.begin(), end, chunk.ids.begin() + 1);
        std::copy_n(m_weights.begin(), end, chunk.weights.begin() + 1);
        m_chunks.push_back(chunk);
        m_ids.erase(m_ids.begin(), m_ids.begin() + end);
        m_weights.erase(m_weights.begin(), m_weights.begin() + end);
        m_lastComma.reset();
    }

    std::vector<PromptChunk> m_chunks;
    std::vector<int> m_ids;
    std::vector<float> m_weights;
    std::optional<std::size_t> m_lastComma; // in the open chunk
};

void addRun(ChunkBuilder& builder, std::span<const int> ids, float weight, PadToken pad, const LearnedWords& words)
{
    while (!ids.empty()) {
        if (const LearnedWord* const word = words.matchAt(ids, pad)) {
            builder.addWord(*word, weight);
            ids = ids.subspan(pad == PadToken::ExclamationMark ? word->exclamationTokens.size() : word->tokens.size());
        } else {
            builder.add(ids.front(), weight);
            ids = ids.subspan(1);
        }
    }
}

std::vector<PromptChunk> buildChunks(const ClipTokenizer& tokenizer, std::string_view prompt, PadToken pad, const LearnedWords& words, int& count)
{
    ChunkBuilder builder;
    for (const WeightedText& run : parsePromptAttention(prompt)) {
        if (run.isBreak) {
            builder.close();
            continue;
        }
        addRun(builder, tokenizer.encode(run.text, pad), static_cast<float>(run.weight), pad, words);
    }
    return builder.finish(count);
}

} // namespace

PromptChunk emptyChunk()
{
    PromptChunk chunk;
    chunk.ids.fill(ClipTokenizer::kEndToken);
    chunk.ids.front() = ClipTokenizer::kStartToken;
    chunk.weights.fill(1.0F);
    return chunk;
}

std::vector<PromptChunk> chunkPrompt(const ClipTokenizer& tokenizer, std::string_view prompt, PadToken pad, const LearnedWords& words)
{
    int count = 0;
    return buildChunks(tokenizer, prompt, pad, words, count);
}

int tokenCount(const ClipTokenizer& tokenizer, std::string_view prompt, const LearnedWords& words)
{
    int count = 0;
    buildChunks(tokenizer, prompt, PadToken::EndOfText, words, count);
    return count;
}

bool hasWeights(const std::vector<PromptChunk>& chunks) noexcept
{
    return std::any_of(chunks.begin(), chunks.end(), [](const PromptChunk& chunk) {
        return std::any_of(chunk.weights.begin(), chunk.weights.end(), [](float weight) { return weight != 1.0F; });
    });
}

std::array<int, kChunkLength> withPadding(const PromptChunk& chunk, int padId) noexcept
{
    std::array<int, kChunkLength> ids = chunk.ids;
    const auto end = std::find(ids.begin(), ids.end(), ClipTokenizer::kEndToken);
    if (end != ids.end()) std::fill(end + 1, ids.end(), padId);
    return ids;
}

} // namespace sfumato::engine
