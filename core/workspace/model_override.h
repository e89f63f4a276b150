// What the artist said of model files, by file: kept as long as the file is the same.
// Thread: any, pure (looks at the file's size).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workflow/job_description.h"
#include "core/workspace/app_settings.h"

#include <optional>

namespace sfumato::workspace {

// Empty when nothing was said, or the file has another size by now.
[[nodiscard]] std::optional<engine::ParametrisationOverride> modelOverride(const AppSettings& settings, const QString& path);

// The settings with this said of the file; an empty override takes back what was said.
[[nodiscard]] AppSettings withModelOverride(AppSettings settings, const QString& path, const engine::ParametrisationOverride& told);

// Puts what was said of the model at `path` into a job for it; what the job says itself counts more.
void applyModelOverride(workflow::JobDescription& job, const AppSettings& settings, const QString& path);

} // namespace sfumato::workspace
