// SPDX-License-Identifier: Apache-2.0
#include "core/engine/runtime/model_residency.h"

#include "core/engine/io/model_facts.h"
#include "core/engine/io/model_files.h"
#include "core/engine/io/regular_file.h"
#include "core/engine/io/tiny_vae.h"
#include "core/engine/models/autoencoder_tiny.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/weights.h"
#include "core/engine/runtime/devices.h"
#include "core/engine/runtime/memory.h"
#include "core/engine/runtime/request_check.h"

#include <algorithm>
#include <utility>

namespace sfumato::engine {

namespace {

constexpr double kRoomForWeights = 1.65; // of their size: 1.15 while they are read, the rest for what both models compute

ModelFiles openFiles(const ModelSource& source, const GenerationRequest& request)
{
    auto files = ModelFiles::open(source, request.precision == Precision::Float32 ? VariantPreference::Float32 : VariantPreference::Half);
    if (!files) throw EngineException(files.error());
    return std::move(*files);
}

at::ScalarType dtypeFor(const ModelInfo& info, const GenerationRequest& request)
{
    return choosePrecision(request.precision, chooseDevice(request.device), info.parameterCount);
}

} // namespace

bool ModelResidency::Slot::holds(const ModelSource& wanted, const GenerationRequest& request) const
{
    return model && source == wanted && modified == modificationTime(wanted.path) && model->device() == chooseDevice(request.device)
        && model->dtype() == dtypeFor(model->info(), request);
}

void ModelResidency::Slot::drop()
{
    if (!model) return;
    const at::Device device = model->device();
    model.reset();
    releaseCachedMemory(device);
}

std::uint64_t ModelResidency::check(const GenerationRequest& request) const
{
    const ModelInfo info = infoOf(m_model, request.model, request);
    const auto refiner = request.refiner ? std::optional(infoOf(m_refiner, request.refiner->model, request)) : std::nullopt;
    if (const auto fitting = checkModels(request, info, refiner); !fitting) throw EngineException(fitting.error());
    if (!request.controls.empty()) ControlResidency::check(request, controlledModel(request));
    return std::max(info.parameterCount, refiner ? refiner->parameterCount : 0);
}

ControlledModel ModelResidency::controlledModel(const GenerationRequest& request) const
{
    if (m_model.holds(request.model, request)) {
        const UnetConfig& unet = m_model.model->unet().config();
        return { m_model.model->info(), { unet.modelChannels, unet.contextWidth, unet.addedWidth } };
    }
    const ModelFiles files = openFiles(request.model, request);
    const UnetFacts facts = unetFacts(files.tensors(Component::Unet));
    return { files.info(), { facts.modelChannels, facts.contextWidth, facts.addedWidth } };
}

LoadedModel& ModelResidency::model(const ModelDemand& demand)
{
    const GenerationRequest& request = demand.request;
    m_controls.keepFor(request);
    const bool keepsRefiner = request.refiner && m_refiner.holds(request.refiner->model, request);
    if (!keepsRefiner) m_refiner.drop();
    if (m_model.holds(request.model, request)) return *m_model.model;

    m_model.drop(); // first, so that it never shares the memory with its successor
    if (keepsRefiner && !hasRoomFor(infoOf(m_model, request.model, request), request)) m_refiner.drop();
    return load(m_model, request.model, true, demand);
}

bool ModelResidency::keepRefiner(const ModelDemand& demand)
{
    const GenerationRequest& request = demand.request;
    const ModelSource& source = request.refiner->model;
    if (m_refiner.holds(source, request)) return true;
    if (!hasRoomFor(infoOf(m_refiner, source, request), request)) return false;
    try {
        load(m_refiner, source, false, demand);
        return true;
    } catch (const std::exception& error) {
        if (!isOutOfMemory(error)) throw;
    }
    releaseCachedMemory(chooseDevice(request.device)); // outside the handler, so that what was read is gone
    return false;
}

LoadedModel& ModelResidency::refiner(const ModelDemand& demand)
{
    const ModelSource& source = demand.request.refiner->model;
    if (m_refiner.holds(source, demand.request)) return *m_refiner.model;
    m_controls.release();
    m_model.drop();
    return load(m_refiner, source, false, demand);
}

std::shared_ptr<const Autoencoder> ModelResidency::previewDecoder(const GenerationRequest& request, const LoadedModel& model)
{
    const std::filesystem::path& path = request.previewDecoder;
    if (!request.previews || path.empty()) return nullptr;
    const auto modified = modificationTime(path);
    const Autoencoder* const present = m_preview.decoder.get();
    if (present && m_preview.path == path && m_preview.modified == modified && present->device() == model.device() && present->dtype() == model.dtype()) return m_preview.decoder;
    m_preview = {};
    auto file = openTinyDecoder(path);
    if (!file) throw EngineException(file.error());
    LoadOptions options;
    options.dtype = model.dtype();
    options.device = model.device();
    const Weights weights(file->tensors, file->fileName, options);
    auto decoder = std::make_shared<const AutoencoderTiny>(weights);
    weights.finish();
    m_preview = { decoder, path, modified };
    return decoder;
}

void ModelResidency::release()
{
    m_controls.release();
    m_preview = {};
    m_model.drop();
    m_refiner.drop();
}

ModelInfo ModelResidency::infoOf(const Slot& slot, const ModelSource& source, const GenerationRequest& request)
{
    return slot.holds(source, request) ? slot.model->info() : openFiles(source, request).info();
}

bool ModelResidency::hasRoomFor(const ModelInfo& info, const GenerationRequest& request) const
{
    const double bytes = static_cast<double>(info.parameterCount) * static_cast<double>(c10::elementSize(dtypeFor(info, request)));
    const std::uint64_t available = m_budget ? m_budget : freeMemory(chooseDevice(request.device));
    return kRoomForWeights * bytes <= static_cast<double>(available);
}

LoadedModel& ModelResidency::load(Slot& slot, const ModelSource& source, bool withVae, const ModelDemand& demand) const
{
    demand.observer.onStage(Stage::Loading, 0);
    const ModelFiles files = openFiles(source, demand.request);
    LoadModelOptions options;
    options.device = chooseDevice(demand.request.device);
    options.dtype = dtypeFor(files.info(), demand.request);
    options.withVae = withVae;
    options.memoryBudgetInBytes = m_budget;
    options.progress = [&demand](double fraction) { demand.observer.onStage(Stage::Loading, fraction); };
    options.stop = demand.stop;
    slot.drop();
    slot.modified = modificationTime(source.path);
    slot.model = std::make_unique<LoadedModel>(files, m_tokenizer, options);
    slot.source = source;
    return *slot.model;
}

} // namespace sfumato::engine
