// What `inspect` says of one file: as JSON, and the same as text for people.
// Thread: any. Reads headers; whole files only for hashes.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/engine/api/generation_request.h"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <functional>
#include <string>

namespace sfumato::app {

// {"path", "kind", …}: a model file ("checkpoint", "lora", …, "unknown"), a diffusers folder ("diffusers") or a picture ("picture") with its recipe.
// Fields that do not apply are left out.
//   errors  those of describeFile, ModelFiles::open and readPicture
[[nodiscard]] Result<nlohmann::ordered_json> describeForInspect(const std::filesystem::path& path, bool hashes, const std::function<void(double)>& progress);

// {"model", "applied_layers", "total_layers", "unmatched"}: what a LoRA would change in a model. Null for files that are no LoRA.
//   errors  those of ModelFiles::open
[[nodiscard]] Result<nlohmann::ordered_json> matchForInspect(const std::filesystem::path& lora, const engine::ModelSource& model);

// One "name: value" a line, lists joined, nested values indented.
[[nodiscard]] std::string reportAsText(const nlohmann::ordered_json& report);

} // namespace sfumato::app
