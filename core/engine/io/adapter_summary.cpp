// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/adapter_summary.h"

#include <algorithm>
#include <array>
#include <set>

namespace sfumato::engine {

namespace {

enum class Role { Other,
    Down,
    FirstFactor }; // Down: [rank, in, …]; FirstFactor: [rank, in] of a product

struct Suffix {
    std::string_view text;
    std::string_view algorithm;
    Role role = Role::Other;
};

// Longer ones first where one ends another.
constexpr std::array kSuffixes{
    Suffix{ ".lora_down.weight", "lora", Role::Down },
    Suffix{ ".lora_up.weight", "lora" },
    Suffix{ ".lora_mid.weight", "locon" },
    Suffix{ ".lora_A.default.weight", "lora", Role::Down },
    Suffix{ ".lora_B.default.weight", "lora" },
    Suffix{ ".lora_A.weight", "lora", Role::Down },
    Suffix{ ".lora_B.weight", "lora" },
    Suffix{ ".lora.down.weight", "lora", Role::Down },
    Suffix{ ".lora.up.weight", "lora" },
    Suffix{ ".lora_linear_layer.down.weight", "lora", Role::Down },
    Suffix{ ".lora_linear_layer.up.weight", "lora" },
    Suffix{ "_lora.down.weight", "lora", Role::Down },
    Suffix{ "_lora.up.weight", "lora" },
    Suffix{ ".hada_w1_a", "loha" },
    Suffix{ ".hada_w1_b", "loha", Role::FirstFactor },
    Suffix{ ".hada_w2_a", "loha" },
    Suffix{ ".hada_w2_b", "loha" },
    Suffix{ ".lokr_w1", "lokr" },
    Suffix{ ".lokr_w1_a", "lokr" },
    Suffix{ ".lokr_w1_b", "lokr", Role::FirstFactor },
    Suffix{ ".lokr_w2", "lokr" },
    Suffix{ ".lokr_w2_a", "lokr" },
    Suffix{ ".lokr_w2_b", "lokr", Role::FirstFactor },
    Suffix{ ".oft_blocks", "oft" },
    Suffix{ ".dora_scale", "dora" },
    Suffix{ ".lora_magnitude_vector.weight", "dora" },
    Suffix{ ".lora_magnitude_vector", "dora" },
    Suffix{ ".on_input", "ia3" },
    Suffix{ ".a1.weight", "glora" },
    Suffix{ ".a2.weight", "glora" },
    Suffix{ ".b1.weight", "glora" },
    Suffix{ ".b2.weight", "glora" },
    Suffix{ ".diff", "full" },
    Suffix{ ".diff_b", "full" },
    Suffix{ ".w_norm", "norm" },
    Suffix{ ".b_norm", "norm" },
};

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

std::string_view algorithmOf(const Suffix& suffix, const TensorEntry& entry)
{
    if (suffix.algorithm == "oft" && entry.shape.size() == 4) return "boft";
    const bool isConvolution = entry.shape.size() == 4 && entry.shape[2] > 1;
    return suffix.algorithm == "lora" && suffix.role == Role::Down && isConvolution ? "locon" : suffix.algorithm;
}

class Summary {
public:
    void add(const TensorEntry& entry)
    {
        const std::string_view name = entry.name;
        const auto suffix = std::find_if(kSuffixes.begin(), kSuffixes.end(), [&](const Suffix& one) { return name.ends_with(one.text); });
        if (suffix == kSuffixes.end()) return;
        const std::string_view module = name.substr(0, name.size() - suffix->text.size());
        m_modules.insert(module);
        m_algorithms.insert(algorithmOf(*suffix, entry));
        const bool isText = module.starts_with("lora_te") || module.starts_with("text_encoder");
        (isText ? m_result.changesTextEncoders : m_result.changesUnet) = true;
        if (suffix->role != Role::Other && entry.shape.size() >= 2) addFactor(entry, module, suffix->algorithm != "lokr");
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
        if (contains(module, "double_blocks") || contains(module, "single_transformer_blocks")) m_result.foreignFamily = "Flux";
        else if (contains(module, "joint_blocks") && m_result.foreignFamily.empty())
            m_result.foreignFamily = "SD 3";
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

} // namespace sfumato::engine
