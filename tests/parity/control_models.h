// The control models that pipelines are compared with, written as files; tests/parity/control_models.py makes the same ones in diffusers.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/control_reference.h"
#include "core/engine/models/unet_config.h"
#include "tests/support/synthetic_weights.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace sfumato::test {

// Names and shapes of a model of control_models.py under the names of diffusers, written down independently of the code that loads it.
[[nodiscard]] std::vector<NamedShape> controlShapes(const std::string& name);

// The file or folder of such a model, written below `work` unless it is there. Throws EngineException when it cannot be written.
[[nodiscard]] std::filesystem::path controlModelPath(const std::string& name, const std::filesystem::path& work);

// "model:type:weight:start:end:picture", joined by "|"; `picture` finds a control picture by its name.
[[nodiscard]] std::vector<engine::ControlReference> parseControls(const std::string& text, const std::filesystem::path& work,
    const std::function<ImageBuffer(const std::string&)>& picture);

// Such a model's weights for a network; a Control-LoRA's multiplied out, as the reference has them: the synthetic UNet "folder" changed by up·down.
[[nodiscard]] std::vector<engine::WeightSource> controlSources(const std::string& name);

} // namespace sfumato::test
