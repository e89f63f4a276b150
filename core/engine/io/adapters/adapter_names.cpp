// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/adapters/adapter_names.h"

#include <algorithm>
#include <array>

namespace sfumato::engine {

namespace {

struct Suffix {
    std::string_view text;
    AdapterRole role;
};

// Longer ones before those they end with.
constexpr std::array kSuffixes{
    Suffix{ ".lora_down.weight", AdapterRole::Down },
    Suffix{ ".lora_up.weight", AdapterRole::Up },
    Suffix{ ".lora_mid.weight", AdapterRole::Mid },
    Suffix{ ".lora_A.default.weight", AdapterRole::Down },
    Suffix{ ".lora_B.default.weight", AdapterRole::Up },
    Suffix{ ".lora_A.weight", AdapterRole::Down },
    Suffix{ ".lora_B.weight", AdapterRole::Up },
    Suffix{ ".lora.down.weight", AdapterRole::Down },
    Suffix{ ".lora.up.weight", AdapterRole::Up },
    Suffix{ ".lora_linear_layer.down.weight", AdapterRole::Down },
    Suffix{ ".lora_linear_layer.up.weight", AdapterRole::Up },
    Suffix{ "_lora.down.weight", AdapterRole::Down },
    Suffix{ "_lora.up.weight", AdapterRole::Up },
    Suffix{ ".alpha", AdapterRole::Alpha },
    Suffix{ ".dora_scale", AdapterRole::DoraScale },
    Suffix{ ".lora_magnitude_vector.default.weight", AdapterRole::Magnitude },
    Suffix{ ".lora_magnitude_vector.weight", AdapterRole::Magnitude },
    Suffix{ ".lora_magnitude_vector.default", AdapterRole::Magnitude },
    Suffix{ ".lora_magnitude_vector", AdapterRole::Magnitude },
    Suffix{ ".hada_w1_a", AdapterRole::HadaW1A },
    Suffix{ ".hada_w1_b", AdapterRole::HadaW1B },
    Suffix{ ".hada_w2_a", AdapterRole::HadaW2A },
    Suffix{ ".hada_w2_b", AdapterRole::HadaW2B },
    Suffix{ ".hada_t1", AdapterRole::HadaT1 },
    Suffix{ ".hada_t2", AdapterRole::HadaT2 },
    Suffix{ ".lokr_w1", AdapterRole::LokrW1 },
    Suffix{ ".lokr_w1_a", AdapterRole::LokrW1A },
    Suffix{ ".lokr_w1_b", AdapterRole::LokrW1B },
    Suffix{ ".lokr_w2", AdapterRole::LokrW2 },
    Suffix{ ".lokr_w2_a", AdapterRole::LokrW2A },
    Suffix{ ".lokr_w2_b", AdapterRole::LokrW2B },
    Suffix{ ".lokr_t2", AdapterRole::LokrT2 },
    Suffix{ ".a1.weight", AdapterRole::GloraA1 },
    Suffix{ ".a2.weight", AdapterRole::GloraA2 },
    Suffix{ ".b1.weight", AdapterRole::GloraB1 },
    Suffix{ ".b2.weight", AdapterRole::GloraB2 },
    Suffix{ ".bm.weight", AdapterRole::GloraBm },
    Suffix{ ".oft_blocks", AdapterRole::OftBlocks },
    Suffix{ ".rescale", AdapterRole::Rescale },
    Suffix{ ".on_input", AdapterRole::OnInput },
    Suffix{ ".diff", AdapterRole::Diff },
    Suffix{ ".diff_b", AdapterRole::DiffBias },
    Suffix{ ".w_norm", AdapterRole::Diff },
    Suffix{ ".b_norm", AdapterRole::DiffBias },
    Suffix{ ".set_weight", AdapterRole::SetWeight },
    Suffix{ ".weight", AdapterRole::Ia3Weight },
};

} // namespace

std::optional<AdapterTensorName> parseAdapterName(std::string_view name) noexcept
{
    const auto* const suffix = std::find_if(kSuffixes.begin(), kSuffixes.end(), [&](const Suffix& one) { return name.size() > one.text.size() && name.ends_with(one.text); });
    if (suffix == kSuffixes.end()) return std::nullopt;
    return AdapterTensorName{ name.substr(0, name.size() - suffix->text.size()), suffix->role };
}

} // namespace sfumato::engine
