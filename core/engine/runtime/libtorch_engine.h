// LibtorchEngine: keeps the last model loaded, runs requests on it, and turns everything thrown inside into values.
// Thread: engine (see Engine).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/engine.h"
#include "core/engine/pipeline/loaded_model.h"
#include "core/engine/text/clip_tokenizer.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sfumato::engine {

class LibtorchEngine final : public Engine {
public:
    LibtorchEngine(ClipTokenizer tokenizer, const EngineOptions& options);

    [[nodiscard]] Result<ModelInfo> describeModel(const ModelSource& source) override;
    [[nodiscard]] std::vector<DeviceInfo> devices() const override;
    [[nodiscard]] GenerationOutcome generate(const GenerationRequest& request, GenerationObserver& observer, std::stop_token stop) override;
    void releaseModels() override;

private:
    // What the model in memory was made from; a file that changed on disk is another model.
    struct Identity {
        ModelSource source;
        std::filesystem::file_time_type modified;
        at::Device device = at::kCPU;
        at::ScalarType dtype = at::kFloat;

        friend bool operator==(const Identity&, const Identity&) = default;
    };

    [[nodiscard]] GenerationResult generateOrThrow(const GenerationRequest& request, GenerationObserver& observer, const std::stop_token& stop);
    [[nodiscard]] LoadedModel& model(const GenerationRequest& request, GenerationObserver& observer, const std::stop_token& stop);

    ClipTokenizer m_tokenizer;
    EngineOptions m_options;
    std::optional<Identity> m_identity;
    std::unique_ptr<LoadedModel> m_model;
};

} // namespace sfumato::engine
