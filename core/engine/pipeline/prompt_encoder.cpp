// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/prompt_encoder.h"

#include "core/engine/nn/ops.h"

#include <algorithm>

namespace sfumato::engine {

namespace {

constexpr std::size_t kCachedPrompts = 64;
constexpr int kSecondEncoderPadding = 0; // OpenCLIP pads with token 0 after the first end token
constexpr int kPenultimate = 1;

// [chunks, 77]; places after the first end token hold `padId`.
at::Tensor toIdTensor(const std::vector<PromptChunk>& chunks, int padId, at::Device device)
{
    at::Tensor ids = at::empty({static_cast<std::int64_t>(chunks.size()), kChunkLength}, at::kLong);
    auto* out = ids.data_ptr<std::int64_t>();
    for (const PromptChunk& chunk : chunks) {
        const auto padded = withPadding(chunk, padId);
        out = std::copy(padded.begin(), padded.end(), out);
    }
    return ids.to(device);
}

// A1111 "Original" emphasis: token rows scaled, then the chunk's mean restored. hidden [chunks, 77, width].
void applyWeights(at::Tensor& hidden, const std::vector<PromptChunk>& chunks)
{
    for (std::size_t i = 0; i < chunks.size(); ++i) {
        if (!hasWeights({chunks[i]})) continue;
        at::Tensor weights = at::empty({kChunkLength, 1}, at::kFloat);
        std::copy(chunks[i].weights.begin(), chunks[i].weights.end(), weights.data_ptr<float>());
        const at::Tensor rows = hidden.select(0, static_cast<std::int64_t>(i)).to(at::kFloat);
        const at::Tensor weighted = rows * weights.to(rows.device());
        hidden.select(0, static_cast<std::int64_t>(i)).copy_(weighted * (rows.mean() / weighted.mean()));
    }
}

} // namespace

PromptEncoder::PromptEncoder(const ClipTokenizer& tokenizer, const ClipTextEncoder* first, const ClipTextEncoder* second, PromptEncoderSettings settings)
    : m_tokenizer(tokenizer), m_first(first), m_second(second), m_settings(settings)
{
}

PromptPair PromptEncoder::encode(std::string_view prompt, std::string_view negative, bool guided, int clipSkip, std::stop_token stop)
{
    std::vector<PromptChunk> chunks = chunkPrompt(m_tokenizer, prompt);
    if (!guided) return {encodeText(prompt, chunks, clipSkip, stop), {}};

    const bool zeros = negative.empty() && m_settings.zerosForEmptyNegative;
    std::vector<PromptChunk> negativeChunks = zeros ? std::vector<PromptChunk>{} : chunkPrompt(m_tokenizer, negative);
    const std::size_t count = std::max(chunks.size(), negativeChunks.size());
    chunks.resize(count, emptyChunk());
    PromptPair pair;
    pair.positive = encodeText(prompt, chunks, clipSkip, stop);
    if (zeros) {
        pair.negative.context = at::zeros_like(pair.positive.context);
        if (pair.positive.pooled.defined()) pair.negative.pooled = at::zeros_like(pair.positive.pooled);
    } else {
        negativeChunks.resize(count, emptyChunk());
        pair.negative = encodeText(negative, negativeChunks, 0, stop);
    }
    return pair;
}

PromptEmbedding PromptEncoder::encodeText(std::string_view text, const std::vector<PromptChunk>& chunks, int clipSkip, const std::stop_token& stop)
{
    const auto matches = [&](const CacheEntry& entry) { return entry.text == text && entry.clipSkip == clipSkip && entry.chunkCount == chunks.size(); };
    if (const auto found = std::ranges::find_if(m_cache, matches); found != m_cache.end()) {
        m_cache.splice(m_cache.begin(), m_cache, found);
        return m_cache.front().embedding;
    }
    m_cache.push_front({std::string(text), clipSkip, chunks.size(), encodeChunks(chunks, clipSkip, stop)});
    if (m_cache.size() > kCachedPrompts) m_cache.pop_back();
    return m_cache.front().embedding;
}

PromptEmbedding PromptEncoder::encodeChunks(const std::vector<PromptChunk>& chunks, int clipSkip, const std::stop_token& stop) const
{
    std::vector<at::Tensor> hidden;
    at::Tensor pooled;
    if (m_first) {
        const int skip = (m_settings.finalNorm ? 0 : kPenultimate) + clipSkip;
        const at::Tensor states = m_first->forward(toIdTensor(chunks, ClipTokenizer::kEndToken, m_settings.device), skip, stop).hidden;
        hidden.push_back(m_settings.finalNorm ? m_first->finalNorm(states) : states);
    }
    if (m_second) {
        const ClipTextEncoder::Output output = m_second->forward(toIdTensor(chunks, kSecondEncoderPadding, m_settings.device), kPenultimate + clipSkip, stop);
        hidden.push_back(output.hidden);
        if (output.pooled.defined()) pooled = output.pooled.narrow(0, 0, 1);
    }
    for (at::Tensor& states : hidden) {
        states = states.clone();
        applyWeights(states, chunks);
    }
    const at::Tensor joined = hidden.size() == 1 ? hidden.front() : at::cat(hidden, -1); // [chunks, 77, width]
    return {joined.reshape({1, joined.size(0) * joined.size(1), joined.size(2)}), pooled};
}

} // namespace sfumato::engine
