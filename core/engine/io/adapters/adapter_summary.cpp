// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/adapters/adapter_summary.h"

#include "core/engine/io/adapters/adapter_names.h"
#include "core/engine/io/kinds/few_step_recognition.h"
#include "core/engine/io/kinds/foreign_family.h"

#include <algorithm>
#include <set>

namespace sfumato::engine {

namespace {

// The name of an algorithm by one of its parts; empty for parts that several share.
std::string_view algorithmOf(AdapterRole role, const TensorEntry& entry)
{
    switch (role) {
    case AdapterRole::Down: return entry.shape.size() == 4 && entry.shape[2] > 1 ? "locon" : "lora";
    case AdapterRole::Up: return "lora";
    case AdapterRole::Mid: return "locon";
    case AdapterRole::DoraScale:
    case AdapterRole::Magnitude: return "dora";
    case AdapterRole::OftBlocks: return entry.shape.size() == 4 ? "boft" : "oft";
    case AdapterRole::OnInput: return "ia3";
    case AdapterRole::Diff: return std::string_view(entry.name).ends_with(".w_norm") ? "norm" : "full";
    case AdapterRole::DiffBias: return std::string_view(entry.name).ends_with(".b_norm") ? "norm" : "full";
    case AdapterRole::SetWeight: return "full";
    case AdapterRole::Alpha:
    case AdapterRole::Rescale:
    case AdapterRole::Ia3Weight: return {};
    default: break;
    }
    if (role >= AdapterRole::HadaW1A && role <= AdapterRole::HadaT2) return "loha";
    return role >= AdapterRole::LokrW1 && role <= AdapterRole::LokrT2 ? "lokr" : "glora";
}

// Parts whose first side is the rank.
bool hasRank(AdapterRole role)
{
    return role == AdapterRole::Down || role == AdapterRole::HadaW1B || role == AdapterRole::HadaW2B || role == AdapterRole::LokrW1B || role == AdapterRole::LokrW2B;
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

ModelFamily familyOfContext(std::int64_t width)
{
    switch (width) {
    case 768: return ModelFamily::Sd1;
    case 1024: return ModelFamily::Sd2;
    case 1280: return ModelFamily::SdxlRefiner;
    case 2048: return ModelFamily::Sdxl;
    default: return ModelFamily::Unknown;
    }
}

class Summary {
public:
    void add(const TensorEntry& entry)
    {
        const std::string_view name = entry.name;
        const auto parsed = parseAdapterName(name);
        if (!parsed) return;
        const std::string_view algorithm = algorithmOf(parsed->role, entry);
        if (algorithm.empty()) return;
        const std::string_view module = parsed->layer;
        m_modules.insert(module);
        m_algorithms.insert(algorithm);
        const bool isText = module.starts_with("lora_te") || module.starts_with("text_encoder");
        (isText ? m_result.changesTextEncoders : m_result.changesUnet) = true;
        if (hasRank(parsed->role) && entry.shape.size() >= 2) addFactor(entry, module, algorithm != "lokr");
        addHints(module);
    }

    AdapterSummary finish()
    {
        m_result.moduleCount = m_modules.size();
        m_result.algorithms.assign(m_algorithms.begin(), m_algorithms.end());
        if (m_result.family == ModelFamily::Unknown && m_result.foreignFamily.empty() && m_looksLikeXl) m_result.family = ModelFamily::Sdxl;
        return std::move(m_result);
    }

private:
    void addFactor(const TensorEntry& entry, std::string_view module, bool tellsWidth)
    {
        const int rank = static_cast<int>(std::clamp<std::int64_t>(entry.shape.front(), 0, 1 << 20));
        m_result.rankMin = m_result.rankMin == 0 ? rank : std::min(m_result.rankMin, rank);
        m_result.rankMax = std::max(m_result.rankMax, rank);
        const bool isCrossAttention = contains(module, "attn2_to_k") || contains(module, "attn2.to_k") || contains(module, "attn2.processor.to_k");
        if (tellsWidth && isCrossAttention && m_result.family == ModelFamily::Unknown) m_result.family = familyOfContext(entry.shape[1]);
    }

    void addHints(std::string_view module)
    {
        m_looksLikeXl |= module.starts_with("lora_te2_") || module.starts_with("text_encoder_2.") || contains(module, "8_1_transformer_blocks_9_") || contains(module, "down_blocks.2.attentions.1.transformer_blocks.9.") || contains(module, "down_blocks_2_attentions_1_transformer_blocks_9_");
        const std::string_view foreign = foreignFamilyOf(module);
        if (!foreign.empty()) m_result.foreignFamily = m_result.foreignFamily.empty() ? foreign : moreSpecialFamily(foreign, m_result.foreignFamily);
    }

    AdapterSummary m_result;
    std::set<std::string_view> m_modules;
    std::set<std::string_view> m_algorithms;
    bool m_looksLikeXl = false;
};

} // namespace

AdapterSummary summariseAdapter(const SafetensorsFile& file)
{
    Summary summary;
    for (const TensorEntry& entry : file.tensors()) summary.add(entry);
    return summary.finish();
}

std::optional<FewStepAdvice> fewStepsOfAdapter(const SafetensorsFile& file)
{
    FewStepEvidence evidence;
    evidence.path = file.path();
    evidence.isAdapter = true;
    return recogniseFewSteps(evidence, file.metadata());
}

} // namespace sfumato::engine
