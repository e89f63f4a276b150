// SPDX-License-Identifier: Apache-2.0
#include "core/engine/runtime/vision_residency.h"

#include "core/engine/io/regular_file.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/runtime/memory.h"

#include <utility>

namespace sfumato::engine {

namespace {

std::unique_ptr<SafetyChecker> loadWhereThereIsRoom(const ImageEncoderFiles& files, LoadVisionOptions options)
{
    try {
        return loadSafetyChecker(files, options);
    } catch (const std::exception& error) {
        if (options.device.is_cpu() || !isOutOfMemory(error)) throw;
    }
    releaseCachedMemory(options.device); // outside the handler, so that what was read is gone
    options.device = at::kCPU;
    options.dtype = at::kFloat;
    return loadSafetyChecker(files, options);
}

} // namespace

const SafetyChecker* VisionResidency::safetyChecker(const ModelDemand& demand, const LoadedModel& model)
{
    if (!demand.request.safetyChecker) {
        release();
        return nullptr;
    }
    const std::filesystem::path& path = *demand.request.safetyChecker;
    const Origin wanted{ path, modificationTime(path), model.device(), model.dtype() };
    if (m_checker && m_checkerOrigin == wanted) return m_checker.get();
    release();
    const auto files = ImageEncoderFiles::open(path, model.dtype() == at::kFloat ? VariantPreference::Float32 : VariantPreference::Half);
    if (!files) throw EngineException(files.error());
    if (!files->isSafetyChecker)
        throw EngineException(ErrorCode::UnsupportedModel, files->fileName + " is an image encoder, not a safety checker: concept_embeds is not in it.", path.string());
    demand.observer.onStage(Stage::Loading, 0);
    const LoadVisionOptions options{ wanted.device, wanted.dtype, [&demand](double fraction) { demand.observer.onStage(Stage::Loading, fraction); }, demand.stop };
    m_checker = loadWhereThereIsRoom(*files, options);
    m_checkerOrigin = wanted;
    return m_checker.get();
}

void VisionResidency::release()
{
    if (!m_checker) return;
    const at::Device device = m_checkerOrigin.device;
    m_checker.reset();
    releaseCachedMemory(device);
}

} // namespace sfumato::engine
