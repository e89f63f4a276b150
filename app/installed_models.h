// Models by name: what a job's `model`, `vae` and `refiner` stand for, and the files it names.
// Thread: any; reads folder entries, no weights.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/install_paths.h"
#include "core/base/file_path.h"
#include "core/base/result.h"
#include "core/engine/api/generation_request.h"
#include "core/workflow/job_description.h"

#include <filesystem>
#include <string>
#include <vector>

namespace sfumato::app {

inline constexpr char kStarterModel[] = "starter";

// The names of installed models, sorted: NAME.safetensors, or NAME/ with a model_index.json, in either models folder.
[[nodiscard]] std::vector<std::string> installedModelNames(const InstallPaths& paths);

// The files a job's model and vae stand for. A value that exists as a path, from any of `baseFolders`, is that path; any other is the name of an installed
// model; an empty model is the starter model.
//   errors  FileNotFound; the message lists the installed names, the detail is the value
[[nodiscard]] Result<engine::ModelSource> resolveModel(const workflow::JobDescription& job, const InstallPaths& paths,
    const std::vector<std::filesystem::path>& baseFolders);

// What `"refiner": true` stands for: the name of the one installed model that is an SDXL refiner, by its shapes. Cost: every installed model's header.
//   errors  InvalidRequest when there is none or more than one; the message says which
[[nodiscard]] Result<std::string> installedRefiner(const InstallPaths& paths);

// The files that the job's refiner stands for, by the rule of resolveModel. The job has one, with a model.
//   errors  FileNotFound, as resolveModel
[[nodiscard]] Result<engine::ModelSource> resolveRefiner(const workflow::JobDescription& job, const InstallPaths& paths,
    const std::vector<std::filesystem::path>& baseFolders);

// The folder of the model that expands prompts: the one of InstallPaths, or the first in it that holds a model.
//   errors  FileNotFound; the sentence says where it is looked for, the detail is "expand_prompt"
[[nodiscard]] Result<std::filesystem::path> installedExpander(const InstallPaths& paths);

// The path itself when it is absolute, else below the first base folder where it exists; empty when it exists nowhere.
[[nodiscard]] std::filesystem::path existingPath(const std::filesystem::path& path, const std::vector<std::filesystem::path>& baseFolders);

// The files of the job's LoRAs or embeddings, in order. `field` is "loras" or "embeddings".
//   errors  FileNotFound; the sentence names the entry, the detail is its field: "loras[1].path"
template <typename Entry>
[[nodiscard]] Result<std::vector<std::filesystem::path>> resolveFiles(const std::string& field, const std::vector<Entry>& entries, const std::vector<std::filesystem::path>& baseFolders)
{
    std::vector<std::filesystem::path> files;
    for (std::size_t index = 0; index < entries.size(); ++index) {
        files.push_back(existingPath(pathFromUtf8(entries[index].path), baseFolders));
        const std::string name = field + '[' + std::to_string(index) + "].path";
        if (files.back().empty()) return Error{ ErrorCode::FileNotFound, name + " was given as \"" + entries[index].path + "\"; there is no such file.", name };
    }
    return files;
}

} // namespace sfumato::app
