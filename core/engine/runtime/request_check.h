// checkRequest: refuses a request the networks could not run, before anything is loaded.
// Thread: any, pure. Callers build requests from validated jobs; this is the engine's own border.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/engine/api/engine.h"
#include "core/engine/api/prompt_expansion.h"
#include "core/engine/io/controls/control_file.h"

#include <optional>
#include <string>
#include <vector>

namespace sfumato::engine {

// Errors: InvalidRequest; detail names the field.
[[nodiscard]] Result<void> checkRequest(const GenerationRequest& request);

// Refuses models that cannot run a request, or not together. `refiner` is given exactly when the request has one.
// Errors: InvalidRequest; detail names the field.
[[nodiscard]] Result<void> checkModels(const GenerationRequest& request, const ModelInfo& model, const std::optional<ModelInfo>& refiner);

// Errors: InvalidRequest; detail names the setting.
[[nodiscard]] Result<void> checkExpansion(const ExpansionRequest& request);

// Refuses a type that the control's model does not have.
// Errors: InvalidRequest; detail names the field.
[[nodiscard]] Result<void> checkControl(const ControlReference& reference, const ControlFile& file);
// What a distilled model, or a LoRA of the stack that makes it one, was not made for, in one sentence. The last such LoRA counts instead of the model.
[[nodiscard]] std::optional<std::string> fewStepWarning(const GenerationRequest& request, const ModelInfo& model, const std::vector<LoraReport>& loras);

} // namespace sfumato::engine
