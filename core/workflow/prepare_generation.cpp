// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/prepare_generation.h"

#include "core/imaging/fill.h"
#include "core/imaging/pixel_conversion.h"
#include "core/imaging/resample.h"
#include "core/workflow/controls/control_picture.h"
#include "core/workflow/resolution_plan.h"
#include "core/workflow/steps.h"
#include "core/workflow/work_mask.h"

#include <string>
#include <utility>

namespace sfumato::workflow {

namespace {

// Colours are not matched where most of the frame is new.
constexpr double kLargestMatchedPart = 0.6;

Error invalid(std::string field, std::string message)
{
    return { ErrorCode::InvalidRequest, std::move(message), std::move(field) };
}

engine::GenerationRequest requestWithoutPictures(const GenerationInputs& inputs, engine::GenerationMode mode)
{
    const JobDescription& job = inputs.job;
    engine::GenerationRequest request;
    request.model = inputs.model;
    request.mode = mode;
    request.prompt = job.prompt;
    request.negativePrompt = job.negativePrompt;
    const GuidanceInterval guided = job.guidanceInterval.value_or(GuidanceInterval{});
    request.sampling = { job.scheduler, job.steps, job.guidanceScale, job.strength, *job.seed, job.imageCount, job.guidanceRescale, guided.lowest, guided.highest,
        job.perturbed, job.freeU, job.sharpness, job.adaptiveGuidance, job.sizeEmphasis, job.compatibility, job.noiseOrigin, job.etaNoiseSeedDelta };
    request.loras = inputs.loras;
    request.embeddings = inputs.embeddings;
    if (job.refiner) request.refiner = engine::RefinerReference{ *inputs.refiner, job.refiner->switchAt };
    if (job.enableSafetyChecker) request.safetyChecker = inputs.safetyChecker;
    request.clipSkip = job.clipSkip;
    request.precision = job.precision;
    request.device = job.device;
    return request;
}

// The size that image_size asks for; with preserve_aspect_ratio the largest one inside it with the picture's proportions.
std::optional<Extent> wantedExtent(const GenerationInputs& inputs)
{
    if (!inputs.job.imageSize) return std::nullopt;
    const Extent size = imageSizeExtent(*inputs.job.imageSize, inputs.modelInfo.nativeSize);
    if (!inputs.job.preserveAspectRatio || !inputs.picture) return size;
    return roundedExtent(imaging::fittedExtent(inputs.picture->extent(), size));
}

Result<PreparedGeneration> prepareTextToImage(const GenerationInputs& inputs)
{
    PreparedGeneration prepared;
    prepared.request = requestWithoutPictures(inputs, engine::GenerationMode::TextToImage);
    prepared.request.size = inputs.job.imageSize ? imageSizeExtent(*inputs.job.imageSize, inputs.modelInfo.nativeSize) : roundedExtent(inputs.modelInfo.nativeSize);
    prepared.placement.outputSize = prepared.request.size;
    prepared.placement.crop = Bounds::ofExtent(prepared.request.size);
    return prepared;
}

Result<PreparedGeneration> prepareImageToImage(const GenerationInputs& inputs)
{
    const Extent size = wantedExtent(inputs).value_or(roundedExtent(inputs.picture->extent()));
    Result<ImageBuffer> image = imaging::resample(imaging::flattened(inputs.picture->toImage().view()).view(), size);
    if (!image) return image.error();

    PreparedGeneration prepared;
    prepared.request = requestWithoutPictures(inputs, engine::GenerationMode::ImageToImage);
    prepared.request.size = size;
    prepared.request.image = std::move(*image);
    prepared.placement.outputSize = size;
    prepared.placement.format = inputs.picture->format();
    prepared.placement.crop = Bounds::ofExtent(size);
    return prepared;
}

// The picture at the output's size: itself, unless image_size asks for another.
Result<imaging::Raster> outputBase(const GenerationInputs& inputs)
{
    const std::optional<Extent> wanted = wantedExtent(inputs);
    if (!wanted || *wanted == inputs.picture->extent()) return *inputs.picture;
    const Result<ImageBuffer> resized = imaging::resample(inputs.picture->toImage().view(), *wanted);
    if (!resized) return resized.error();
    return imaging::Raster::fromImage(resized->view());
}

ContextArea wholeArea(const ContextQuery& query)
{
    ContextArea area = contextArea(query);
    area.crop = Bounds::ofExtent(query.picture);
    area.workSize = roundedExtent(query.picture);
    area.usesBucket = false;
    return area;
}

Result<ImageBuffer> workImage(const imaging::Raster& base, const ContextArea& area, const ImageBuffer& paint, InpaintFill fill)
{
    Result<ImageBuffer> image = imaging::resample(imaging::flattened(base.toImage(area.crop).view()).view(), area.workSize);
    if (!image || fill == InpaintFill::Original || fill == InpaintFill::Noise) return image;
    const Result<ImageBuffer> mask = imaging::resample(paint.view(), area.workSize, imaging::ResampleFilter::Bilinear);
    if (!mask) return mask.error();
    const auto mode = fill == InpaintFill::Blur ? imaging::FillMode::Blur : fill == InpaintFill::Border ? imaging::FillMode::Border
                                                                                                        : imaging::FillMode::Neutral;
    return imaging::fillMasked(image->view(), mask->view(), mode);
}

double paintedPart(const ImageBuffer& paint)
{
    std::int64_t painted = 0;
    for (int y = 0; y < paint.height(); ++y) {
        const auto* row = paint.row(y);
        for (int x = 0; x < paint.width(); ++x) painted += row[x] > 0;
    }
    return static_cast<double>(painted) / static_cast<double>(paint.extent().area());
}

// Everything that depends on the masks: the request's image and mask, and the placement's blend.
Result<void> addInpaintPictures(PreparedGeneration& prepared, const InpaintSettings& settings)
{
    Placement& placement = prepared.placement;
    const ContextArea& area = *prepared.context;
    const bool isHard = area.feather == 0;
    const ImageBuffer paint = placement.paint.toImage(area.crop);

    const Result<SampledMask> sampled = sampledMask(paint, area, settings.area == InpaintArea::Masked);
    if (!sampled) return sampled.error();
    Result<ImageBuffer> image = workImage(placement.base, area, paint, settings.fill);
    if (!image) return image.error();
    Result<ImageBuffer> blend = pasteMask(placement.paint, area.crop, isHard);
    if (!blend) return blend.error();

    prepared.request.size = area.workSize;
    prepared.request.image = std::move(*image);
    prepared.request.mask = sampled->atWorkSize;
    prepared.request.noiseFill = settings.fill == InpaintFill::Noise;
    placement.crop = area.crop;
    placement.blend = std::move(*blend);
    if (settings.colorMatch && paintedPart(paint) <= kLargestMatchedPart) placement.sampled = sampled->atCropSize;
    return {};
}

Result<PreparedGeneration> prepareInpainting(const GenerationInputs& inputs)
{
    Result<imaging::Raster> base = outputBase(inputs);
    if (!base) return base.error();
    Result<imaging::Mask> paint = cleanPaint(*inputs.mask, base->extent());
    if (!paint) return paint.error();
    const Bounds painted = paint->paintedBounds();
    if (painted.isEmpty()) return invalid("mask_url", "The mask (mask_url) is black throughout: nothing may be changed. Paint the area to change in white.");

    const InpaintSettings& settings = inputs.job.inpaint;
    const ContextQuery query{ base->extent(), painted, inputs.job.strength, inputs.modelInfo.nativeSize,
        automaticReach(base->extent(), painted, inputs.job.strength), settings.grow, settings.feather, settings.context };
    PreparedGeneration prepared;
    prepared.request = requestWithoutPictures(inputs, engine::GenerationMode::Inpainting);
    prepared.context = settings.area == InpaintArea::Masked ? contextArea(query) : wholeArea(query);
    prepared.placement.outputSize = base->extent();
    prepared.placement.format = base->format();
    prepared.placement.base = std::move(*base);
    prepared.placement.paint = std::move(*paint);
    const Result<void> added = addInpaintPictures(prepared, settings);
    if (!added) return added.error();
    return prepared;
}

// What each control's model sees, once size and crop are decided.
Result<void> addControls(PreparedGeneration& prepared, const GenerationInputs& inputs)
{
    const ControlArea area{ prepared.placement.outputSize, prepared.placement.crop, prepared.request.size };
    for (std::size_t i = 0; i < inputs.job.controls.size(); ++i) {
        const ControlReference& control = inputs.job.controls[i];
        const ControlInput& input = inputs.controls[i];
        const std::string field = "controls[" + std::to_string(i) + "].image_url";
        if (!input.picture || input.picture->isEmpty()) return invalid(field, "The control needs a picture, but " + field + " names none and the job has none either.");
        Result<ImageBuffer> picture = controlPicture(control, input.picture->toImage().view(), area, prepared.request.mask);
        if (!picture) return picture.error();
        prepared.request.controls.push_back({ input.model, input.imageEncoder, control.type, std::move(*picture), control.weight, control.start, control.end });
    }
    return {};
}

Result<void> checkInputs(const GenerationInputs& inputs, engine::GenerationMode mode)
{
    const JobDescription& job = inputs.job;
    if (!job.seed) return invalid("seed", "The job has no seed; one must be chosen before it is prepared.");
    if (inputs.controls.size() != job.controls.size()) return invalid("controls", "The job's controls are not the ones whose files were found.");
    if (job.refiner && !inputs.refiner) return invalid("refiner", "refiner names no model that could be found; it must be a path or an installed model.");
    if (mode == engine::GenerationMode::TextToImage) return {};
    if (!inputs.picture || inputs.picture->isEmpty()) return invalid("image_url", "This mode needs a picture, but the job names none in image_url.");
    if (mode == engine::GenerationMode::Inpainting && (!inputs.mask || inputs.mask->extent().isEmpty())) {
        return invalid("mask_url", "Inpainting needs a mask, but the job names none in mask_url.");
    }
    if (stepsThatRun(mode, job) < 1) {
        return invalid("strength", std::string("A strength of ") + shortNumber(job.strength) + " of " + std::to_string(job.steps) + " steps leaves no step to run; strength × num_inference_steps must be at least 1.");
    }
    return {};
}

} // namespace

JobDescription withSeed(JobDescription job)
{
    if (!job.seed) job.seed = randomSeed();
    return job;
}

Result<PreparedGeneration> prepareGeneration(const GenerationInputs& inputs)
{
    const engine::GenerationMode mode = effectiveMode(inputs.job, inputs.picture.has_value(), inputs.mask.has_value());
    const Result<void> checked = checkInputs(inputs, mode);
    if (!checked) return checked.error();

    Result<PreparedGeneration> prepared = mode == engine::GenerationMode::TextToImage ? prepareTextToImage(inputs)
        : mode == engine::GenerationMode::ImageToImage                                ? prepareImageToImage(inputs)
                                                                                      : prepareInpainting(inputs);
    if (!prepared) return prepared;
    if (const Result<void> added = addControls(*prepared, inputs); !added) return added.error();
    prepared->job = inputs.job;
    prepared->job.mode = mode;
    prepared->stepsThatRun = stepsThatRun(mode, inputs.job);
    if (prepared->context) {
        prepared->job.inpaint.grow = prepared->context->grow;
        prepared->job.inpaint.feather = prepared->context->feather;
        if (inputs.job.inpaint.area == InpaintArea::Whole) prepared->context.reset();
    }
    return prepared;
}

} // namespace sfumato::workflow
