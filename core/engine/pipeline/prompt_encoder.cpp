// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/prompt_encoder.h"

#include "core/engine/io/message_text.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/finite.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/tensor_reading.h"
#include "core/engine/text/comfy_prompt.h"

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

// ComfyUI: token rows moved away from those of the empty prompt, the last of `hidden`, by their weights.
at::Tensor weightedFromEmpty(const at::Tensor& hidden, const std::vector<PromptChunk>& chunks)
{
    const auto count = static_cast<std::int64_t>(chunks.size());
    at::Tensor weights = at::empty({ count, kChunkLength, 1 }, at::kFloat);
    auto* next = weights.data_ptr<float>();
    for (const PromptChunk& chunk : chunks) next = std::copy(chunk.weights.begin(), chunk.weights.end(), next);
    const at::Tensor states = hidden.to(at::kFloat), empty = states.narrow(0, count, 1);
    return (empty + (states.narrow(0, 0, count) - empty) * weights.to(states.device())).to(hidden.scalar_type());
}

// How many layers of SDXL's encoders a task skips beyond the penultimate one: A1111 reads that one always, ComfyUI counts from the last.
int sdxlSkip(const PromptTask& task)
{
    switch (task.compatibility) {
    case Compatibility::A1111: return 0;
    case Compatibility::ComfyUi: return std::max(task.clipSkip - 1, 0);
    case Compatibility::Diffusers: break;
    }
    return task.clipSkip;
}

at::Tensor learned(const std::vector<at::Tensor>& vectors) { return vectors.empty() ? at::Tensor() : at::cat(vectors); }

at::Tensor readVectors(const EmbeddingFile& embedding, const EmbeddingPart& part, const ClipTextEncoder& encoder)
{
    const at::Tensor whole = readTensor(*embedding.file, *part.entry).reshape({ part.vectors, -1 });
    const at::Tensor vectors = whole.to(at::kFloat).narrow(1, part.firstColumn, encoder.config().width);
    if (!isFinite(vectors))
        throw EngineException(ErrorCode::UnsupportedModel, displayName(embedding.file->path()) + " is damaged: the tensor " + quotedName(part.entry->name) + " holds values that are not numbers.", part.entry->name);
    return vectors.to(encoder.device(), encoder.dtype()).contiguous();
}

// Changes whenever a file of the list does.
std::string keyOf(std::span<const EmbeddingReference> embeddings, std::span<const EmbeddingFile> bundled)
{
    std::string key;
    const auto add = [&key](const std::filesystem::path& path, const std::string& word) {
        std::error_code ignored;
        key += path.string() + '|' + word + '|' + std::to_string(std::filesystem::last_write_time(path, ignored).time_since_epoch().count()) + '|' + std::to_string(std::filesystem::file_size(path, ignored)) + '\n';
    };
    for (const EmbeddingFile& embedding : bundled) add(embedding.file->path(), embedding.word);
    for (const EmbeddingReference& embedding : embeddings) add(embedding.path, embedding.token);
    return key;
}

} // namespace

PromptEncoder::PromptEncoder(const ClipTokenizer& tokenizer, const ClipTextEncoder* first, const ClipTextEncoder* second, PromptEncoderSettings settings)
    : m_tokenizer(tokenizer), m_first(first), m_second(second), m_settings(settings)
{
}

PromptPair PromptEncoder::encode(const PromptTask& task, std::stop_token stop)
{
    const bool isOfDiffusers = task.compatibility == Compatibility::Diffusers;
    const TextStyle style{ m_second ? sdxlSkip(task) : task.clipSkip, task.compatibility };
    const Chunks chunks = chunksOf(task.prompt, task.compatibility);
    if (!task.guided) return { encodeText(task.prompt, chunks, chunks.count(), style, stop), {} };

    PromptPair pair;
    if (task.negative.empty() && m_settings.zerosForEmptyNegative && task.compatibility != Compatibility::ComfyUi) {
        pair.positive = encodeText(task.prompt, chunks, chunks.count(), style, stop);
        pair.negative.context = at::zeros_like(pair.positive.context);
        if (pair.positive.pooled.defined()) pair.negative.pooled = at::zeros_like(pair.positive.pooled);
        return pair;
    }
    const Chunks negativeChunks = chunksOf(task.negative, task.compatibility);
    const std::size_t together = std::max(chunks.count(), negativeChunks.count());
    pair.positive = encodeText(task.prompt, chunks, isOfDiffusers ? together : chunks.count(), style, stop);
    const TextStyle negativeStyle = isOfDiffusers ? TextStyle{ 0, task.compatibility } : style;
    pair.negative = encodeText(task.negative, negativeChunks, isOfDiffusers ? together : negativeChunks.count(), negativeStyle, stop);
    return pair;
}

void PromptEncoder::setEmbeddings(std::span<const EmbeddingReference> embeddings, std::span<const EmbeddingFile> bundled, Strictness strictness)
{
    std::string key = keyOf(embeddings, bundled);
    if (key == m_embeddingKey) return;
    m_words = {};
    m_firstVectors.clear();
    m_secondVectors.clear();
    m_embeddingKey.clear(); // until all are read
    forget();
    for (const EmbeddingFile& embedding : bundled) static_cast<void>(addEmbedding(embedding));
    for (const EmbeddingReference& reference : embeddings) {
        auto opened = EmbeddingFile::open(reference.path, reference.token);
        if (!opened) throw EngineException(std::move(opened).error());
        if (addEmbedding(*opened) || strictness == Strictness::LeaveOut) continue;
        std::string widths = m_first ? std::to_string(m_first->config().width) : std::string();
        if (m_second) widths += (widths.empty() ? "" : " and ") + std::to_string(m_second->config().width);
        throw EngineException(ErrorCode::UnsupportedModel, displayName(reference.path) + " is an embedding for another base model; this model's text encoders need vectors of " + widths + " numbers.", displayName(reference.path));
    }
    m_embeddingKey = std::move(key);
}

bool PromptEncoder::addEmbedding(const EmbeddingFile& embedding)
{
    const std::int64_t firstWidth = m_first ? m_first->config().width : 0, secondWidth = m_second ? m_second->config().width : 0;
    const EmbeddingPart first = m_first ? embeddingPart(embedding, true, firstWidth, secondWidth) : EmbeddingPart{};
    const EmbeddingPart second = m_second ? embeddingPart(embedding, false, secondWidth, firstWidth) : EmbeddingPart{};
    if ((m_first && !first.entry) || (m_second && !second.entry) || (m_first && m_second && first.vectors != second.vectors)) return false;
    if (m_words.add(m_tokenizer, embedding.word, static_cast<int>(m_first ? first.vectors : second.vectors)) == 0) return true; // a word without tokens occurs in no prompt
    if (m_first) m_firstVectors.push_back(readVectors(embedding, first, *m_first));
    if (m_second) m_secondVectors.push_back(readVectors(embedding, second, *m_second));
    return true;
}

PromptEncoder::Chunks PromptEncoder::chunksOf(std::string_view text, Compatibility compatibility) const
{
    const auto chunked = [&](PadToken pad) { return compatibility == Compatibility::ComfyUi ? chunkComfyPrompt(m_tokenizer, text, pad, m_words) : chunkPrompt(m_tokenizer, text, pad, m_words); };
    Chunks chunks;
    if (m_first) chunks.first = chunked(PadToken::EndOfText);
    if (m_second) chunks.second = chunked(PadToken::ExclamationMark);
    return chunks;
}

PromptEmbedding PromptEncoder::encodeText(std::string_view text, Chunks chunks, std::size_t chunkCount, TextStyle style, const std::stop_token& stop)
{
    const auto matches = [&](const CacheEntry& entry) { return entry.text == text && entry.style == style && entry.chunkCount == chunkCount; };
    if (const auto found = std::ranges::find_if(m_cache, matches); found != m_cache.end()) {
        m_cache.splice(m_cache.begin(), m_cache, found);
        return m_cache.front().embedding;
    }
    chunks.first.resize(chunkCount, emptyChunk());
    chunks.second.resize(chunkCount, emptyChunk());
    m_cache.push_front({ std::string(text), style, chunkCount, encodeChunks(chunks, style, stop) });
    if (m_cache.size() > kCachedPrompts) m_cache.pop_back();
    return m_cache.front().embedding;
}

PromptEmbedding PromptEncoder::encodeChunks(const Chunks& chunks, TextStyle style, const std::stop_token& stop) const
{
    std::vector<at::Tensor> hidden; // of each encoder, [chunks, 77, width]
    at::Tensor pooled;
    const auto weigh = [&](const std::vector<PromptChunk>& side, const auto& statesOf) {
        if (style.compatibility != Compatibility::ComfyUi || !hasWeights(side)) return weighted(statesOf(side), side);
        std::vector<PromptChunk> withEmpty = side;
        withEmpty.push_back(emptyChunk());
        return weightedFromEmpty(statesOf(withEmpty), side);
    };
    if (m_first) {
        const int skip = (m_settings.finalNorm ? 0 : kPenultimate) + style.clipSkip;
        hidden.push_back(weigh(chunks.first, [&](const std::vector<PromptChunk>& side) {
            const at::Tensor states = m_first->forward(toIdTensor(side, ClipTokenizer::kEndToken, m_settings.device), skip, stop, learned(m_firstVectors)).hidden;
            return m_settings.finalNorm ? m_first->finalNorm(states) : states;
        }));
    }
    if (m_second) {
        hidden.push_back(weigh(chunks.second, [&](const std::vector<PromptChunk>& side) {
            const ClipTextEncoder::Output output = m_second->forward(toIdTensor(side, ClipTokenizer::kExclamationToken, m_settings.device), kPenultimate + style.clipSkip, stop, learned(m_secondVectors));
            if (output.pooled.defined()) pooled = output.pooled.narrow(0, 0, 1);
            return output.hidden;
        }));
    }
    const at::Tensor joined = hidden.size() == 1 ? hidden.front() : at::cat(hidden, -1);
    return { joined.reshape({ 1, joined.size(0) * joined.size(1), joined.size(2) }), pooled };
}

} // namespace sfumato::engine
