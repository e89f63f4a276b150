// checkRequest: refuses a request the networks could not run, before anything is loaded.
// Thread: any, pure. Callers build requests from validated jobs; this is the engine's own border.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/engine/api/generation_request.h"
#include "core/engine/api/model_info.h"
#include "core/engine/api/prompt_expansion.h"
#include "core/engine/io/controls/control_file.h"

#include <optional>

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

} // namespace sfumato::engine
