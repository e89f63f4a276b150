// Finds and opens the weights and configs of a diffusers folder.
// Thread: any. Source: huggingface/diffusers, models/modeling_utils.py and utils/constants.py (file names, variants, shards).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/json_value.h"
#include "core/base/result.h"
#include "core/engine/io/component_mapper.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato::engine {

struct FolderWeights {
    std::string fileName; // of the weights, or of the index of their shards, without folders
    std::vector<SourceTensor> sources;
};

// `stem` is the weight file's name without variant and extension: "diffusion_pytorch_model" or "model".
// Errors: FileNotFound when there are no weights or a shard is missing; UnsupportedModel when there are pickles only; FileUnreadable for a broken index;
// those of SafetensorsFile::open.
[[nodiscard]] Result<FolderWeights> openFolderWeights(const std::filesystem::path& folder, std::string_view stem, VariantPreference preference);

// A JSON file as a value; null when there is no such file. Errors: FileUnreadable when it is malformed or larger than 4 MiB.
[[nodiscard]] Result<JsonValue> readConfig(const std::filesystem::path& path);

} // namespace sfumato::engine
