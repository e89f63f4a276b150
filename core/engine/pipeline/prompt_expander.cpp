// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/prompt_expander.h"

#include "core/engine/io/language_model_files.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"
#include "core/engine/sampling/token_sampler.h"
#include "core/engine/text/expansion_text.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

namespace sfumato::engine {

namespace {

constexpr float kUnwanted = -8192.0f;
constexpr std::uint64_t kSeedMask = 0xFFFFFFFFU;
constexpr std::string_view kSpaces = " \r\n,";

template <typename Value>
Value valueOrThrow(Result<Value> result)
{
    if (!result) throw EngineException(std::move(result).error());
    return std::move(result).value();
}

ByteLevelTokenizer tokenizerOf(const LanguageModelFiles& files, const std::filesystem::path& folder)
{
    const std::string name = folder.filename().string();
    return valueOrThrow(files.tokenizerJson.empty() ? ByteLevelTokenizer::fromVocabulary(files.vocabulary, files.merges, name) : ByteLevelTokenizer::fromTokenizerJson(files.tokenizerJson, name));
}

std::vector<float> biasOf(const std::string& wordList, const ByteLevelTokenizer& tokenizer, std::size_t vocabulary, const std::filesystem::path& folder)
{
    std::vector<float> bias(vocabulary, kUnwanted);
    const std::vector<int> words = wordListIds(wordList, tokenizer);
    for (const int id : words) bias[static_cast<std::size_t>(id)] = 0.0f;
    if (words.empty())
        throw EngineException(ErrorCode::UnsupportedModel, "The word list " + (folder / "positive.txt").string() + " has no word that is one token of the model; it needs one word a line.", (folder / "positive.txt").string());
    return bias;
}

std::filesystem::file_time_type latestChange(const std::filesystem::path& folder)
{
    std::error_code ignored;
    std::filesystem::file_time_type latest = std::filesystem::last_write_time(folder, ignored);
    for (const char* name : { "config.json", "model.safetensors", "positive.txt", "vocab.json", "merges.txt", "tokenizer.json" })
        if (const auto time = std::filesystem::last_write_time(folder / name, ignored); !ignored) latest = std::max(latest, time);
    return latest;
}

} // namespace

PromptExpander::PromptExpander(const std::filesystem::path& folder, const std::stop_token& stop) : m_folder(folder), m_modified(latestChange(folder))
{
    const LanguageModelFiles files = valueOrThrow(LanguageModelFiles::open(folder));
    m_tokenizer = tokenizerOf(files, folder);
    const Weights weights(files.tensors, files.name, { at::kFloat, at::kCPU, {}, stop });
    m_model = std::make_unique<Gpt2Model>(weights, files.settings);
    weights.finish();
    const std::int64_t vocabulary = m_model->config().vocabulary;
    if (m_tokenizer->idCount() > vocabulary)
        throw EngineException(ErrorCode::UnsupportedModel, "The tokenizer in " + folder.string() + " has ids up to " + std::to_string(m_tokenizer->idCount() - 1) + ", but " + files.name + " knows " + std::to_string(vocabulary) + " tokens.", folder.string());
    m_parameterCount = files.parameterCount;
    m_endToken = files.settings.endToken;
    m_comma = m_tokenizer->find(",");
    if (files.wordList) m_bias = biasOf(*files.wordList, *m_tokenizer, static_cast<std::size_t>(vocabulary), folder);
}

bool PromptExpander::isFrom(const std::filesystem::path& folder) const { return folder == m_folder && latestChange(folder) == m_modified; }

// The bias of the word list, with what is in the text already unwanted and the comma always welcome.
void PromptExpander::applyWordList(at::Tensor& logits, const std::vector<int>& ids) const
{
    const at::Tensor given = logits;
    logits = given + at::from_blob(const_cast<float*>(m_bias.data()), { static_cast<std::int64_t>(m_bias.size()) }, at::TensorOptions(at::kFloat));
    const float* before = given.const_data_ptr<float>();
    float* after = logits.mutable_data_ptr<float>();
    for (const int id : ids) after[id] = before[id] + kUnwanted;
    if (m_comma) after[*m_comma] = before[*m_comma];
}

std::vector<int> PromptExpander::continued(std::vector<int> ids, const ExpansionRequest& request, int count, const std::stop_token& stop) const
{
    TokenSampler sampler(request.seed & kSeedMask, { request.temperature, request.topK, request.topP });
    Gpt2Cache cache;
    for (int made = 0; made < count; ++made) {
        const std::size_t known = static_cast<std::size_t>(cache.tokens);
        at::Tensor fresh = at::empty({ 1, static_cast<std::int64_t>(ids.size() - known) }, at::kLong);
        std::copy(ids.begin() + static_cast<std::ptrdiff_t>(known), ids.end(), fresh.mutable_data_ptr<std::int64_t>());
        const at::Tensor hidden = m_model->forward(fresh, cache, stop);
        at::Tensor logits = m_model->logits(hidden.select(1, hidden.size(1) - 1)).squeeze(0);
        if (!m_bias.empty()) applyWordList(logits, ids);
        const auto next = static_cast<int>(sampler.draw(logits));
        if (m_bias.empty() && next == m_endToken) break;
        ids.push_back(next);
    }
    return ids;
}

PromptExpansion PromptExpander::expand(const ExpansionRequest& request, const std::stop_token& stop) const
{
    const std::string cleaned = cleanedForExpansion(request.prompt);
    if (cleaned.empty()) return { {}, {} };
    const std::vector<int> ids = m_tokenizer->encode(cleaned + ',');
    const int count = expansionLength(static_cast<int>(ids.size()), static_cast<int>(m_model->config().positions));
    if (count == 0) return { cleaned, {} };
    PromptExpansion expansion;
    expansion.prompt = cleanedForExpansion(m_tokenizer->decode(continued(ids, request, count, stop)));
    if (expansion.prompt.size() > cleaned.size()) expansion.addition = expansion.prompt.substr(cleaned.size());
    expansion.addition.erase(0, std::min(expansion.addition.find_first_not_of(kSpaces), expansion.addition.size()));
    return expansion;
}

} // namespace sfumato::engine
