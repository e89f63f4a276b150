// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/image_encoder_files.h"

#include "core/engine/io/component_mapper.h"
#include "core/engine/io/diffusers_folder.h"
#include "core/engine/io/file_kind.h"
#include "core/engine/io/message_text.h"

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <string_view>

namespace sfumato::engine {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 4> kConceptNames{ "concept_embeds", "concept_embeds_weights", "special_care_embeds", "special_care_embeds_weights" };
constexpr std::int64_t kMostHeads = 1024, kHeadWidth = 64;

// Heads of the published encoders: 12 of ViT-B, 16 of ViT-L, ViT-H and ViT-bigG.
std::int64_t headsOfWidth(std::int64_t width)
{
    constexpr std::array<std::int64_t, 3> kSixteen{ 1024, 1280, 1664 };
    const bool isPublished = std::ranges::find(kSixteen, width) != kSixteen.end();
    return isPublished ? 16 : std::max<std::int64_t>(1, width / kHeadWidth);
}

Result<FolderWeights> openWeights(const fs::path& path, VariantPreference preference)
{
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) return openFolderWeights(path, "model", preference);
    Result<SafetensorsFile> opened = SafetensorsFile::open(path);
    if (!opened) return std::move(opened).error();
    const auto file = std::make_shared<const SafetensorsFile>(std::move(*opened));
    FolderWeights weights;
    weights.fileName = displayName(path);
    for (const TensorEntry& entry : file->tensors()) weights.sources.push_back({ file, &entry, entry.name });
    return weights;
}

std::int64_t side(const ImageEncoderFiles& files, std::string_view name, std::size_t dimension)
{
    const auto found = std::ranges::find(files.tensors, name, &MappedTensor::name);
    return found != files.tensors.end() && dimension < found->shape.size() ? found->shape[dimension] : 0;
}

void readShapes(ImageEncoderFiles& files)
{
    constexpr std::string_view kLayers = "vision_model.encoder.layers.";
    files.width = side(files, "vision_model.embeddings.patch_embedding.weight", 0);
    files.projection = side(files, "visual_projection.weight", 0);
    std::set<std::string_view> layers;
    for (const MappedTensor& tensor : files.tensors) {
        const std::string_view name = tensor.name;
        if (name.starts_with(kLayers)) layers.insert(name.substr(kLayers.size(), name.find('.', kLayers.size()) - kLayers.size()));
    }
    files.layers = static_cast<std::int64_t>(layers.size());
    files.heads = headsOfWidth(files.width);
    // OpenAI's encoders, of which ViT-L/14 is the widest, use the quick form; those of OpenCLIP the exact one.
    files.activation = files.width <= 1024 && files.projection <= 768 ? "quick_gelu" : "gelu";
}

// The config of the encoder itself, or its part in the config of a whole CLIP model or a safety checker.
void applyConfig(const JsonValue& config, ImageEncoderFiles& files)
{
    const JsonValue& part = config["vision_config"];
    const JsonValue& vision = part.isNull() ? config : part;
    const std::int64_t heads = vision["num_attention_heads"].toInteger().value_or(0);
    if (heads > 0 && heads <= kMostHeads) files.heads = heads;
    if (const std::string* activation = vision["hidden_act"].toString()) files.activation = *activation;
}

// "concept_embeds", … of a safety checker, as they are.
void addConcepts(const std::vector<SourceTensor>& sources, ImageEncoderFiles& files)
{
    std::size_t found = 0;
    for (const SourceTensor& source : sources) {
        if (std::ranges::find(kConceptNames, source.name) == kConceptNames.end()) continue;
        const std::vector<std::int64_t>& shape = source.entry->shape;
        files.tensors.push_back({ source.entry->name, source.file, source.entry, shape, false, 0, shape.empty() ? 0 : shape.front() });
        ++found;
    }
    files.isSafetyChecker = found == kConceptNames.size();
}

} // namespace

Result<ImageEncoderFiles> ImageEncoderFiles::open(const fs::path& path, VariantPreference preference)
{
    Result<FolderWeights> weights = openWeights(path, preference);
    if (!weights) return std::move(weights).error();
    ImageEncoderFiles files;
    files.fileName = displayName(path);
    files.tensors = mapImageEncoder(weights->sources).tensors;
    readShapes(files);
    if (files.width == 0 || files.layers == 0 || files.projection == 0) {
        const std::string what = weights->sources.empty() ? std::string("empty") : std::string(fileKindPhrase(recogniseKind(*weights->sources.front().file).kind));
        return fileError(path, "is " + what + ", not a CLIP image encoder: it must hold a vision_model with visual_projection.weight, or OpenCLIP's visual.", ErrorCode::UnsupportedModel);
    }
    addConcepts(weights->sources, files);
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
        const Result<JsonValue> config = readConfig(path / "config.json");
        if (!config) return config.error();
        applyConfig(*config, files);
    }
    return files;
}

} // namespace sfumato::engine
