// A job to JSON.
// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/controls/control_json.h"
#include "core/workflow/job_json.h"
#include "core/workflow/job_names.h"

#include <nlohmann/json.hpp>

namespace sfumato::workflow {

namespace {

using Json = nlohmann::ordered_json;

Json textOrNull(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

template <typename Value>
Json valueOr(const std::optional<Value>& value, Json fallback)
{
    return value ? Json(*value) : std::move(fallback);
}

Json sizeToJson(const std::optional<ImageSize>& size)
{
    if (!size) return nullptr;
    if (const auto* preset = std::get_if<SizePreset>(&*size)) return nameOf(sizePresetNames(), *preset);
    const Extent& extent = std::get<Extent>(*size);
    return { { "width", extent.width }, { "height", extent.height } };
}

Json refinerToJson(const std::optional<RefinerSettings>& refiner)
{
    if (!refiner) return nullptr;
    Json json = Json::object();
    if (!refiner->model.empty()) json["model"] = refiner->model;
    json["switch_at"] = refiner->switchAt;
    return json;
}

Json lorasToJson(const std::vector<LoraReference>& loras)
{
    Json list = Json::array();
    for (const LoraReference& lora : loras) {
        Json entry{ { "path", lora.path }, { "scale", lora.scale } };
        if (lora.textEncoderScale) entry["text_encoder_scale"] = *lora.textEncoderScale;
        list.push_back(std::move(entry));
    }
    return list;
}

Json embeddingsToJson(const std::vector<EmbeddingReference>& embeddings)
{
    Json list = Json::array();
    for (const EmbeddingReference& embedding : embeddings) {
        Json entry = Json::object();
        entry["path"] = embedding.path;
        if (!embedding.token.empty()) entry["token"] = embedding.token;
        list.push_back(std::move(entry));
    }
    return list;
}

Json inpaintToJson(const InpaintSettings& inpaint)
{
    return { { "area", nameOf(inpaintAreaNames(), inpaint.area) }, { "context", valueOr(inpaint.context, "auto") }, { "grow", valueOr(inpaint.grow, "auto") },
        { "feather", valueOr(inpaint.feather, "auto") }, { "fill", nameOf(inpaintFillNames(), inpaint.fill) }, { "color_match", inpaint.colorMatch } };
}

void addGuidanceOptions(Json& json, const JobDescription& job)
{
    json["pag_scale"] = job.perturbed.scale;
    json["pag_adaptive_scale"] = job.perturbed.adaptiveScale;
    json["pag_layers"] = job.perturbed.layers;
    json["freeu"] = job.freeU ? Json{ { "b1", job.freeU->b1 }, { "b2", job.freeU->b2 }, { "s1", job.freeU->s1 }, { "s2", job.freeU->s2 }, { "version", job.freeU->version } } : Json(nullptr);
    json["sharpness"] = job.sharpness;
    json["adaptive_guidance"] = job.adaptiveGuidance;
    json["adm_guidance"] = job.sizeEmphasis ? Json{ { "positive", job.sizeEmphasis->positive }, { "negative", job.sizeEmphasis->negative }, { "end", job.sizeEmphasis->end } } : Json(nullptr);
}

} // namespace

nlohmann::ordered_json jobToJson(const JobDescription& job)
{
    Json json = Json::object();
    json["mode"] = modeName(effectiveMode(job, !job.imageUrl.empty(), !job.maskUrl.empty()));
    json["model"] = textOrNull(job.model);
    json["vae"] = textOrNull(job.vae);
    json["refiner"] = refinerToJson(job.refiner);
    json["prompt"] = job.prompt;
    json["negative_prompt"] = job.negativePrompt;
    json["image_url"] = textOrNull(job.imageUrl);
    json["mask_url"] = textOrNull(job.maskUrl);
    json["strength"] = job.strength;
    json["image_size"] = sizeToJson(job.imageSize);
    json["preserve_aspect_ratio"] = job.preserveAspectRatio;
    json["num_images"] = job.imageCount;
    json["num_inference_steps"] = job.steps;
    json["guidance_scale"] = job.guidanceScale;
    json["guidance_rescale"] = job.guidanceRescale;
    json["guidance_interval"] = job.guidanceInterval ? Json{ { "lowest", job.guidanceInterval->lowest }, { "highest", job.guidanceInterval->highest } } : Json(nullptr);
    addGuidanceOptions(json, job);
    json["compatibility"] = nameOf(compatibilityNames(), job.compatibility);
    json["noise_source"] = nameOf(noiseOriginNames(), job.noiseOrigin);
    json["eta_noise_seed_delta"] = job.etaNoiseSeedDelta;
    json["seed"] = valueOr(job.seed, nullptr);
    json["scheduler"] = job.scheduler;
    json["loras"] = lorasToJson(job.loras);
    json["embeddings"] = embeddingsToJson(job.embeddings);
    json["controls"] = controlsToJson(job.controls);
    json["clip_skip"] = job.clipSkip;
    json["inpaint"] = inpaintToJson(job.inpaint);
    json["expand_prompt"] = job.expandPrompt;
    json["enable_safety_checker"] = job.enableSafetyChecker;
    json["format"] = outputFormatName(job.format);
    json["sync_mode"] = job.syncMode;
    json["track_id"] = valueOr(job.trackId, nullptr);
    json["precision"] = precisionName(job.precision);
    json["device"] = job.device;
    return json;
}

std::string jobToText(const JobDescription& job) { return jobToJson(job).dump(-1, ' ', false, Json::error_handler_t::replace); }

} // namespace sfumato::workflow
