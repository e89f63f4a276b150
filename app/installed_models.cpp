// SPDX-License-Identifier: Apache-2.0
#include "app/installed_models.h"

#include "core/engine/api/prompt_expansion.h"
#include "core/engine/io/model_files.h"

#include <algorithm>
#include <system_error>

namespace sfumato::app {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kWeightsExtension = ".safetensors";

bool isThere(const fs::path& path)
{
    std::error_code ignored;
    return fs::exists(path, ignored);
}

void appendNames(const fs::path& folder, std::vector<std::string>& names)
{
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        if (entry->path().extension() == kWeightsExtension)
            names.push_back(entry->path().stem().string());
        else if (isThere(entry->path() / "model_index.json"))
            names.push_back(entry->path().filename().string());
    }
}

// Empty when no model of that name is installed.
fs::path installedPath(const std::string& name, const InstallPaths& paths)
{
    if (name.find('/') != std::string::npos || name == "." || name == "..") return {};
    for (const fs::path& folder : { paths.installedModels, paths.userModels }) {
        if (const fs::path file = folder / (name + std::string(kWeightsExtension)); isThere(file)) return file;
        if (isThere(folder / name / "model_index.json")) return folder / name;
    }
    return {};
}

Error modelNotFound(const std::string& field, const std::string& model, const InstallPaths& paths)
{
    std::string names;
    for (const std::string& name : installedModelNames(paths)) names += (names.empty() ? "" : ", ") + name;
    return { ErrorCode::FileNotFound, field + " was given as \"" + model + "\"; it must be the path of a .safetensors file or of a diffusers folder, or an installed model (" + (names.empty() ? "there is none" : names) + ").", model };
}

// A path from any of the folders, else the name of an installed model.
Result<fs::path> modelPath(const std::string& field, const std::string& model, const InstallPaths& paths, const std::vector<fs::path>& baseFolders)
{
    fs::path path = existingPath(model, baseFolders);
    if (path.empty()) path = installedPath(model, paths);
    if (path.empty()) return modelNotFound(field, model, paths);
    return path;
}

} // namespace

std::filesystem::path existingPath(const std::filesystem::path& path, const std::vector<std::filesystem::path>& baseFolders)
{
    if (path.empty()) return {};
    if (path.is_absolute()) return isThere(path) ? path : fs::path();
    for (const fs::path& base : baseFolders)
        if (const fs::path candidate = base.empty() ? path : base / path; isThere(candidate)) return candidate;
    return {};
}

std::vector<std::string> installedModelNames(const InstallPaths& paths)
{
    std::vector<std::string> names;
    appendNames(paths.installedModels, names);
    appendNames(paths.userModels, names);
    std::ranges::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

Result<engine::ModelSource> resolveModel(const workflow::JobDescription& job, const InstallPaths& paths, const std::vector<std::filesystem::path>& baseFolders)
{
    const std::vector<fs::path> starterFolders; // only an installed one is meant
    auto path = modelPath("model", job.model.empty() ? kStarterModel : job.model, paths, job.model.empty() ? starterFolders : baseFolders);
    if (!path) return std::move(path).error();
    engine::ModelSource source{ std::move(*path), std::nullopt };
    if (job.vae.empty()) return source;
    source.vae = existingPath(job.vae, baseFolders);
    if (source.vae->empty())
        return Error{ ErrorCode::FileNotFound, "vae was given as \"" + job.vae + "\"; there is no such file or folder.", job.vae };
    return source;
}

Result<std::string> installedRefiner(const InstallPaths& paths)
{
    std::string first, all;
    for (const std::string& name : installedModelNames(paths)) {
        const auto files = engine::ModelFiles::open({ installedPath(name, paths), std::nullopt });
        if (!files || files->info().family != engine::ModelFamily::SdxlRefiner) continue;
        if (first.empty()) first = name;
        all += (all.empty() ? "" : ", ") + name;
    }
    if (first.empty())
        return Error{ ErrorCode::InvalidRequest, "refiner was given without a model, and none of the installed models is an SDXL refiner; it must name a path, or one must be put into " + paths.userModels.string() + ".", "refiner" };
    if (all != first)
        return Error{ ErrorCode::InvalidRequest, "refiner was given without a model, and several SDXL refiners are installed (" + all + "); it must name one of them.", "refiner" };
    return first;
}

Result<engine::ModelSource> resolveRefiner(const workflow::JobDescription& job, const InstallPaths& paths, const std::vector<std::filesystem::path>& baseFolders)
{
    auto path = modelPath("refiner", job.refiner->model, paths, baseFolders);
    if (!path) return std::move(path).error();
    return engine::ModelSource{ std::move(*path), std::nullopt };
}

Result<std::filesystem::path> installedExpander(const InstallPaths& paths)
{
    fs::path folder = engine::expansionModelIn(paths.promptExpansion);
    if (!folder.empty()) return folder;
    return Error{ ErrorCode::FileNotFound, "expand_prompt was given as true, but no model that expands prompts is installed; " + paths.promptExpansion.string() + " must be or hold a folder with a GPT-2 model in the layout of transformers (config.json, vocab.json, merges.txt, model.safetensors).", "expand_prompt" };
}

} // namespace sfumato::app
