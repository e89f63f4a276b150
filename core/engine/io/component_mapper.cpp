// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/component_mapper.h"

#include "core/engine/io/names/weight_names.h"

#include <algorithm>
#include <array>
#include <set>

namespace sfumato::engine {

namespace {

constexpr std::array<std::string_view, 7> kIgnoredNames{ "betas", "alphas_cumprod", "alphas_cumprod_prev", "global_step", "denoiser.sigmas", "logit_scale",
    "position_ids" };
constexpr std::array<std::string_view, 10> kIgnoredPrefixes{ "sqrt_one_minus_alphas_cumprod", "sqrt_alphas_cumprod", "log_one_minus_alphas_cumprod",
    "sqrt_recip_alphas_cumprod", "sqrt_recipm1_alphas_cumprod", "posterior_", "model_ema.",
    "embedding_manager", "first_stage_model.loss.", "lora_te_" };
constexpr std::array<std::string_view, 2> kIgnoredSuffixes{ ".position_ids", ".logit_scale" };

// Within a component: what its networks do not have in any engine.
bool isIgnorableIn(Component component, std::string_view name)
{
    if (isIgnorableName(name) || name == "scaled_fp8") return true;
    switch (component) {
    case Component::Unet: return false;
    case Component::Vae: return name.starts_with("loss.");
    case Component::TextEncoder:
        if (name == "text_projection" || name.starts_with("text_projection.")) return true; // SDXL and SD 1.x use the hidden states alone
        [[fallthrough]];
    case Component::TextEncoder2: return name.starts_with("vision_model.") || name.starts_with("visual_projection.") || name.starts_with("visual.");
    }
    return false;
}

MappedTensor wholeTensor(const SourceTensor& source, std::string name)
{
    MappedTensor tensor;
    tensor.name = std::move(name);
    tensor.file = source.file;
    tensor.entry = source.entry;
    tensor.shape = source.entry->shape;
    tensor.rowCount = tensor.shape.empty() ? 0 : tensor.shape.front();
    return tensor;
}

// Convolutions of 1 × 1 that diffusers keeps as matrices.
bool isSqueezable(const MappedTensor& tensor)
{
    return tensor.name.find(".attentions.") != std::string::npos && tensor.shape.size() == 4 && tensor.shape[2] == 1 && tensor.shape[3] == 1;
}

class Mapper {
public:
    Mapper(Component component, std::span<const SourceTensor> sources) : m_component(component), m_sources(sources), m_unet(names(sources)), m_vae(names(sources)) { }

    ComponentTensors map()
    {
        for (const SourceTensor& source : m_sources) {
            if (isIgnorableIn(m_component, source.name) || isIgnorableName(source.entry->name)) continue;
            if (mapOne(source)) continue;
            m_result.unmapped.push_back(source.entry->name);
            m_result.tensors.push_back(wholeTensor(source, source.entry->name));
        }
        return sorted();
    }

    ComponentTensors mapImageEncoder()
    {
        for (const SourceTensor& source : m_sources) {
            const bool isOfEncoder = source.name.starts_with("vision_model.") || source.name.starts_with("visual.") || source.name.starts_with("visual_projection.");
            if (!isOfEncoder || isIgnorableName(source.name) || mapClip(source, imageEncoderName(source.name))) continue;
            m_result.unmapped.push_back(source.entry->name);
            m_result.tensors.push_back(wholeTensor(source, source.entry->name));
        }
        return sorted();
    }

private:
    ComponentTensors sorted()
    {
        std::stable_sort(m_result.tensors.begin(), m_result.tensors.end(), [](const MappedTensor& a, const MappedTensor& b) {
            if (a.file != b.file) return a.file->path() < b.file->path();
            return a.entry->begin != b.entry->begin ? a.entry->begin < b.entry->begin : a.rowBegin < b.rowBegin;
        });
        return std::move(m_result);
    }

    static std::vector<std::string_view> names(std::span<const SourceTensor> sources)
    {
        std::vector<std::string_view> all;
        all.reserve(sources.size());
        for (const SourceTensor& source : sources) all.push_back(source.name);
        return all;
    }

    bool mapOne(const SourceTensor& source)
    {
        if (m_component == Component::TextEncoder || m_component == Component::TextEncoder2) return mapClip(source, textEncoderName(source.name));
        std::optional<std::string> name = m_component == Component::Unet ? m_unet.toDiffusers(source.name) : m_vae.toDiffusers(source.name);
        if (!name || !m_taken.insert(*name).second) return false;
        MappedTensor tensor = wholeTensor(source, std::move(*name));
        if (m_component == Component::Vae && isSqueezable(tensor)) tensor.shape.resize(2);
        m_result.tensors.push_back(std::move(tensor));
        return true;
    }

    bool mapClip(const SourceTensor& source, std::optional<ClipEncoderName> name)
    {
        if (!name) return false;
        if (name->isFused) return mapFused(source, name->name);
        if (name->isTransposed && source.entry->shape.size() != 2) return false;
        if (!m_taken.insert(name->name).second) return false;
        MappedTensor tensor = wholeTensor(source, std::move(name->name));
        tensor.transpose = name->isTransposed;
        if (tensor.transpose) std::swap(tensor.shape[0], tensor.shape[1]);
        m_result.tensors.push_back(std::move(tensor));
        return true;
    }

    bool mapFused(const SourceTensor& source, const std::string& pattern)
    {
        const std::vector<std::int64_t>& shape = source.entry->shape;
        if (shape.empty() || shape.front() % 3 != 0) return false;
        const std::size_t place = pattern.find("{}");
        std::array<MappedTensor, 3> parts;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            parts[i] = wholeTensor(source, std::string(pattern).replace(place, 2, 1, "qkv"[i]));
            if (m_taken.contains(parts[i].name)) return false;
            parts[i].rowCount = shape.front() / 3;
            parts[i].rowBegin = static_cast<std::int64_t>(i) * parts[i].rowCount;
            parts[i].shape.front() = parts[i].rowCount;
        }
        for (MappedTensor& part : parts) {
            m_taken.insert(part.name);
            m_result.tensors.push_back(std::move(part));
        }
        return true;
    }

    Component m_component;
    std::span<const SourceTensor> m_sources;
    UnetNames m_unet;
    VaeNames m_vae;
    std::set<std::string> m_taken;
    ComponentTensors m_result;
};

} // namespace

bool isIgnorableName(std::string_view name) noexcept
{
    const auto isName = [&](std::string_view other) { return name == other; };
    const auto begins = [&](std::string_view prefix) { return name.starts_with(prefix); };
    const auto ends = [&](std::string_view suffix) { return name.ends_with(suffix); };
    return std::any_of(kIgnoredNames.begin(), kIgnoredNames.end(), isName) || std::any_of(kIgnoredPrefixes.begin(), kIgnoredPrefixes.end(), begins) || std::any_of(kIgnoredSuffixes.begin(), kIgnoredSuffixes.end(), ends);
}

ComponentTensors mapComponent(Component component, std::span<const SourceTensor> sources)
{
    return Mapper(component, sources).map();
}

ComponentTensors mapImageEncoder(std::span<const SourceTensor> sources)
{
    return Mapper(Component::TextEncoder, sources).mapImageEncoder();
}

} // namespace sfumato::engine
