// SPDX-License-Identifier: Apache-2.0
#include "core/engine/runtime/control_residency.h"

#include "core/engine/io/adapters/ip_adapter_file.h"
#include "core/engine/io/image_encoder_files.h"
#include "core/engine/io/message_text.h"
#include "core/engine/io/regular_file.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/pipeline/vision/vision_models.h"
#include "core/engine/runtime/request_check.h"

#include <algorithm>
#include <string>
#include <utility>

namespace sfumato::engine {

namespace {

VariantPreference preferenceOf(const GenerationRequest& request) noexcept
{
    return request.precision == Precision::Float32 ? VariantPreference::Float32 : VariantPreference::Half;
}

ControlFile openControl(const ControlReference& reference, const GenerationRequest& request)
{
    auto file = ControlFile::open(reference.model, preferenceOf(request));
    if (!file) throw EngineException(file.error());
    return std::move(*file);
}

std::vector<std::int64_t> headsOf(const UnetConfig& unet)
{
    std::vector<std::int64_t> heads;
    for (const UnetBlockConfig& block : unet.downBlocks) heads.push_back(block.heads);
    return heads;
}

// An IP-Adapter and its encoder belong together by the width of what one reads of the other.
void checkImageEncoder(const ControlReference& reference, const GenerationRequest& request)
{
    const auto adapter = IpAdapterFile::open(reference.model);
    if (!adapter) throw EngineException(adapter.error());
    const std::string name = displayName(reference.model) + " is an IP-Adapter, ";
    if (reference.imageEncoder.empty()) throw EngineException(ErrorCode::InvalidRequest, name + "which needs a CLIP image encoder; image_encoder must name one.", "controls");
    const auto encoder = ImageEncoderFiles::open(reference.imageEncoder, preferenceOf(request));
    if (!encoder) throw EngineException(encoder.error());
    const std::int64_t width = adapter->readsHidden() ? encoder->width : encoder->projection;
    if (width == adapter->imageWidth) return;
    const char* const what = adapter->readsHidden() ? "hidden states" : "an embedding";
    throw EngineException(ErrorCode::InvalidRequest, name + "which reads " + what + " of width " + std::to_string(adapter->imageWidth) + "; the image encoder " + encoder->fileName + " gives " + std::to_string(width) + '.', "controls");
}

} // namespace

void ControlResidency::check(const GenerationRequest& request, const ControlledModel& model)
{
    for (const ControlReference& reference : request.controls) {
        const ControlFile file = openControl(reference, request);
        if (const auto fitting = file.checkFits(model.info.title, model.info.family, model.unet); !fitting) throw EngineException(fitting.error());
        if (const auto runnable = checkControl(reference, file); !runnable) throw EngineException(runnable.error());
        if (file.kind() == FileKind::IpAdapter) checkImageEncoder(reference, request);
    }
}

void ControlResidency::keepFor(const GenerationRequest& request)
{
    std::erase_if(m_slots, [&](const Slot& slot) {
        return std::none_of(request.controls.begin(), request.controls.end(), [&](const ControlReference& reference) { return isMadeFor(slot, reference, request); });
    });
}

std::vector<const LoadedControl*> ControlResidency::load(const ModelDemand& demand, const LoadedModel& model)
{
    std::erase_if(m_slots, [&](const Slot& slot) { return slot.device != model.device() || slot.dtype != model.dtype(); });
    std::vector<const LoadedControl*> loaded;
    for (const ControlReference& reference : demand.request.controls) {
        auto slot = std::find_if(m_slots.begin(), m_slots.end(), [&](const Slot& present) { return isMadeFor(present, reference, demand.request); });
        if (slot == m_slots.end()) slot = m_slots.insert(m_slots.end(), read(reference, demand, model));
        loaded.push_back(slot->control.get());
    }
    return loaded;
}

ControlResidency::Origin ControlResidency::originOf(const ControlReference& reference, const GenerationRequest& request, bool needsBase)
{
    Origin origin{ reference.model, reference.imageEncoder, modificationTime(reference.model), {}, {} };
    if (!needsBase) return origin;
    origin.base = request.model;
    origin.baseModified = modificationTime(request.model.path);
    return origin;
}

bool ControlResidency::isMadeFor(const Slot& slot, const ControlReference& reference, const GenerationRequest& request)
{
    return slot.origin == originOf(reference, request, slot.origin.base.has_value());
}

ControlResidency::Slot ControlResidency::read(const ControlReference& reference, const ModelDemand& demand, const LoadedModel& model)
{
    demand.observer.onStage(Stage::Loading, 0);
    const ControlFile file = openControl(reference, demand.request);
    LoadControlOptions options;
    options.device = model.device();
    options.dtype = model.dtype();
    options.attentionHeads = headsOf(model.unet().config());
    options.openBase = [&demand] {
        auto files = ModelFiles::open(demand.request.model, preferenceOf(demand.request));
        if (!files) throw EngineException(files.error());
        return std::move(*files);
    };
    options.pictureEncoder = [&](const std::filesystem::path& path) { return pictureEncoder(path, demand, model); };
    options.progress = [&demand](double fraction) { demand.observer.onStage(Stage::Loading, fraction); };
    options.stop = demand.stop;
    Slot slot{ originOf(reference, demand.request, file.needsBase()), model.device(), model.dtype(), nullptr };
    slot.control = loadControl(file, reference, options);
    return slot;
}

std::shared_ptr<PictureEncoder> ControlResidency::pictureEncoder(const std::filesystem::path& path, const ModelDemand& demand, const LoadedModel& model)
{
    std::erase_if(m_encoders, [](const Encoder& present) { return present.encoder.expired(); });
    const auto modified = modificationTime(path);
    for (const Encoder& present : m_encoders)
        if (present.path == path && present.modified == modified && present.device == model.device() && present.dtype == model.dtype()) return present.encoder.lock();
    const auto files = ImageEncoderFiles::open(path, preferenceOf(demand.request));
    if (!files) throw EngineException(files.error());
    const LoadVisionOptions options{ model.device(), model.dtype(), [&demand](double fraction) { demand.observer.onStage(Stage::Loading, fraction); }, demand.stop };
    auto encoder = std::make_shared<PictureEncoder>(loadImageEncoder(*files, options));
    m_encoders.push_back({ path, modified, model.device(), model.dtype(), encoder });
    return encoder;
}

void ControlResidency::release()
{
    m_slots.clear();
    m_encoders.clear();
}

} // namespace sfumato::engine
