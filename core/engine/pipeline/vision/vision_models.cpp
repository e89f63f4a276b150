// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/vision/vision_models.h"

#include "core/engine/io/message_text.h"
#include "core/engine/nn/weights.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace sfumato::engine {

namespace {

Weights weightsOf(const std::vector<MappedTensor>& tensors, const std::string& fileName, const LoadVisionOptions& options)
{
    std::uint64_t total = 0;
    for (const MappedTensor& tensor : tensors) total += tensor.entry->sizeInBytes() / (tensor.rowCount > 0 ? static_cast<std::uint64_t>(tensor.entry->shape.front() / tensor.rowCount) : 1);
    const auto report = [progress = options.progress, total](std::uint64_t bytes) {
        if (progress && total > 0) progress(std::min(1.0, static_cast<double>(bytes) / static_cast<double>(total)));
    };
    return { tensors, fileName, LoadOptions{ options.dtype, options.device, report, options.stop } };
}

MappedTensor renamed(const IpAdapterFile& file, const TensorEntry& entry, std::string name)
{
    return { std::move(name), file.file, &entry, entry.shape, false, 0, entry.shape.empty() ? 0 : entry.shape.front() };
}

} // namespace

std::unique_ptr<ClipVisionEncoder> loadImageEncoder(const ImageEncoderFiles& files, const LoadVisionOptions& options)
{
    std::vector<MappedTensor> tensors = files.tensors;
    std::erase_if(tensors, [](const MappedTensor& tensor) { return !std::string_view(tensor.name).starts_with("vis"); }); // a checker's concepts
    const Weights weights = weightsOf(tensors, files.fileName, options);
    auto encoder = std::make_unique<ClipVisionEncoder>(weights, clipActivationFromName(files.activation), files.heads);
    weights.finish();
    return encoder;
}

std::unique_ptr<SafetyChecker> loadSafetyChecker(const ImageEncoderFiles& files, const LoadVisionOptions& options)
{
    const Weights weights = weightsOf(files.tensors, files.fileName, options);
    auto checker = std::make_unique<SafetyChecker>(weights, clipActivationFromName(files.activation), files.heads);
    weights.finish();
    return checker;
}

std::unique_ptr<IpAdapter> loadIpAdapter(const IpAdapterFile& file, const LoadVisionOptions& options)
{
    std::vector<MappedTensor> tensors;
    for (const TensorEntry* entry : file.projection) tensors.push_back(renamed(file, *entry, entry->name));
    for (std::size_t i = 0; i < file.layers.size(); ++i) {
        const std::string layer = "layers." + std::to_string(i);
        tensors.push_back(renamed(file, *file.layers[i].key, layer + ".key.weight"));
        tensors.push_back(renamed(file, *file.layers[i].value, layer + ".value.weight"));
    }
    const Weights weights = weightsOf(tensors, displayName(file.file->path()), options);
    auto adapter = std::make_unique<IpAdapter>(weights, file.contextWidth);
    weights.finish();
    return adapter;
}

} // namespace sfumato::engine
