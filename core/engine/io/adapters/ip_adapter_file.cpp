// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/adapters/ip_adapter_file.h"

#include "core/engine/io/file_kind.h"
#include "core/engine/io/message_text.h"
#include "core/engine/io/names/name_cursor.h"

#include <map>
#include <string>

namespace sfumato::engine {

namespace {

constexpr std::string_view kProjection = "image_proj.";

std::int64_t side(const SafetensorsFile& file, std::string_view name, std::size_t dimension)
{
    const TensorEntry* const entry = file.find(name);
    return entry && dimension < entry->shape.size() ? entry->shape[dimension] : 0;
}

bool isFaceId(const SafetensorsFile& file)
{
    if (file.find("image_proj.perceiver_resampler.proj_in.weight")) return true;
    // A face's embedding goes through two layers without a norm between them; the full-face network ends with a norm of its own number.
    return file.find("image_proj.proj.0.weight") && !file.find("image_proj.proj.3.weight");
}

// What the file reads of the encoder, and which network makes tokens of it.
bool recogniseProjection(IpAdapterFile& adapter)
{
    const SafetensorsFile& file = *adapter.file;
    if (file.find("image_proj.proj.weight")) {
        adapter.kind = IpAdapterKind::Plain;
        adapter.imageWidth = side(file, "image_proj.proj.weight", 1);
    } else if (file.find("image_proj.latents")) {
        adapter.kind = IpAdapterKind::Plus;
        adapter.imageWidth = side(file, "image_proj.proj_in.weight", 1);
    } else if (file.find("image_proj.proj.3.weight")) {
        adapter.kind = IpAdapterKind::FullFace;
        adapter.imageWidth = side(file, "image_proj.proj.0.weight", 1);
    }
    return adapter.imageWidth > 0;
}

// The layers in the order of their numbers, which are odd: even ones stand for self-attention.
bool collectLayers(IpAdapterFile& adapter)
{
    std::map<int, IpAdapterLayer> byNumber;
    for (const TensorEntry& entry : adapter.file->tensors()) {
        NameCursor cursor(entry.name);
        if (cursor.take(kProjection)) {
            adapter.projection.push_back(&entry);
            continue;
        }
        const std::optional<int> number = cursor.take("ip_adapter.") ? cursor.takeIndex() : std::nullopt;
        if (!number || entry.shape.size() != 2) continue;
        if (cursor.rest() == "to_k_ip.weight") byNumber[*number].key = &entry;
        if (cursor.rest() == "to_v_ip.weight") byNumber[*number].value = &entry;
    }
    for (const auto& [number, layer] : byNumber) {
        if (!layer.key || !layer.value || layer.key->shape != layer.value->shape) return false;
        if (adapter.contextWidth == 0) adapter.contextWidth = layer.key->shape[1];
        if (layer.key->shape[1] != adapter.contextWidth) return false;
        adapter.layers.push_back(layer);
    }
    return !adapter.layers.empty();
}

ModelFamily familyOfContext(std::int64_t width)
{
    switch (width) {
    case 768: return ModelFamily::Sd1;
    case 1024: return ModelFamily::Sd2;
    case 2048: return ModelFamily::Sdxl;
    default: return ModelFamily::Unknown;
    }
}

} // namespace

std::string_view ipAdapterKindName(IpAdapterKind kind) noexcept
{
    switch (kind) {
    case IpAdapterKind::Plain: return "plain";
    case IpAdapterKind::Plus: return "plus";
    case IpAdapterKind::FullFace: return "full_face";
    }
    return {};
}

Result<IpAdapterFile> IpAdapterFile::open(const std::filesystem::path& path)
{
    Result<SafetensorsFile> opened = SafetensorsFile::open(path);
    if (!opened) return std::move(opened).error();
    IpAdapterFile adapter;
    adapter.file = std::make_shared<const SafetensorsFile>(std::move(*opened));
    const bool hasLayers = collectLayers(adapter);
    if (adapter.projection.empty())
        return fileError(path, "is " + std::string(fileKindPhrase(recogniseKind(*adapter.file).kind)) + ", not an IP-Adapter: it holds no image_proj.", ErrorCode::UnsupportedModel);
    if (isFaceId(*adapter.file))
        return fileError(path, "is a FaceID adapter, which needs a face recognition network that the engine does not have; plain, plus, plus-face and full-face adapters can be used.", ErrorCode::UnsupportedModel);
    if (!recogniseProjection(adapter))
        return fileError(path, "is an IP-Adapter of an unknown kind: its image_proj is neither plain, plus nor full-face.", ErrorCode::UnsupportedModel);
    if (!hasLayers)
        return fileError(path, "is a damaged IP-Adapter: it must hold a to_k_ip and a to_v_ip of one shape for each attention layer.", ErrorCode::UnsupportedModel);
    adapter.family = familyOfContext(adapter.contextWidth);
    return adapter;
}

} // namespace sfumato::engine
