// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/controls/control_loading.h"

#include "core/engine/io/message_text.h"
#include "core/engine/models/control/control_weights.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"
#include "core/engine/pipeline/controls/control_net_control.h"
#include "core/engine/pipeline/controls/ip_adapter_control.h"
#include "core/engine/pipeline/controls/t2i_adapter_control.h"
#include "core/engine/pipeline/vision/vision_models.h"

#include <algorithm>
#include <string>
#include <utility>

namespace sfumato::engine {

namespace {

std::vector<WeightSource> plainSources(const ControlFile& file)
{
    std::vector<WeightSource> sources;
    for (const MappedTensor& tensor : file.tensors()) sources.push_back(weightSource(tensor));
    return sources;
}

std::vector<WeightSource> sourcesOf(const ControlFile& file, const LoadControlOptions& options)
{
    if (!file.needsBase()) return plainSources(file);
    const ModelFiles base = options.openBase();
    const std::vector<MappedTensor>& unet = base.tensors(Component::Unet);
    return file.isDifference() ? weightsWithDifference(file.tensors(), unet) : weightsWithControlLora(file.tensors(), unet);
}

Weights weightsOf(const ControlFile& file, const LoadControlOptions& options)
{
    std::vector<WeightSource> sources = sourcesOf(file, options);
    std::uint64_t total = 0;
    for (const WeightSource& source : sources) total += source.byteCount;
    const auto report = [progress = options.progress, total](std::uint64_t bytes) {
        if (progress && total > 0) progress(std::min(1.0, static_cast<double>(bytes) / static_cast<double>(total)));
    };
    return { std::move(sources), file.fileName(), LoadOptions{ options.dtype, options.device, report, options.stop } };
}

std::unique_ptr<LoadedControl> loadControlNet(const ControlFile& file, const LoadControlOptions& options)
{
    const Weights weights = weightsOf(file, options);
    ControlNet network(weights, detectUnetEncoder(weights, file.attentionHeads().empty() ? options.attentionHeads : file.attentionHeads()), file.poolsResiduals());
    weights.finish();
    return std::make_unique<LoadedControlNet>(std::move(network));
}

std::unique_ptr<LoadedControl> loadT2iAdapter(const ControlFile& file, const LoadControlOptions& options)
{
    const Weights weights = weightsOf(file, options);
    T2iAdapter network(weights);
    weights.finish();
    return std::make_unique<LoadedT2iAdapter>(std::move(network), file.fileName());
}

std::unique_ptr<LoadedControl> loadIpAdapterControl(const ControlReference& reference, const LoadControlOptions& options)
{
    const auto file = IpAdapterFile::open(reference.model);
    if (!file) throw EngineException(file.error());
    std::shared_ptr<PictureEncoder> encoder = options.pictureEncoder(reference.imageEncoder);
    auto network = loadIpAdapter(*file, { options.device, options.dtype, options.progress, options.stop });
    return std::make_unique<LoadedIpAdapter>(std::move(network), std::move(encoder), file->readsHidden(), displayName(reference.model));
}

} // namespace

std::unique_ptr<LoadedControl> loadControl(const ControlFile& file, const ControlReference& reference, const LoadControlOptions& options)
{
    switch (file.kind()) {
    case FileKind::ControlNet:
    case FileKind::ControlNetUnion:
    case FileKind::ControlLora: return loadControlNet(file, options);
    case FileKind::T2iAdapter: return loadT2iAdapter(file, options);
    case FileKind::IpAdapter: return loadIpAdapterControl(reference, options);
    default: break;
    }
    throw EngineException(ErrorCode::UnsupportedModel, file.fileName() + " is " + std::string(fileKindPhrase(file.kind())) + ", which this version does not run.", "controls");
}

} // namespace sfumato::engine
