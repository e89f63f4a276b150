// What `inspect` says of one file: as JSON, and the same as text for people.
// Thread: any. Reads headers; whole files only for hashes.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <functional>
#include <string>

namespace sfumato::app {

// {"path", "kind", …}: a model file ("checkpoint", "lora", …, "unknown"), a diffusers folder ("diffusers") or a picture ("picture") with its recipe.
// Fields that do not apply are left out.
//   errors  those of describeFile, ModelFiles::open and readPicture
[[nodiscard]] Result<nlohmann::ordered_json> describeForInspect(const std::filesystem::path& path, bool hashes, const std::function<void(double)>& progress);

// One "name: value" a line, lists joined, nested values indented.
[[nodiscard]] std::string reportAsText(const nlohmann::ordered_json& report);

} // namespace sfumato::app
