// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/language_model_files.h"

#include "core/engine/io/diffusers_folder.h"
#include "core/engine/io/message_text.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>
#include <system_error>

namespace sfumato::engine {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxVocabularyBytes = std::uint64_t{ 32 } << 20;
constexpr std::string_view kPrefix = "transformer.", kOutput = "lm_head.weight", kEmbedding = "wte.weight";

// The first of several names for a setting.
const JsonValue& settingOf(const JsonValue& config, std::initializer_list<std::string_view> names)
{
    for (const std::string_view name : names)
        if (!config[name].isNull()) return config[name];
    return config[*names.begin()];
}

// Settings that change the numbers and that this program does not follow.
Result<void> checkSettings(const JsonValue& config, const fs::path& path)
{
    const std::string* kind = config["model_type"].toString();
    if (kind && *kind != "gpt2") return fileError(path, "describes a model of the kind " + quotedName(*kind) + "; prompts are expanded by models of the kind \"gpt2\".", ErrorCode::UnsupportedModel);
    const std::array<std::pair<std::string_view, bool>, 3> kFollowed{ { { "scale_attn_weights", true }, { "scale_attn_by_inverse_layer_idx", false }, { "add_cross_attention", false } } };
    for (const auto& [name, value] : kFollowed)
        if (config[name].toBool().value_or(value) != value)
            return fileError(path, "sets " + std::string(name) + " to " + (value ? "false" : "true") + "; only " + (value ? "true" : "false") + " is known.", ErrorCode::UnsupportedModel);
    return {};
}

Result<LanguageModelSettings> readSettings(const JsonValue& config, const fs::path& path)
{
    if (const auto known = checkSettings(config, path); !known) return known.error();
    LanguageModelSettings settings;
    settings.heads = settingOf(config, { "n_head", "num_attention_heads" }).toInteger().value_or(0);
    settings.normEpsilon = config["layer_norm_epsilon"].toNumber().value_or(settings.normEpsilon);
    if (const std::string* activation = settingOf(config, { "activation_function", "hidden_act" }).toString()) settings.activation = *activation;
    const JsonValue& end = config["eos_token_id"];
    const auto id = (end.isArray() && !end.elements().empty() ? end.elements().front() : end).toInteger();
    if (id && *id >= 0 && *id < static_cast<std::int64_t>(kMaxVocabularyBytes)) settings.endToken = static_cast<int>(*id);
    return settings;
}

Result<void> readTokenizer(const fs::path& folder, LanguageModelFiles& files)
{
    std::error_code ignored;
    if (fs::exists(folder / "vocab.json", ignored) && fs::exists(folder / "merges.txt", ignored)) {
        auto vocabulary = readTextFile(folder / "vocab.json", kMaxVocabularyBytes);
        if (!vocabulary) return std::move(vocabulary).error();
        auto merges = readTextFile(folder / "merges.txt", kMaxVocabularyBytes);
        if (!merges) return std::move(merges).error();
        files.vocabulary = std::move(*vocabulary);
        files.merges = std::move(*merges);
        return {};
    }
    auto json = readTextFile(folder / "tokenizer.json", kMaxVocabularyBytes);
    if (!json && json.error().code == ErrorCode::FileNotFound)
        return fileError(folder, "holds no tokenizer; it needs vocab.json and merges.txt, or tokenizer.json.", ErrorCode::FileNotFound);
    if (!json) return std::move(json).error();
    files.tokenizerJson = std::move(*json);
    return {};
}

bool isProjection(std::string_view name)
{
    return name.ends_with(".c_attn.weight") || name.ends_with(".c_proj.weight") || name.ends_with(".c_fc.weight");
}

// The triangles of ones and the constants that older files carry.
bool isMask(const TensorEntry& entry, std::string_view name)
{
    return name.ends_with(".attn.masked_bias") || (name.ends_with(".attn.bias") && entry.shape.size() == 4);
}

MappedTensor mapped(const SourceTensor& source, std::string_view name)
{
    MappedTensor tensor{ std::string(name), source.file, source.entry, source.entry->shape, false, 0, source.entry->shape.empty() ? 0 : source.entry->shape.front() };
    if (isProjection(name) && tensor.shape.size() == 2) {
        std::swap(tensor.shape[0], tensor.shape[1]);
        tensor.transpose = true;
    }
    return tensor;
}

void mapTensors(const std::vector<SourceTensor>& sources, bool isTied, LanguageModelFiles& files)
{
    const SourceTensor* output = nullptr;
    for (const SourceTensor& source : sources) {
        std::string_view name = source.entry->name;
        if (name.starts_with(kPrefix)) name.remove_prefix(kPrefix.size());
        if (isMask(*source.entry, name)) continue;
        if (name == kOutput) output = &source;
        else
            files.tensors.push_back(mapped(source, name));
    }
    // Of two names for one tensor a file may have kept either.
    const bool hasEmbedding = std::ranges::find(files.tensors, kEmbedding, &MappedTensor::name) != files.tensors.end();
    if (output && !hasEmbedding) files.tensors.push_back(mapped(*output, kEmbedding));
    if (output && hasEmbedding && !isTied) files.tensors.push_back(mapped(*output, kOutput));
    for (const MappedTensor& tensor : files.tensors) files.parameterCount += tensor.entry->elementCount();
}

} // namespace

Result<LanguageModelFiles> LanguageModelFiles::open(const fs::path& folder)
{
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) return Error{ ErrorCode::FileNotFound, "There is no folder " + folder.string() + " with a model that expands prompts.", folder.string() };
    const auto config = readConfig(folder / "config.json");
    if (!config) return config.error();
    if (!config->isObject()) return fileError(folder, "holds no config.json, which every model in the layout of transformers has.", ErrorCode::FileNotFound);
    LanguageModelFiles files;
    auto settings = readSettings(*config, folder / "config.json");
    if (!settings) return std::move(settings).error();
    files.settings = std::move(*settings);
    if (const auto read = readTokenizer(folder, files); !read) return read.error();
    auto words = readTextFile(folder / "positive.txt", kMaxVocabularyBytes);
    if (words) files.wordList = std::move(*words);
    else if (words.error().code != ErrorCode::FileNotFound)
        return std::move(words).error();
    auto weights = openFolderWeights(folder, "model", VariantPreference::Float32);
    if (!weights) return std::move(weights).error();
    files.name = displayName(folder) + '/' + weights->fileName;
    mapTensors(weights->sources, (*config)["tie_word_embeddings"].toBool().value_or(true), files);
    return files;
}

} // namespace sfumato::engine
