// VisionResidency: the safety checker in memory, while requests ask for it.
// Thread: engine. Owner: LibtorchEngine.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/pipeline/vision/vision_models.h"
#include "core/engine/runtime/model_residency.h"

#include <filesystem>
#include <memory>

namespace sfumato::engine {

class VisionResidency {
public:
    // The request's safety checker, loaded unless it is in memory; null, and none in memory, when the request names none. It lies where the model does, in its type;
    // on the processor in float32 when there is no room for it there.
    // Throws EngineException, naming the file, and CancelledException.
    [[nodiscard]] const SafetyChecker* safetyChecker(const ModelDemand& demand, const LoadedModel& model);

    void release();

private:
    // What the network in memory was made from; a file that changed on disk is another one.
    struct Origin {
        std::filesystem::path path;
        std::filesystem::file_time_type modified;
        at::Device device = at::kCPU;
        at::ScalarType dtype = at::kFloat;

        friend bool operator==(const Origin&, const Origin&) = default;
    };

    std::unique_ptr<SafetyChecker> m_checker;
    Origin m_checkerOrigin;
};

} // namespace sfumato::engine
