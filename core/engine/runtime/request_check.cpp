// SPDX-License-Identifier: Apache-2.0
#include "core/engine/runtime/request_check.h"

#include "core/engine/api/scheduler_names.h"
#include "core/engine/io/controls/control_tasks.h"
#include "core/engine/io/file_description.h"

#include <cmath>
#include <limits>
#include <sstream>
#include <utility>

namespace sfumato::engine {

namespace {

constexpr int kSmallestSide = 64, kLargestSide = 4096, kSideMultiple = 8;
constexpr double kLargestControlWeight = 100; // as in a job

Error invalid(const std::string& field, const std::string& sentence)
{
    return { ErrorCode::InvalidRequest, sentence, field };
}

template <typename Number>
Result<void> inRange(const std::string& field, Number value, Number lowest, Number highest)
{
    if (value >= lowest && value <= highest) return {};
    std::ostringstream text;
    text << field << " is " << value << "; allowed are " << lowest << " to " << highest << '.';
    return invalid(field, text.str());
}

Result<void> outsideUnit(const std::string& field, double value)
{
    std::ostringstream text;
    text << field << " is " << value << "; it must be more than 0 and less than 1.";
    return invalid(field, text.str());
}

bool isSide(int px)
{
    return px >= kSmallestSide && px <= kLargestSide && px % kSideMultiple == 0;
}

std::string sizeText(Extent size)
{
    return std::to_string(size.width) + "×" + std::to_string(size.height);
}

Result<void> checkGuidance(const SamplingSettings& sampling)
{
    if (auto ok = inRange("guidance_scale", sampling.guidanceScale, 1.0, 30.0); !ok) return ok;
    if (auto ok = inRange("guidance_rescale", sampling.guidanceRescale, 0.0, 1.0); !ok) return ok;
    if (auto ok = inRange("guidance_interval.lowest", sampling.guidanceLowest, 0.0, kHighestNoiseLevel); !ok) return ok;
    if (auto ok = inRange("guidance_interval.highest", sampling.guidanceHighest, sampling.guidanceLowest, kHighestNoiseLevel); !ok) return ok;
    if (auto ok = inRange("pag_scale", sampling.perturbed.scale, 0.0, kLargestPerturbation); !ok) return ok;
    if (auto ok = inRange("pag_adaptive_scale", sampling.perturbed.adaptiveScale, 0.0, 1.0); !ok) return ok;
    if (auto ok = inRange("sharpness", sampling.sharpness, 0.0, kLargestSharpness); !ok) return ok;
    if (auto ok = inRange("adaptive_guidance", sampling.adaptiveGuidance, 0.0, 30.0); !ok) return ok;
    if (sampling.freeU) {
        const FreeU& freeU = *sampling.freeU;
        for (const auto& [name, value] : { std::pair{ "freeu.b1", freeU.b1 }, std::pair{ "freeu.b2", freeU.b2 }, std::pair{ "freeu.s1", freeU.s1 }, std::pair{ "freeu.s2", freeU.s2 } })
            if (auto ok = inRange(name, value, 0.0, kLargestFreeU); !ok) return ok;
        if (auto ok = inRange("freeu.version", freeU.version, 1, 2); !ok) return ok;
    }
    if (!sampling.sizeEmphasis) return {};
    if (auto ok = inRange("adm_guidance.positive", sampling.sizeEmphasis->positive, kSmallestSizeFactor, kLargestSizeFactor); !ok) return ok;
    if (auto ok = inRange("adm_guidance.negative", sampling.sizeEmphasis->negative, kSmallestSizeFactor, kLargestSizeFactor); !ok) return ok;
    return inRange("adm_guidance.end", sampling.sizeEmphasis->end, 0.0, 1.0);
}

Result<void> checkImages(const GenerationRequest& request)
{
    if (request.mode == GenerationMode::TextToImage) return {};
    if (request.image.extent() != request.size || request.image.format() != PixelFormat::Rgb8)
        return invalid("image", "The image is " + sizeText(request.image.extent()) + "; the engine needs 8-bit RGB of " + sizeText(request.size) + '.');
    if (request.mode == GenerationMode::ImageToImage) return {};
    if (request.mask.extent() != request.size || request.mask.format() != PixelFormat::Gray8)
        return invalid("mask", "The mask is " + sizeText(request.mask.extent()) + "; the engine needs 8-bit grey of " + sizeText(request.size) + '.');
    return {};
}

Result<void> checkControlSettings(const ControlReference& control, Extent size)
{
    if (auto ok = inRange("controls.weight", control.weight, 0.0, kLargestControlWeight); !ok) return ok;
    if (auto ok = inRange("controls.start", control.start, 0.0, 1.0); !ok) return ok;
    if (auto ok = inRange("controls.end", control.end, control.start, 1.0); !ok) return ok;
    const bool isReference = control.type == ControlType::Reference;
    if (control.image.format() != PixelFormat::Rgb8 || control.image.extent().isEmpty() || (!isReference && control.image.extent() != size))
        return invalid("controls", "A control picture is " + sizeText(control.image.extent()) + "; the engine needs 8-bit RGB of " + (isReference ? std::string("any size") : sizeText(size)) + '.');
    return {};
}

} // namespace

Result<void> checkRequest(const GenerationRequest& request)
{
    const SamplingSettings& sampling = request.sampling;
    if (!isSide(request.size.width) || !isSide(request.size.height))
        return invalid("image_size", "The size is " + sizeText(request.size) + "; sides must be multiples of 8 from 64 to 4096.");
    if (!findScheduler(sampling.scheduler)) return invalid("scheduler", "There is no scheduler called \"" + sampling.scheduler + "\".");
    if (auto ok = inRange("num_inference_steps", sampling.steps, 1, 150); !ok) return ok;
    if (auto ok = inRange("num_images", sampling.imageCount, 1, 8); !ok) return ok;
    if (auto ok = checkGuidance(sampling); !ok) return ok;
    if (auto ok = inRange("clip_skip", request.clipSkip, 0, 4); !ok) return ok;
    if (auto ok = inRange<std::uint64_t>("seed", sampling.seed, 0, static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())); !ok) return ok;
    if (request.refiner && !(request.refiner->switchAt > 0 && request.refiner->switchAt < 1)) return outsideUnit("refiner.switch_at", request.refiner->switchAt);
    if (request.mode != GenerationMode::TextToImage && !(sampling.strength > 0 && sampling.strength <= 1)) return inRange("strength", sampling.strength, 0.01, 1.0);
    if (auto ok = checkImages(request); !ok) return ok;
    for (const ControlReference& control : request.controls)
        if (auto ok = checkControlSettings(control, request.size); !ok) return ok;
    return {};
}

Result<void> checkControl(const ControlReference& reference, const ControlFile& file)
{
    const std::string name = file.fileName() + " is " + std::string(fileKindPhrase(file.kind()));
    const bool isReference = reference.type == ControlType::Reference;
    if (isReference != (file.kind() == FileKind::IpAdapter))
        return invalid("controls", name + (isReference ? "; the type \"reference\" needs an IP-Adapter." : "; its type must be \"reference\"."));
    if (file.kind() != FileKind::ControlNetUnion) return {};
    const int task = controlTaskOf(reference.type).value_or(0);
    if (task < file.taskCount()) return {};
    return invalid("controls", name + " with " + std::to_string(file.taskCount()) + " tasks; \"" + std::string(controlTaskName(task)) + "\" is not among them.");
}

Result<void> checkModels(const GenerationRequest& request, const ModelInfo& model, const std::optional<ModelInfo>& refiner)
{
    if (model.family == ModelFamily::SdxlRefiner && request.mode == GenerationMode::TextToImage)
        return invalid("mode", "\"" + model.title + "\" is an SDXL refiner, which needs a picture to begin with; it runs image-to-image and inpaint, or finishes what an SDXL model began.");
    if (!refiner) return {};
    if (model.family != ModelFamily::Sdxl)
        return invalid("refiner", "refiner was given, but the model \"" + model.title + "\" is of the family " + std::string(modelFamilyName(model.family)) + "; only an SDXL model can hand over to a refiner.");
    const std::string name = "The refiner \"" + refiner->title + "\" is ";
    if (refiner->family != ModelFamily::SdxlRefiner && refiner->family != ModelFamily::Sdxl)
        return invalid("refiner", name + "of the family " + std::string(modelFamilyName(refiner->family)) + "; it must be an SDXL refiner or another SDXL model.");
    if (refiner->inputChannels != 4)
        return invalid("refiner", name + "a model with " + std::to_string(refiner->inputChannels) + " input channels; it must have 4.");
    return {};
}

Result<void> checkExpansion(const ExpansionRequest& request)
{
    constexpr int kLargestTopK = 1'000'000;
    if (auto ok = inRange("temperature", request.temperature, 0.01, 100.0); !ok) return ok;
    if (auto ok = inRange("top_k", request.topK, 0, kLargestTopK); !ok) return ok;
    return inRange("top_p", request.topP, 0.01, 1.0);
}

} // namespace sfumato::engine
