// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/recipe.h"

#include "core/base/file_path.h"
#include "core/document/io/picture_writer.h"
#include "core/library/files/model_path.h"
#include "core/workflow/recipes/foreign_recipe.h"
#include "core/workflow/job_json.h"
#include "core/workflow/recipe_text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <span>
#include <string>
#include <utility>

namespace sfumato::workspace {

namespace {

// "<folder>/<stem>.<part>.png"
std::filesystem::path besideJob(const std::filesystem::path& path, const std::string& part)
{
    std::filesystem::path beside = path.parent_path() / path.stem();
    beside += "." + part + ".png";
    return beside;
}

workflow::JobDescription jobOf(const GenerationRun& run, int imageIndex)
{
    workflow::JobDescription job = workflow::jobOfImage(run.job, imageIndex);
    job.format = workflow::OutputFormat::Png;
    job.imageUrl.clear();
    job.maskUrl.clear();
    return job;
}

// "<stem>.control1.png", … for the pictures that are known and that are not the job's own.
Result<void> writeControlPictures(const std::filesystem::path& path, const GenerationRun& run, workflow::JobDescription& job)
{
    for (std::size_t i = 0; i < std::min(job.controls.size(), run.controlPictures.size()); ++i) {
        std::string& reference = job.controls[i].imageUrl;
        if ((reference.empty() && run.picture) || run.controlPictures[i].isEmpty()) continue;
        const std::filesystem::path picture = besideJob(path, "control" + std::to_string(i + 1));
        const Result<void> written = document::writePicture(picture, run.controlPictures[i].toImage().view(), {}, document::ExistingFile::Replace);
        if (!written) return written;
        reference = toUtf8(picture.filename());
    }
    return {};
}

} // namespace

std::string recipeOf(const Variation& variation)
{
    workflow::JobDescription job = jobOf(*variation.run, variation.imageIndex);
    job.model = library::modelBaseName(variation.run->modelPath).toStdString(); // of a folder too, whose name may have dots
    job.vae = fileNameIn(job.vae);
    for (workflow::LoraReference& lora : job.loras) lora.path = fileNameIn(lora.path);
    for (workflow::EmbeddingReference& embedding : job.embeddings) embedding.path = fileNameIn(embedding.path);
    if (job.refiner) job.refiner->model = fileNameIn(job.refiner->model);
    for (std::size_t i = 0; i < job.controls.size(); ++i) {
        workflow::ControlReference& control = job.controls[i];
        control.model = fileNameIn(control.model);
        control.imageEncoder = fileNameIn(control.imageEncoder);
        const bool isCanvasOfItsOwn = control.imageUrl.empty() && !variation.run->picture; // a new picture that was led by the one on the canvas
        control.imageUrl = isCanvasOfItsOwn ? "control" + std::to_string(i + 1) + ".png" : fileNameIn(control.imageUrl);
    }
    if (variation.run->picture) job.imageUrl = "picture.png";
    if (variation.run->mask) job.maskUrl = "mask.png";
    return workflow::recipeJobText(std::move(job));
}

document::PictureRecipe pictureRecipe(const std::string& recipe, Extent size)
{
    if (recipe.empty()) return {};
    const Result<workflow::ParsedJob> parsed = workflow::parseJob(recipe, "recipe");
    if (!parsed || !parsed->job.seed) return { {}, recipe };
    return { workflow::parametersText(parsed->job, size, parsed->job.model), recipe };
}

std::string recipeJob(const document::PictureRecipe& recipe)
{
    if (!recipe.job.empty()) return recipe.job; // with what a newer version wrote
    const auto parsed = workflow::jobFromPicture({ recipe.job, recipe.parameters, recipe.comfyGraph });
    return parsed ? workflow::jobToText(parsed->job) : std::string();
}

AppliedRecipe applyRecipe(const workflow::JobDescription& present, const workflow::JobDescription& recipe, bool makesNewPicture, const RecipeFiles& files)
{
    AppliedRecipe applied{ recipe, {}, {}, {}, {}, {} };
    workflow::JobDescription& job = applied.job;
    job.mode = present.mode;
    job.model = present.model; // the window keeps it apart from the job
    job.imageUrl = present.imageUrl;
    job.maskUrl = present.maskUrl;
    job.preserveAspectRatio = present.preserveAspectRatio;
    job.imageCount = present.imageCount;
    if (!makesNewPicture || !recipe.imageSize) job.imageSize = present.imageSize;
    job.predictionType = present.predictionType;
    job.zeroTerminalSnr = present.zeroTerminalSnr;
    job.expandPrompt = present.expandPrompt;
    job.enableSafetyChecker = present.enableSafetyChecker;
    job.format = present.format;
    job.syncMode = present.syncMode;
    job.trackId = present.trackId;
    job.precision = present.precision;
    job.device = present.device;
    job.embeddings = present.embeddings; // those of the prompt are found by their words

    const auto find = [](const std::function<QString(const QString&)>& finder, const std::string& named, QString& missing) {
        const QString name = QString::fromStdString(fileNameIn(named));
        const QString path = named.empty() || !finder ? QString() : finder(name);
        if (path.isEmpty()) missing = name;
        return path;
    };
    applied.model = find(files.model, recipe.model, applied.missingModel);
    if (!recipe.vae.empty()) {
        job.vae = find(files.vae, recipe.vae, applied.missingVae).toStdString();
        if (job.vae.empty()) job.vae = present.vae;
    }
    if (recipe.refiner && !recipe.refiner->model.empty()) {
        job.refiner->model = find(files.model, recipe.refiner->model, applied.missingRefiner).toStdString();
        if (job.refiner->model.empty()) job.refiner.reset();
    }
    job.loras.clear();
    for (workflow::LoraReference lora : recipe.loras) {
        QString missing;
        lora.path = find(files.lora, lora.path, missing).toStdString();
        if (missing.isEmpty()) job.loras.push_back(std::move(lora));
        else
            applied.missingLoras.append(missing);
    }
    return applied;
}

Result<void> writeJobFiles(const std::filesystem::path& path, const GenerationRun& run, int imageIndex)
{
    workflow::JobDescription job = jobOf(run, imageIndex);
    const document::PictureEncoding png;
    if (run.picture) {
        const std::filesystem::path picture = besideJob(path, "picture");
        const Result<void> written = document::writePicture(picture, run.picture->toImage().view(), png, document::ExistingFile::Replace);
        if (!written) return written;
        job.imageUrl = toUtf8(picture.filename());
    }
    if (run.mask) {
        const std::filesystem::path mask = besideJob(path, "mask");
        const Result<void> written = document::writePicture(mask, run.mask->toImage().view(), png, document::ExistingFile::Replace);
        if (!written) return written;
        job.maskUrl = toUtf8(mask.filename());
    }
    if (const Result<void> written = writeControlPictures(path, run, job); !written) return written;
    const std::string text = workflow::jobToJson(job).dump(2) + "\n";
    return document::writeFileAtomically(path, std::as_bytes(std::span(text)), document::ExistingFile::Replace);
}

} // namespace sfumato::workspace
