// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/prompt_encoder.h"

#include "core/engine/nn/ops.h"

#include <algorithm>

namespace sfumato::engine {

namespace {

constexpr std::size_t kCachedPrompts = 64;
constexpr int kPenultimate = 1;

// [chunks, 77]; places after the first end token hold `padId`.
at::Tensor toIdTensor(const std::vector<PromptChunk>& chunks, int padId, at::Device device)
{
    at::Tensor ids = at::empty({ static_cast<std::int64_t>(chunks.size()), kChunkLength }, at::kLong);
    auto* out = ids.data_ptr<std::int64_t>();
    for (const PromptChunk& chunk : chunks) {
        const auto padded = withPadding(chunk, padId);
        out = std::copy(padded.begin(), padded.end(), out);
    }
    return ids.to(device);
}

// A1111 "Original" emphasis: token rows scaled, then the chunk's mean restored. hidden [chunks, 77, width].
at::Tensor weighted(const at::Tensor& hidden, const std::vector<PromptChunk>& chunks)
{
    if (!hasWeights(chunks)) return hidden;
    std::vector<at::Tensor> rows;
    for (std::size_t i = 0; i < chunks.size(); ++i) {
        rows.push_back(hidden.select(0, static_cast<std::int64_t>(i)));
        if (!hasWeights({ chunks[i] })) continue;
        at::Tensor weights = at::empty({ kChunkLength, 1 }, at::kFloat);
        std::copy(chunks[i].weights.begin(), chunks[i].weights.end(), weights.data_ptr<float>());
        const at::Tensor states = rows.back().to(at::kFloat);
        const at::Tensor scaled = states * weights.to(states.device());
        rows.back() = (scaled * (states.mean() / scaled.mean())).to(hidden.scalar_type());
    }
    return at::stack(rows);
}

} // namespace

PromptEncoder::PromptEncoder(const ClipTokenizer& tokenizer, const ClipTextEncoder* first, const ClipTextEncoder* second, PromptEncoderSettings settings)
    : m_tokenizer(tokenizer), m_first(first), m_second(second), m_settings(settings)
{
}

PromptPair PromptEncoder::encode(std::string_view prompt, std::string_view negative, bool guided, int clipSkip, std::stop_token stop)
{
    const Chunks chunks = chunksOf(prompt);
    if (!guided) return { encodeText(prompt, chunks, chunks.count(), clipSkip, stop), {} };

    PromptPair pair;
    if (negative.empty() && m_settings.zerosForEmptyNegative) {
        pair.positive = encodeText(prompt, chunks, chunks.count(), clipSkip, stop);
        pair.negative.context = at::zeros_like(pair.positive.context);
        if (pair.positive.pooled.defined()) pair.negative.pooled = at::zeros_like(pair.positive.pooled);
        return pair;
    }
    const Chunks negativeChunks = chunksOf(negative);
    const std::size_t count = std::max(chunks.count(), negativeChunks.count());
    pair.positive = encodeText(prompt, chunks, count, clipSkip, stop);
    pair.negative = encodeText(negative, negativeChunks, count, 0, stop);
    return pair;
}

PromptEncoder::Chunks PromptEncoder::chunksOf(std::string_view text) const
{
    Chunks chunks;
    if (m_first) chunks.first = chunkPrompt(m_tokenizer, text, PadToken::EndOfText);
    if (m_second) chunks.second = chunkPrompt(m_tokenizer, text, PadToken::ExclamationMark);
    return chunks;
}

PromptEmbedding PromptEncoder::encodeText(std::string_view text, Chunks chunks, std::size_t chunkCount, int clipSkip, const std::stop_token& stop)
{
    const auto matches = [&](const CacheEntry& entry) { return entry.text == text && entry.clipSkip == clipSkip && entry.chunkCount == chunkCount; };
    if (const auto found = std::ranges::find_if(m_cache, matches); found != m_cache.end()) {
        m_cache.splice(m_cache.begin(), m_cache, found);
        return m_cache.front().embedding;
    }
    chunks.first.resize(chunkCount, emptyChunk());
    chunks.second.resize(chunkCount, emptyChunk());
    m_cache.push_front({ std::string(text), clipSkip, chunkCount, encodeChunks(chunks, clipSkip, stop) });
    if (m_cache.size() > kCachedPrompts) m_cache.pop_back();
    return m_cache.front().embedding;
}

PromptEmbedding PromptEncoder::encodeChunks(const Chunks& chunks, int clipSkip, const std::stop_token& stop) const
{
    std::vector<at::Tensor> hidden; // of each encoder, [chunks, 77, width]
    at::Tensor pooled;
    if (m_first) {
        const int skip = (m_settings.finalNorm ? 0 : kPenultimate) + clipSkip;
        const at::Tensor states = m_first->forward(toIdTensor(chunks.first, ClipTokenizer::kEndToken, m_settings.device), skip, stop).hidden;
        hidden.push_back(weighted(m_settings.finalNorm ? m_first->finalNorm(states) : states, chunks.first));
    }
    if (m_second) {
        const ClipTextEncoder::Output output = m_second->forward(toIdTensor(chunks.second, ClipTokenizer::kExclamationToken, m_settings.device), kPenultimate + clipSkip, stop);
        hidden.push_back(weighted(output.hidden, chunks.second));
        if (output.pooled.defined()) pooled = output.pooled.narrow(0, 0, 1);
    }
    const at::Tensor joined = hidden.size() == 1 ? hidden.front() : at::cat(hidden, -1);
    return { joined.reshape({ 1, joined.size(0) * joined.size(1), joined.size(2) }), pooled };
}

} // namespace sfumato::engine
