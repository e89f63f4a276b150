// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/adapters/adapter_file.h"

#include "core/base/json_value.h"
#include "core/engine/io/message_text.h"

#include <algorithm>
#include <cmath>

namespace sfumato::engine {

namespace {

constexpr std::string_view kEmbeddingPrefix = "bundle_emb.";
constexpr std::size_t kMaxMetadataBytes = std::size_t{ 4 } << 20;

AdapterKind kindOf(const AdapterLayer& layer)
{
    using Role = AdapterRole;
    const auto has = [&](Role role) { return layer.has(role); };
    if (has(Role::Down) && has(Role::Up)) return AdapterKind::Lora;
    if (has(Role::HadaW1A) && has(Role::HadaW1B) && has(Role::HadaW2A) && has(Role::HadaW2B) && has(Role::HadaT1) == has(Role::HadaT2)) return AdapterKind::Loha;
    if ((has(Role::LokrW1) || (has(Role::LokrW1A) && has(Role::LokrW1B))) && (has(Role::LokrW2) || (has(Role::LokrW2A) && has(Role::LokrW2B)))) return AdapterKind::Lokr;
    if (has(Role::GloraA1) && has(Role::GloraA2) && has(Role::GloraB1) && has(Role::GloraB2)) return AdapterKind::Glora;
    if (has(Role::OftBlocks)) return layer.shapeOf(Role::OftBlocks).size() == 4 ? AdapterKind::Boft : AdapterKind::Oft;
    if (has(Role::Ia3Weight) && has(Role::OnInput)) return AdapterKind::Ia3;
    if (has(Role::SetWeight)) return AdapterKind::Replacement;
    if (has(Role::Diff)) return AdapterKind::Difference;
    return AdapterKind::None;
}

// What PEFT writes beside the weights ("lora_adapter_metadata"): {"unet.r": 8, "unet.lora_alpha": 16, "unet.use_rslora": false, "unet.alpha_pattern": {…}, …}.
class PeftMetadata {
public:
    explicit PeftMetadata(const std::map<std::string, std::string>& metadata)
    {
        const auto found = metadata.find("lora_adapter_metadata");
        if (found == metadata.end() || found->second.size() > kMaxMetadataBytes) return;
        if (Result<JsonValue> parsed = JsonValue::parse(found->second, "lora_adapter_metadata")) m_json = std::move(parsed).value(); // unreadable: as if it were absent
    }

    [[nodiscard]] std::optional<double> scaleOf(std::string_view layer, std::int64_t rank) const
    {
        for (const std::string_view component : { "unet", "text_encoder_2", "text_encoder" }) {
            const std::string prefix = std::string(component) + '.';
            const bool isHere = component == "unet" ? !layer.starts_with("text_encoder") : layer.starts_with(prefix);
            if (!isHere) continue;
            const std::string_view module = layer.starts_with(prefix) ? layer.substr(prefix.size()) : layer;
            const std::optional<double> alpha = alphaOf(prefix, module);
            if (!alpha || rank <= 0) return std::nullopt;
            const bool isStabilised = m_json[prefix + "use_rslora"].toBool().value_or(false);
            const auto width = static_cast<double>(rank);
            return *alpha / (isStabilised ? std::sqrt(width) : width);
        }
        return std::nullopt;
    }

private:
    [[nodiscard]] std::optional<double> alphaOf(const std::string& prefix, std::string_view module) const
    {
        for (const auto& [pattern, value] : m_json[prefix + "alpha_pattern"].members()) {
            if (module == pattern || module.ends_with('.' + pattern)) return value.toNumber();
        }
        return m_json[prefix + "lora_alpha"].toNumber();
    }

    JsonValue m_json;
};

} // namespace

const TensorEntry* AdapterLayer::find(AdapterRole role) const
{
    const auto found = tensors.find(role);
    return found == tensors.end() ? nullptr : found->second;
}

const std::vector<std::int64_t>& AdapterLayer::shapeOf(AdapterRole role) const
{
    static const std::vector<std::int64_t> none;
    const TensorEntry* const entry = find(role);
    return entry ? entry->shape : none;
}

Result<AdapterFile> AdapterFile::open(const std::filesystem::path& path)
{
    Result<SafetensorsFile> opened = SafetensorsFile::open(path);
    if (!opened) return std::move(opened).error();
    AdapterFile adapter;
    adapter.m_file = std::make_shared<const SafetensorsFile>(std::move(opened).value());

    std::map<std::string, AdapterLayer, std::less<>> layers;
    for (const TensorEntry& entry : adapter.m_file->tensors()) {
        const std::string_view name = entry.name;
        if (name.starts_with(kEmbeddingPrefix)) {
            const std::string_view rest = name.substr(kEmbeddingPrefix.size());
            adapter.m_embeddings[std::string(rest.substr(0, rest.find('.')))].push_back(&entry);
            continue;
        }
        const auto parsed = parseAdapterName(name);
        if (!parsed) {
            adapter.m_strayNames.emplace_back(name);
            continue;
        }
        AdapterLayer& layer = layers.try_emplace(std::string(parsed->layer)).first->second;
        if (!layer.tensors.emplace(parsed->role, &entry).second) adapter.m_strayNames.emplace_back(name);
    }

    const PeftMetadata peft(adapter.m_file->metadata());
    bool hasKind = false;
    for (auto& [name, layer] : layers) {
        layer.name = name;
        layer.kind = kindOf(layer);
        if (layer.kind == AdapterKind::Lora && !layer.has(AdapterRole::Alpha) && !layer.shapeOf(AdapterRole::Down).empty())
            layer.scale = peft.scaleOf(name, layer.shapeOf(AdapterRole::Down).front());
        hasKind |= layer.kind != AdapterKind::None || layer.has(AdapterRole::DiffBias);
        adapter.m_layers.push_back(std::move(layer));
    }
    if (!hasKind) return fileError(path, "holds no LoRA: none of its tensors has a name that LoRAs and their relatives use.", ErrorCode::UnsupportedModel);
    return adapter;
}

} // namespace sfumato::engine
