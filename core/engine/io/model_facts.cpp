// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/model_facts.h"

#include "core/engine/io/regular_file.h"

#include <algorithm>
#include <charconv>

namespace sfumato::engine {

namespace {

std::int64_t dimension(const TensorEntry& entry, std::size_t index)
{
    return index < entry.shape.size() ? entry.shape[index] : 0;
}

} // namespace

UnetFacts unetFacts(std::span<const MappedTensor> unet)
{
    UnetFacts facts;
    for (const MappedTensor& tensor : unet) {
        if (tensor.name == "conv_in.weight") {
            facts.inputChannels = static_cast<int>(std::min<std::int64_t>(dimension(*tensor.entry, 1), 1 << 16));
            facts.modelChannels = dimension(*tensor.entry, 0);
        } else if (tensor.name == "add_embedding.linear_1.weight")
            facts.addedWidth = dimension(*tensor.entry, 1);
        else if (tensor.name == "time_embedding.cond_proj.weight")
            facts.hasGuidanceEmbedding = true;
        else if (tensor.name.ends_with(".attn2.to_k.weight"))
            facts.contextWidth = dimension(*tensor.entry, 1);
    }
    return facts;
}

ModelFamily familyOf(const UnetFacts& facts, bool hasTextEncoder, bool hasTextEncoder2)
{
    if (facts.contextWidth == 0) return ModelFamily::Unknown;
    if (facts.addedWidth > 0) {
        if (facts.contextWidth == 2048 && facts.addedWidth == 2816) return ModelFamily::Sdxl;
        if (facts.contextWidth == 1280 && facts.addedWidth == 2560) return ModelFamily::SdxlRefiner;
        if (facts.contextWidth == 1024) return ModelFamily::Sd2; // SD 2 unCLIP
        return hasTextEncoder2 && !hasTextEncoder ? ModelFamily::SdxlRefiner : ModelFamily::Sdxl;
    }
    return facts.contextWidth == 1024 ? ModelFamily::Sd2 : ModelFamily::Sd1;
}

Extent nativeSizeOf(ModelFamily family) noexcept
{
    const bool isSmall = family == ModelFamily::Sd1 || family == ModelFamily::Sd2;
    return isSmall ? Extent{ 512, 512 } : Extent{ 1024, 1024 };
}

StoredPrecision storedPrecision(std::span<const TensorEntry* const> entries)
{
    StoredPrecision precision;
    std::map<Dtype, std::uint64_t> counts;
    for (const TensorEntry* entry : entries) {
        counts[entry->dtype] += entry->elementCount();
        precision.parameterCount += entry->elementCount();
    }
    const auto largest = std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    if (largest == counts.end()) return precision;
    const bool isDominant = static_cast<double>(largest->second) >= 0.9 * static_cast<double>(precision.parameterCount);
    precision.name = isDominant ? dtypeName(largest->first) : "mixed";
    return precision;
}

std::optional<Extent> parseResolution(std::string_view text)
{
    Extent size;
    const char* const last = text.data() + text.size();
    const auto width = std::from_chars(text.data(), last, size.width);
    if (width.ec != std::errc{} || width.ptr == last || *width.ptr != 'x') return std::nullopt;
    const auto height = std::from_chars(width.ptr + 1, last, size.height);
    const auto isPlausible = [](int side) { return side >= 64 && side <= 8192; };
    if (height.ec != std::errc{} || height.ptr != last || !isPlausible(size.width) || !isPlausible(size.height)) return std::nullopt;
    return size;
}

std::string metadataValue(const Metadata& metadata, const std::string& key)
{
    const auto found = metadata.find(key);
    return found == metadata.end() ? std::string() : found->second;
}

std::optional<PredictionType> predictionNamed(std::string_view name) noexcept
{
    if (name == "epsilon" || name == "eps") return PredictionType::Epsilon;
    if (name == "v" || name == "v_prediction" || name == "v-prediction") return PredictionType::VPrediction;
    if (name == "sample") return PredictionType::Sample;
    return std::nullopt;
}

std::optional<PredictionType> sidecarPrediction(const std::filesystem::path& modelFile)
{
    constexpr std::uint64_t kMaxBytes = 64 << 10;
    const Result<std::string> text = readTextFile(std::filesystem::path(modelFile).replace_extension(".yaml"), kMaxBytes);
    if (!text) return std::nullopt; // there is none, or none that can be meant
    constexpr std::string_view kKey = "parameterization:";
    const std::size_t key = text->find(kKey);
    if (key == std::string::npos) return std::nullopt;
    const std::size_t from = text->find_first_not_of(" \t\"'", key + kKey.size());
    if (from == std::string::npos) return std::nullopt;
    return predictionNamed(std::string_view(*text).substr(from, text->find_first_of(" \t\"'\r\n#", from) - from));
}

void applyUnetConfig(const JsonValue& config, ModelHints& hints)
{
    // The field attention_head_dim of these UNets is the number of heads (huggingface/diffusers, unet_2d_condition.py).
    const JsonValue& stated = config["num_attention_heads"];
    const JsonValue& heads = stated.isNull() ? config["attention_head_dim"] : stated;
    const std::size_t levels = config["block_out_channels"].elements().size();
    hints.attentionHeads.clear();
    if (const std::optional<std::int64_t> same = heads.toInteger()) hints.attentionHeads.assign(levels, *same);
    for (const JsonValue& level : heads.elements()) hints.attentionHeads.push_back(level.toInteger().value_or(0));
    const bool isUsable = std::all_of(hints.attentionHeads.begin(), hints.attentionHeads.end(), [](std::int64_t count) { return count > 0 && count <= 1024; });
    if (!isUsable || hints.attentionHeads.size() != levels) hints.attentionHeads.clear();
}

std::string applyVaeConfig(const JsonValue& config, ModelHints& hints)
{
    if (const std::optional<double> factor = config["scaling_factor"].toNumber(); factor && *factor > 0) hints.vaeScalingFactor = *factor;
    if (const std::optional<bool> upcast = config["force_upcast"].toBool()) hints.vaeForceUpcast = *upcast;
    return config["latents_mean"].isNull() ? std::string() : "normalises its latents by channel (Playground 2.5), which the engine does not do.";
}

void applyTextConfig(const JsonValue& config, std::size_t encoder, ModelHints& hints)
{
    if (const std::string* activation = config["hidden_act"].toString()) hints.textActivation.at(encoder) = *activation;
    const std::int64_t heads = config["num_attention_heads"].toInteger().value_or(0);
    if (heads > 0 && heads <= 1024) hints.textHeads.at(encoder) = heads;
}

void applyPipelineConfig(const JsonValue& modelIndex, ModelHints& hints)
{
    if (const std::optional<bool> zeros = modelIndex["force_zeros_for_empty_prompt"].toBool()) hints.forceZerosForEmptyPrompt = *zeros;
    if (const std::optional<bool> score = modelIndex["requires_aesthetics_score"].toBool()) hints.requiresAestheticsScore = *score;
}

std::string applySchedulerConfig(const JsonValue& config, ModelHints& hints)
{
    if (const std::string* name = config["prediction_type"].toString()) {
        const std::optional<PredictionType> prediction = predictionNamed(*name);
        if (!prediction) return "asks for the prediction type \"" + name->substr(0, 40) + "\"; the engine has epsilon, v_prediction and sample.";
        hints.prediction = *prediction;
    }
    hints.zeroTerminalSnr = config["rescale_betas_zero_snr"].toBool().value_or(hints.zeroTerminalSnr);
    if (const std::string* name = config["_class_name"].toString(); name && name->starts_with("EDM"))
        return "uses EDM noise levels, which the engine does not have.";
    return {};
}

ModelHints defaultHints(ModelFamily family)
{
    ModelHints hints;
    const bool isXl = family == ModelFamily::Sdxl || family == ModelFamily::SdxlRefiner || family == ModelFamily::Unknown;
    hints.vaeScalingFactor = isXl ? 0.13025 : 0.18215;
    hints.vaeForceUpcast = isXl;
    hints.forceZerosForEmptyPrompt = family == ModelFamily::Sdxl || family == ModelFamily::Unknown;
    hints.requiresAestheticsScore = family == ModelFamily::SdxlRefiner;
    return hints;
}

} // namespace sfumato::engine
