// Pictures as prompts of the cases of make_pipeline_references.py; image_prompts.py gives them to the reference's pipelines.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/generation_request.h"

#include <filesystem>
#include <string>
#include <vector>

namespace sfumato::test {

// A folder with the encoder "vision-h" of vision_models.h, written below `work` unless it is there.
[[nodiscard]] std::filesystem::path imageEncoderPath(const std::filesystem::path& work);

// A synthetic IP-Adapter of a kind for a model, written below `work` unless it is there; `index` tells several of a kind apart.
[[nodiscard]] std::filesystem::path ipAdapterPath(const std::string& kind, std::size_t index, const std::filesystem::path& model, const std::filesystem::path& work);

// "KIND,WEIGHT,START,END,WxH|…". Throws EngineException when a file cannot be written.
[[nodiscard]] std::vector<engine::ControlReference> imagePrompts(const std::string& field, const std::filesystem::path& model, const std::filesystem::path& work);

} // namespace sfumato::test
