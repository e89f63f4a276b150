// SPDX-License-Identifier: Apache-2.0
#include "app/cli/job_runner.h"

#include "app/cli/job_controls.h"
#include "app/cli/picture_source.h"
#include "app/installed_models.h"
#include "core/document/io/picture_writer.h"
#include "core/workflow/job_json.h"
#include "core/workflow/place_result.h"
#include "core/workflow/recipe_text.h"
#include "core/workflow/resolution_plan.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <utility>

namespace sfumato::app {

namespace {

using engine::GenerationMode;
using workflow::JobDescription;

JobFailure failureIn(std::string field, Error error)
{
    JobFailure failure{ std::move(error), std::move(field), {} };
    if (failure.error.detail != failure.field) failure.path = failure.error.detail;
    return failure;
}

// Reads the pictures that the job's mode uses.
std::optional<JobFailure> loadPictures(workflow::GenerationInputs& inputs, const std::vector<std::filesystem::path>& baseFolders, std::vector<std::string>& warnings)
{
    const JobDescription& job = inputs.job;
    if (job.mode == GenerationMode::TextToImage) return std::nullopt;
    auto picture = loadJobPicture(job.imageUrl, "image_url", baseFolders);
    if (!picture) return failureIn("image_url", picture.error());
    warnings.insert(warnings.end(), picture->warnings.begin(), picture->warnings.end());
    inputs.picture = imaging::Raster::fromImage(picture->image.view());
    if (job.mode != GenerationMode::Inpainting) return std::nullopt;
    const auto mask = loadJobPicture(job.maskUrl, "mask_url", baseFolders);
    if (!mask) return failureIn("mask_url", mask.error());
    inputs.mask = imaging::Mask::fromImage(mask->image.view());
    return std::nullopt;
}

// The files of LoRAs and embeddings.
std::optional<JobFailure> findAdapters(workflow::GenerationInputs& inputs, const std::vector<std::filesystem::path>& baseFolders)
{
    const auto loras = resolveFiles("loras", inputs.job.loras, baseFolders);
    if (!loras) return JobFailure::of(loras.error());
    const auto embeddings = resolveFiles("embeddings", inputs.job.embeddings, baseFolders);
    if (!embeddings) return JobFailure::of(embeddings.error());
    const auto next = [](auto& files) { return [file = files.begin()](const std::string&) mutable { return *file++; }; };
    inputs.loras = workflow::loraReferences(inputs.job, next(*loras));
    inputs.embeddings = workflow::embeddingReferences(inputs.job, next(*embeddings));
    return std::nullopt;
}

document::PictureFormat pictureFormat(workflow::OutputFormat format) noexcept
{
    switch (format) {
    case workflow::OutputFormat::Jpeg: return document::PictureFormat::Jpeg;
    case workflow::OutputFormat::Png: return document::PictureFormat::Png;
    case workflow::OutputFormat::WebP: return document::PictureFormat::WebP;
    case workflow::OutputFormat::Avif: return document::PictureFormat::Avif;
    }
    return document::PictureFormat::Png;
}

bool isAllowedSize(Extent size) noexcept
{
    const auto isAllowed = [](int side) { return side >= workflow::kSmallestWorkSide && side <= workflow::kLargestWorkSide && side % workflow::kSizeStep == 0; };
    return isAllowed(size.width) && isAllowed(size.height);
}

// The job as it ran: what was left to defaults that depend on picture and model is filled in, so that running it again gives the same.
JobDescription completeJob(const workflow::PreparedGeneration& prepared)
{
    JobDescription job = prepared.job;
    if (isAllowedSize(prepared.placement.outputSize)) job.imageSize = prepared.placement.outputSize;
    return job;
}

// A recipe beyond what the format holds is no reason to lose the picture.
Result<std::vector<std::byte>> encodeWithRecipe(ImageView image, document::PictureEncoding encoding, std::vector<std::string>& warnings)
{
    auto bytes = document::encodePicture(image, encoding);
    if (bytes) return bytes;
    encoding.recipe = {};
    auto plainBytes = document::encodePicture(image, encoding);
    if (plainBytes) warnings.push_back("The recipe was not written into the picture: " + bytes.error().message);
    return plainBytes;
}

} // namespace

JobReport JobRunner::run(const nlohmann::ordered_json& document, const std::vector<std::filesystem::path>& baseFolders, engine::GenerationObserver& observer,
    std::stop_token stop)
{
    JobReport report{ runJob(document, baseFolders, observer, stop), std::nullopt };
    if (const auto trackId = document.is_object() ? document.find("track_id") : document.end(); trackId != document.end() && trackId->is_string())
        report.trackId = trackId->get<std::string>();
    return report;
}

JobRunner::Outcome JobRunner::runJob(const nlohmann::ordered_json& document, const std::vector<std::filesystem::path>& baseFolders,
    engine::GenerationObserver& observer, const std::stop_token& stop)
{
    const auto begin = std::chrono::steady_clock::now();
    auto parsed = workflow::readJob(document);
    if (!parsed) return JobFailure::of(parsed.error());

    workflow::GenerationInputs inputs;
    inputs.job = workflow::withSeed(std::move(parsed->job));
    inputs.job.mode = effectiveMode(inputs.job, !inputs.job.imageUrl.empty(), !inputs.job.maskUrl.empty());
    auto model = resolveModel(inputs.job, m_paths, baseFolders);
    if (!model) return failureIn(model.error().detail == inputs.job.vae && !inputs.job.vae.empty() ? "vae" : "model", model.error());
    if (inputs.job.model.empty()) inputs.job.model = kStarterModel;
    inputs.model = std::move(*model);
    if (inputs.job.refiner && inputs.job.refiner->model.empty()) {
        auto refiner = installedRefiner(m_paths);
        if (!refiner) return failureIn("refiner", refiner.error());
        inputs.job.refiner->model = std::move(*refiner);
    }
    if (inputs.job.refiner) {
        auto refiner = resolveRefiner(inputs.job, m_paths, baseFolders);
        if (!refiner) return failureIn("refiner", refiner.error());
        inputs.refiner = std::move(*refiner);
    }
    if (inputs.job.expandPrompt)
        if (const auto expander = installedExpander(m_paths); !expander) return failureIn("expand_prompt", expander.error());
    if (inputs.job.enableSafetyChecker) inputs.safetyChecker = m_companions.safetyChecker();
    if (auto failure = findAdapters(inputs, baseFolders)) return *std::move(failure);
    if (auto failure = loadPictures(inputs, baseFolders, parsed->warnings)) return *std::move(failure);
    if (auto failure = loadControls(inputs, m_paths, m_companions, baseFolders, parsed->warnings)) return *std::move(failure);
    if (!inputs.job.syncMode)
        if (const auto prepared = m_files.prepare(); !prepared) return JobFailure::of(prepared.error());
    if (stop.stop_requested()) return engine::Cancelled{};

    Outcome outcome = generate(inputs, observer, stop);
    if (auto* success = std::get_if<JobSuccess>(&outcome)) {
        success->warnings.insert(success->warnings.begin(), parsed->warnings.begin(), parsed->warnings.end());
        success->timings.total = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    }
    return outcome;
}

JobRunner::Outcome JobRunner::generate(const workflow::GenerationInputs& given, engine::GenerationObserver& observer, const std::stop_token& stop)
{
    const auto engine = this->engine();
    if (!engine) return JobFailure::of(engine.error());
    workflow::GenerationInputs inputs = given;
    auto info = (*engine)->describeModel(inputs.model);
    if (!info) return JobFailure::of(info.error());
    inputs.modelInfo = std::move(*info);
    auto prepared = workflow::prepareGeneration(inputs);
    if (!prepared) return JobFailure::of(prepared.error());

    std::string originalPrompt;
    if (inputs.job.expandPrompt) {
        auto expanded = expand(inputs.job, stop);
        if (std::holds_alternative<engine::Cancelled>(expanded)) return engine::Cancelled{};
        if (auto* error = std::get_if<Error>(&expanded)) return failureIn("expand_prompt", std::move(*error));
        originalPrompt = inputs.job.prompt;
        // What runs from here on is a job with that prompt, and so say its echo and its recipes.
        prepared->job.prompt = prepared->request.prompt = std::get<engine::PromptExpansion>(expanded).prompt;
        prepared->job.expandPrompt = false;
    }

    auto generated = (*engine)->generate(prepared->request, observer, stop);
    if (std::holds_alternative<engine::Cancelled>(generated)) return engine::Cancelled{};
    if (auto* error = std::get_if<Error>(&generated)) return JobFailure::of(std::move(*error));
    auto& result = std::get<engine::GenerationResult>(generated);

    JobSuccess success{ completeJob(*prepared), {}, result.timings, result.safetyCheckerRan, std::move(result.loras), std::move(result.warnings), std::move(originalPrompt) };
    for (const engine::GeneratedImage& image : result.images) {
        auto delivered = deliver(*prepared, image, inputs.modelInfo.title, success.warnings);
        if (!delivered) return JobFailure::of(delivered.error());
        success.images.push_back(std::move(*delivered));
    }
    return success;
}

engine::ExpansionOutcome JobRunner::expand(const workflow::JobDescription& job, const std::stop_token& stop)
{
    const auto expander = installedExpander(m_paths);
    if (!expander) return expander.error();
    const auto engine = this->engine();
    if (!engine) return engine.error();
    engine::ExpansionRequest request;
    request.model = *expander;
    request.prompt = job.prompt;
    request.seed = *job.seed;
    return (*engine)->expandPrompt(request, stop);
}

Result<engine::Engine*> JobRunner::engine()
{
    if (!m_engine) {
        auto made = m_source();
        if (!made) return made.error();
        m_engine = std::move(*made);
    }
    return m_engine.get();
}

Result<ReportedImage> JobRunner::deliver(const workflow::PreparedGeneration& prepared, const engine::GeneratedImage& image, const std::string& modelTitle,
    std::vector<std::string>& warnings)
{
    const auto placed = workflow::placeResult(prepared.placement, image.pixels);
    if (!placed) return placed.error();
    if (placed->outsideDifferences != 0)
        return Error{ ErrorCode::Internal, std::to_string(placed->outsideDifferences) + " pixels outside the mask changed; the picture was not written.", {} };

    const JobDescription job = workflow::jobOfImage(completeJob(prepared), image.index);
    const Extent size = placed->picture.extent();
    document::PictureEncoding encoding;
    encoding.format = pictureFormat(job.format);
    encoding.recipe = { workflow::parametersText(job, size, modelTitle), workflow::recipeJobText(job) };
    const auto bytes = encodeWithRecipe(placed->picture.toImage().view(), encoding, warnings);
    if (!bytes) return bytes.error();

    ReportedImage reported{ {}, size, std::string(document::mimeType(encoding.format)), *job.seed, image.isFlagged };
    if (job.syncMode) {
        reported.url = dataUriOf(*bytes, reported.contentType);
        return reported;
    }
    const auto written = m_files.write(*bytes, document::fileExtension(encoding.format));
    if (!written) return written.error();
    reported.url = written->string();
    return reported;
}

} // namespace sfumato::app
