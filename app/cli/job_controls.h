// The files of a job's controls: models and pictures.
// Thread: any, pure (reads files).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/job_report.h"
#include "app/companion_models.h"
#include "app/install_paths.h"
#include "core/workflow/prepare_generation.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sfumato::app {

// Fills inputs.controls. An IP-Adapter that names no image encoder gets the installed one that fits. Models are looked up below the base folders, then below the folders of installed models; a control without a picture has the job's.
// After the job's own pictures were read. Errors: the failure names the entry's field, as in "controls[1].image_url".
[[nodiscard]] std::optional<JobFailure> loadControls(workflow::GenerationInputs& inputs, const InstallPaths& paths, CompanionModels& companions, const std::vector<std::filesystem::path>& baseFolders,
    std::vector<std::string>& warnings);

} // namespace sfumato::app
