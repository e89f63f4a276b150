// LibtorchEngine: keeps the last request's models, runs requests on them, and turns everything thrown inside into values.
// Thread: engine (see Engine).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/engine.h"
#include "core/engine/pipeline/prompt_expander.h"
#include "core/engine/runtime/model_residency.h"
#include "core/engine/runtime/vision_residency.h"
#include "core/engine/text/clip_tokenizer.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace sfumato::engine {

class LibtorchEngine final : public Engine {
public:
    LibtorchEngine(ClipTokenizer tokenizer, const EngineOptions& options);

    [[nodiscard]] Result<ModelInfo> describeModel(const ModelSource& source) override;
    [[nodiscard]] std::vector<DeviceInfo> devices() const override;
    [[nodiscard]] GenerationOutcome generate(const GenerationRequest& request, GenerationObserver& observer, std::stop_token stop) override;
    [[nodiscard]] ExpansionOutcome expandPrompt(const ExpansionRequest& request, std::stop_token stop) override;
    void releaseModels() override;

private:
    [[nodiscard]] GenerationResult generateOrThrow(const GenerationRequest& request, GenerationObserver& observer, const std::stop_token& stop);
    [[nodiscard]] std::shared_ptr<const Autoencoder> previewDecoder(const GenerationRequest& request, const LoadedModel& model, std::optional<Error>& failure);

    ClipTokenizer m_tokenizer;
    EngineOptions m_options;
    ModelResidency m_models;
    std::unique_ptr<PromptExpander> m_expander; // the last one used; null until there is one
    VisionResidency m_vision;
};

} // namespace sfumato::engine
