// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/file_description.h"

#include "core/base/sha256.h"
#include "core/engine/io/adapters/adapter_summary.h"
#include "core/engine/io/controls/control_file.h"
#include "core/engine/io/controls/control_tasks.h"
#include "core/engine/io/file_kind.h"
#include "core/engine/io/kinds/file_variant.h"
#include "core/engine/io/model_facts.h"
#include "core/engine/io/model_files.h"
#include "core/engine/io/training_metadata.h"

#include <algorithm>
#include <set>

namespace sfumato::engine {

namespace {

// The first key that has a value.
std::string firstOf(const Metadata& metadata, std::initializer_list<const char*> keys)
{
    for (const char* key : keys) {
        if (std::string value = metadataValue(metadata, key); !value.empty()) return value;
    }
    return {};
}

void describeModel(const ModelFiles& files, FileDescription& description)
{
    description.family = files.info().family;
    description.inputChannels = files.info().inputChannels;
    description.hasTextEncoders = files.info().hasTextEncoders;
    description.hasVae = files.info().hasVae;
    description.prediction = files.info().prediction;
    description.zeroTerminalSnr = files.info().zeroTerminalSnr;
    description.fewSteps = files.info().fewSteps;
}

void describeAdapter(const SafetensorsFile& file, FileDescription& description)
{
    AdapterSummary summary = summariseAdapter(file);
    description.algorithms = std::move(summary.algorithms);
    description.rankMin = summary.rankMin;
    description.rankMax = summary.rankMax;
    description.moduleCount = summary.moduleCount;
    description.changesUnet = summary.changesUnet;
    description.changesTextEncoders = summary.changesTextEncoders;
    description.family = summary.family;
    description.foreignFamily = std::move(summary.foreignFamily);
    description.fewSteps = fewStepsOfAdapter(file);
}

void describeEmbedding(const SafetensorsFile& file, FileDescription& description)
{
    bool hasLargeEncoder = false;
    std::int64_t width = 0;
    for (const TensorEntry& entry : file.tensors()) {
        const std::int64_t vectors = entry.shape.size() > 1 ? entry.shape.front() : 1;
        description.vectorCount = std::max(description.vectorCount, static_cast<int>(std::min<std::int64_t>(vectors, 1 << 20)));
        width = entry.shape.back();
        hasLargeEncoder |= width == 1280 || width == 2048;
    }
    description.family = hasLargeEncoder ? ModelFamily::Sdxl : width == 1024 ? ModelFamily::Sd2
                                                                             : ModelFamily::Sd1;
}

void describeControl(const ControlFile& control, FileDescription& description)
{
    description.family = control.family();
    for (int task = 0; task < std::min(control.taskCount(), kMostControlTasks); ++task) description.controlTasks.emplace_back(controlTaskName(task));
}

void describeKind(const SafetensorsFile& file, FileDescription& description)
{
    switch (description.kind) {
    case FileKind::Checkpoint:
    case FileKind::Unet:
        if (const Result<ModelFiles> files = ModelFiles::open({ file.path(), {} }); files) describeModel(*files, description);
        break;
    case FileKind::Lora: describeAdapter(file, description); break;
    case FileKind::Embedding: describeEmbedding(file, description); break;
    case FileKind::ControlNet:
    case FileKind::ControlLora:
    case FileKind::ControlNetUnion:
    case FileKind::ControlLllite:
    case FileKind::T2iAdapter:
    case FileKind::IpAdapter:
        if (const Result<ControlFile> control = ControlFile::open(file.path())) describeControl(*control, description);
        break;
    default: break;
    }
}

void describeMetadata(const Metadata& metadata, FileDescription& description)
{
    description.title = firstOf(metadata, { "modelspec.title", "ssmd_display_name", "ss_output_name" });
    description.author = firstOf(metadata, { "modelspec.author", "ssmd_author" });
    description.license = firstOf(metadata, { "modelspec.license" });
    description.description = firstOf(metadata, { "modelspec.description", "ssmd_description", "ss_training_comment" });
    description.baseModel = firstOf(metadata, { "ss_sd_model_name", "ss_base_model_version", "modelspec.architecture" });
    description.triggerWords = triggerWords(metadata);
    description.trainingTags = trainingTags(metadata);
    description.metadata = metadata;
    if (description.family == ModelFamily::Unknown && description.foreignFamily.empty()) description.family = familyFromMetadata(metadata);
}

Result<void> hashFile(const SafetensorsFile& file, const DescribeOptions& options, FileDescription& description)
{
    constexpr std::uint64_t kPieceBytes = std::uint64_t{ 8 } << 20;
    std::vector<std::byte> piece(static_cast<std::size_t>(std::min(kPieceBytes, file.sizeInBytes())));
    Sha256 whole, tensors;
    for (std::uint64_t at = 0; at < file.sizeInBytes();) {
        if (options.stop.stop_requested()) return {};
        const std::span<std::byte> bytes = std::span(piece).first(static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), file.sizeInBytes() - at)));
        if (Result<void> outcome = file.readAt(at, bytes); !outcome) return outcome;
        whole.add(bytes);
        const std::uint64_t headerLeft = file.dataBegin() > at ? std::min<std::uint64_t>(file.dataBegin() - at, bytes.size()) : 0;
        tensors.add(bytes.subspan(static_cast<std::size_t>(headerLeft)));
        at += bytes.size();
        if (options.progress) options.progress(static_cast<double>(at) / static_cast<double>(file.sizeInBytes()));
    }
    description.sha256 = whole.hex();
    description.autoV2 = description.sha256.substr(0, 10);
    description.autoV3 = tensors.hex().substr(0, 12);
    return {};
}

// Empty when the folder holds no control model.
std::optional<FileDescription> describeControlFolder(const std::filesystem::path& path)
{
    const Result<ControlFile> control = ControlFile::open(path);
    if (!control) return std::nullopt;
    FileDescription description;
    description.kind = control->kind();
    description.title = path.filename().string();
    describeControl(*control, description);
    std::vector<const TensorEntry*> entries;
    std::set<const SafetensorsFile*> opened;
    for (const MappedTensor& tensor : control->tensors()) {
        entries.push_back(tensor.entry);
        opened.insert(tensor.file.get());
    }
    const StoredPrecision precision = storedPrecision(entries);
    description.precision = precision.name;
    description.parameterCount = precision.parameterCount;
    description.tensorCount = entries.size();
    for (const SafetensorsFile* file : opened) description.sizeInBytes += file->sizeInBytes();
    return description;
}

Result<FileDescription> describeFolder(const std::filesystem::path& path)
{
    if (std::optional<FileDescription> control = describeControlFolder(path)) return *std::move(control);
    const Result<ModelFiles> files = ModelFiles::open({ path, {} });
    if (!files) return files.error();
    FileDescription description;
    description.kind = files->info().hasVae || files->info().hasTextEncoders ? FileKind::Checkpoint : FileKind::Unet;
    describeModel(*files, description);
    description.title = files->info().title;
    description.precision = files->info().precision;
    description.parameterCount = files->info().parameterCount;
    description.sizeInBytes = files->info().sizeInBytes;
    for (const Component component : kComponents) description.tensorCount += files->tensors(component).size();
    return description;
}

} // namespace

std::string_view modelFamilyName(ModelFamily family) noexcept
{
    switch (family) {
    case ModelFamily::Sdxl: return "SDXL";
    case ModelFamily::SdxlRefiner: return "SDXL refiner";
    case ModelFamily::Sd1: return "SD 1.x";
    case ModelFamily::Sd2: return "SD 2.x";
    case ModelFamily::Unknown: break;
    }
    return "unknown";
}

Result<FileDescription> describeFile(const std::filesystem::path& path, const DescribeOptions& options)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) return describeFolder(path);
    const Result<SafetensorsFile> file = SafetensorsFile::open(path);
    if (!file) return file.error();
    FileDescription description;
    RecognisedKind recognised = recogniseKind(*file);
    description.kind = recognised.kind;
    description.foreignFamily = std::move(recognised.foreignFamily);
    description.variant = variantOf(*file, description.kind);
    std::vector<const TensorEntry*> entries;
    for (const TensorEntry& entry : file->tensors()) entries.push_back(&entry);
    const StoredPrecision precision = storedPrecision(entries);
    description.precision = precision.name;
    description.parameterCount = precision.parameterCount;
    description.tensorCount = entries.size();
    description.sizeInBytes = file->sizeInBytes();
    describeKind(*file, description);
    describeMetadata(file->metadata(), description);
    if (options.hashes) {
        if (Result<void> outcome = hashFile(*file, options, description); !outcome) return std::move(outcome).error();
    }
    return description;
}

} // namespace sfumato::engine
