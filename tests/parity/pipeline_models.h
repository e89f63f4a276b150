// The models that whole pipelines are compared on, written as files; tests/parity/pipeline_models.py makes the same ones in diffusers.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/models/unet_config.h"

#include <filesystem>
#include <string>

namespace sfumato::test {

// The starter model's file in the source tree.
[[nodiscard]] std::filesystem::path starterPath();

// The file or folder of a model of pipeline_models.py ("starter-inpaint", "folder-v", …), written below `work` unless it is there.
// Throws EngineException when it cannot be read or written.
[[nodiscard]] std::filesystem::path pipelineModelPath(const std::string& name, const std::filesystem::path& work);

// The UNets of "folder" and "sd1-folder".
[[nodiscard]] engine::UnetConfig folderUnet(bool isInpaint, bool isConsistency = false);
[[nodiscard]] engine::UnetConfig sd1Unet(bool isInpaint, bool isConsistency = false);

} // namespace sfumato::test
