// SPDX-License-Identifier: Apache-2.0
#include "app/cli/job_controls.h"

#include "app/cli/picture_source.h"
#include "app/installed_models.h"
#include "core/base/file_path.h"

#include <utility>

namespace sfumato::app {

namespace {

Result<std::filesystem::path> findFile(const std::string& given, const std::string& field, const std::vector<std::filesystem::path>& folders)
{
    std::filesystem::path found = existingPath(pathFromUtf8(given), folders);
    if (found.empty()) return Error{ ErrorCode::FileNotFound, field + " was given as \"" + given + "\"; there is no such file.", field };
    return found;
}

JobFailure failureOf(Error error, std::string field)
{
    JobFailure failure{ std::move(error), std::move(field), {} };
    if (failure.error.detail != failure.field) failure.path = failure.error.detail;
    return failure;
}

// The picture of one control; `jobPicture` is read at its first use.
class ControlPictures {
public:
    ControlPictures(workflow::GenerationInputs& inputs, const std::vector<std::filesystem::path>& baseFolders, std::vector<std::string>& warnings)
        : m_inputs(inputs), m_baseFolders(baseFolders), m_warnings(warnings), m_jobPicture(inputs.picture)
    {
    }

    Result<imaging::Raster> read(const std::string& reference, const std::string& field)
    {
        if (!reference.empty()) return load(reference, field);
        if (!m_jobPicture) {
            Result<imaging::Raster> picture = load(m_inputs.job.imageUrl, "image_url");
            if (!picture) return picture;
            m_jobPicture = std::move(*picture);
        }
        return *m_jobPicture;
    }

private:
    Result<imaging::Raster> load(const std::string& reference, const std::string& field)
    {
        const auto picture = loadJobPicture(reference, field, m_baseFolders);
        if (!picture) return picture.error();
        m_warnings.insert(m_warnings.end(), picture->warnings.begin(), picture->warnings.end());
        return imaging::Raster::fromImage(picture->image.view());
    }

    workflow::GenerationInputs& m_inputs;
    const std::vector<std::filesystem::path>& m_baseFolders;
    std::vector<std::string>& m_warnings;
    std::optional<imaging::Raster> m_jobPicture;
};

} // namespace

std::optional<JobFailure> loadControls(workflow::GenerationInputs& inputs, const InstallPaths& paths, CompanionModels& companions, const std::vector<std::filesystem::path>& baseFolders,
    std::vector<std::string>& warnings)
{
    std::vector<std::filesystem::path> modelFolders = baseFolders;
    modelFolders.push_back(paths.userModels);
    modelFolders.push_back(paths.installedModels);
    ControlPictures pictures(inputs, baseFolders, warnings);
    for (std::size_t index = 0; index < inputs.job.controls.size(); ++index) {
        const workflow::ControlReference& control = inputs.job.controls[index];
        const std::string name = "controls[" + std::to_string(index) + "].";
        auto model = findFile(control.model, name + "model", modelFolders);
        if (!model) return JobFailure::of(model.error());
        workflow::ControlInput input{ std::move(*model), {}, {} };
        if (!control.imageEncoder.empty()) {
            auto encoder = findFile(control.imageEncoder, name + "image_encoder", modelFolders);
            if (!encoder) return JobFailure::of(encoder.error());
            input.imageEncoder = std::move(*encoder);
        } else if (control.type == workflow::ControlType::Reference) {
            auto encoder = companions.imageEncoderFor(input.model);
            if (!encoder) return failureOf(encoder.error(), name + "model");
            input.imageEncoder = std::move(*encoder);
        }
        auto picture = pictures.read(control.imageUrl, name + "image_url");
        if (!picture) return failureOf(picture.error(), name + "image_url");
        input.picture = std::move(*picture);
        inputs.controls.push_back(std::move(input));
    }
    return std::nullopt;
}

} // namespace sfumato::app
