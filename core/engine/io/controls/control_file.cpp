// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/controls/control_file.h"

#include "core/engine/io/component_mapper.h"
#include "core/engine/io/controls/control_names.h"
#include "core/engine/io/diffusers_folder.h"
#include "core/engine/io/file_kind.h"
#include "core/engine/io/message_text.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <set>
#include <system_error>

namespace sfumato::engine {

namespace {

namespace fs = std::filesystem;

bool isControl(FileKind kind) noexcept
{
    switch (kind) {
    case FileKind::ControlNet:
    case FileKind::ControlNetUnion:
    case FileKind::ControlLora:
    case FileKind::ControlLllite:
    case FileKind::T2iAdapter:
    case FileKind::IpAdapter: return true;
    default: return false;
    }
}

// Marks of a file that are no weights of the network.
bool isMarker(std::string_view name) noexcept
{
    return name == "lora_controlnet" || name == "difference" || name == "control_model.difference" || isIgnorableName(name);
}

std::int64_t dimension(const MappedTensor& tensor, std::size_t index)
{
    return index < tensor.shape.size() ? tensor.shape[index] : 0;
}

using Rename = std::function<std::optional<std::string>(std::string_view)>;

Rename renamesOf(FileKind kind, std::span<const SourceTensor> sources)
{
    std::vector<std::string_view> names;
    for (const SourceTensor& source : sources) names.push_back(source.name);
    if (kind == FileKind::T2iAdapter) return [rule = T2iAdapterNames(names)](std::string_view name) { return rule.toDiffusers(name); };
    if (kind == FileKind::IpAdapter || kind == FileKind::ControlLllite) return [](std::string_view name) { return std::optional<std::string>(name); };
    return [rule = ControlNetNames(names)](std::string_view name) { return rule.toDiffusers(name); };
}

std::string forModels(ModelFamily family)
{
    return "for " + std::string(modelFamilyName(family)) + " models";
}

} // namespace

ModelFamily controlFamily(std::span<const TensorEntry* const> entries)
{
    bool hasSizes = false;
    for (const TensorEntry* entry : entries) {
        const std::string_view name = entry->name;
        const bool isMatrix = entry->shape.size() == 2;
        if (isMatrix && (name.ends_with("attn2.to_k.weight") || name.ends_with(".to_k_ip.weight") || name.ends_with("attn2.to_k.down"))) {
            const std::int64_t width = entry->shape[1];
            if (width == 2048) return ModelFamily::Sdxl;
            if (width == 768) return ModelFamily::Sd1;
            if (width == 1024) return ModelFamily::Sd2;
        }
        hasSizes |= name.find("label_emb.0.0") != std::string_view::npos || name.find("add_embedding.linear_1") != std::string_view::npos || name.starts_with("lllite_unet_");
        const bool isAdapterInput = (name == "adapter.conv_in.weight" || name == "conv_in.weight" || name.ends_with("body.0.in_conv.weight")) && entry->shape.size() == 4;
        if (isAdapterInput && (entry->shape[1] == 768 || entry->shape[1] == 256)) return ModelFamily::Sdxl; // pixels unshuffled by 16, three channels or one
        if (isAdapterInput && (entry->shape[1] == 192 || entry->shape[1] == 64)) return ModelFamily::Sd1;   // by 8
    }
    return hasSizes ? ModelFamily::Sdxl : ModelFamily::Unknown;
}

Result<ControlFile> ControlFile::open(const fs::path& path, VariantPreference preference)
{
    ControlFile control;
    std::error_code ignored;
    if (Result<void> outcome = fs::is_directory(path, ignored) ? control.openFolder(path, preference) : control.openFile(path); !outcome) return std::move(outcome).error();
    control.learnFacts();
    return control;
}

Result<void> ControlFile::openFolder(const fs::path& path, VariantPreference preference)
{
    const Result<FolderWeights> weights = openFolderWeights(path, "diffusion_pytorch_model", preference);
    if (!weights) return weights.error();
    m_fileName = displayName(path) + '/' + weights->fileName;
    const Result<JsonValue> config = readConfig(path / "config.json");
    if (!config) return config.error();
    ModelHints hints;
    applyUnetConfig(*config, hints);
    m_attentionHeads = std::move(hints.attentionHeads);
    m_poolsResiduals = (*config)["global_pool_conditions"].toBool().value_or(false);
    return place(path, weights->sources);
}

Result<void> ControlFile::openFile(const fs::path& path)
{
    Result<SafetensorsFile> opened = SafetensorsFile::open(path);
    if (!opened) return std::move(opened).error();
    const auto file = std::make_shared<const SafetensorsFile>(std::move(*opened));
    std::vector<SourceTensor> sources;
    for (const TensorEntry& entry : file->tensors()) sources.push_back({ file, &entry, entry.name });
    m_fileName = displayName(path);
    const std::string stem = path.stem().string();
    m_poolsResiduals = stem.ends_with("_shuffle") || stem.ends_with("_shuffle_fp16");
    m_isDifference = file->find("difference") || file->find("control_model.difference");
    return place(path, sources);
}

Result<void> ControlFile::place(const fs::path& path, std::span<const SourceTensor> sources)
{
    std::vector<std::string_view> names;
    for (const SourceTensor& source : sources) names.push_back(source.name);
    m_kind = kindOfNames(names);
    if (!isControl(m_kind))
        return fileError(path, "is " + std::string(fileKindPhrase(m_kind)) + ", not a control model; it must be a ControlNet, a Control-LoRA, a T2I-Adapter or an IP-Adapter.", ErrorCode::UnsupportedModel);
    const Rename rename = renamesOf(m_kind, sources);
    std::set<std::string> taken;
    for (const SourceTensor& source : sources) {
        if (isMarker(source.name)) continue;
        MappedTensor tensor;
        const std::optional<std::string> renamed = rename(source.name);
        tensor.name = renamed && taken.insert(*renamed).second ? *renamed : source.entry->name; // a name no rule knows is reported as extra
        tensor.file = source.file;
        tensor.entry = source.entry;
        tensor.shape = source.entry->shape;
        tensor.rowCount = tensor.shape.empty() ? 0 : tensor.shape.front();
        m_tensors.push_back(std::move(tensor));
    }
    return {};
}

void ControlFile::learnFacts()
{
    std::vector<const TensorEntry*> entries;
    for (const MappedTensor& tensor : m_tensors) {
        entries.push_back(tensor.entry);
        const std::string_view name = tensor.name;
        if (name == "conv_in.weight" || name == "conv_in.up") m_facts.modelChannels = dimension(tensor, 0);
        if (name == "add_embedding.linear_1.weight" || name == "add_embedding.linear_1.down") m_facts.addedWidth = dimension(tensor, 1);
        if (name.ends_with(".attn2.to_k.weight") || name.ends_with(".attn2.to_k.down")) m_facts.contextWidth = dimension(tensor, 1);
        if (name == "task_embedding") m_taskCount = static_cast<int>(std::min<std::int64_t>(dimension(tensor, 0), 1 << 10));
    }
    if (m_kind == FileKind::T2iAdapter) m_facts = {}; // its first convolution is another
    m_family = controlFamily(entries);
    const bool isNet = m_kind == FileKind::ControlNet || m_kind == FileKind::ControlNetUnion || m_kind == FileKind::ControlLora;
    if (isNet && m_family == ModelFamily::Unknown) m_family = familyOf({ 4, m_facts.contextWidth, m_facts.addedWidth, m_facts.modelChannels }, false, false);
}

Result<void> ControlFile::checkFits(const std::string& title, ModelFamily family, const ControlFacts& unet) const
{
    const auto refused = [&](const std::string& rest) {
        return Error{ ErrorCode::InvalidRequest, m_fileName + " is " + std::string(fileKindPhrase(m_kind)) + ' ' + rest, "controls" };
    };
    if (m_family != ModelFamily::Unknown && m_family != family)
        return refused(forModels(m_family) + "; the model \"" + title + "\" is of the family " + std::string(modelFamilyName(family)) + '.');
    const auto differs = [](std::int64_t mine, std::int64_t theirs) { return mine > 0 && mine != theirs; };
    const auto numbers = [&](const char* what, std::int64_t mine, std::int64_t theirs) {
        return refused(std::string("for another model: ") + what + ' ' + std::to_string(mine) + "; in \"" + title + "\" it is " + std::to_string(theirs) + '.');
    };
    if (differs(m_facts.contextWidth, unet.contextWidth)) return numbers("the width of its prompts is", m_facts.contextWidth, unet.contextWidth);
    if (differs(m_facts.addedWidth, unet.addedWidth)) return numbers("the width of its size condition is", m_facts.addedWidth, unet.addedWidth);
    if (differs(m_facts.modelChannels, unet.modelChannels)) return numbers("its first layer's width is", m_facts.modelChannels, unet.modelChannels);
    return {};
}

} // namespace sfumato::engine
