// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/recipe_text.h"

#include "core/base/file_path.h"
#include "core/engine/api/scheduler_names.h"
#include "core/workflow/job_json.h"
#include "core/workflow/job_values.h"

#include <cassert>
#include <utility>

namespace sfumato::workflow {

namespace {

constexpr std::string_view kProgram = "Sfumato";

// The names that the other programs use for our samplers and sigma rules.
std::string_view samplerLabel(engine::SamplerKind sampler) noexcept
{
    using enum engine::SamplerKind;
    switch (sampler) {
    case Euler: return "Euler";
    case EulerAncestral: return "Euler a";
    case Heun: return "Heun";
    case Dpm2: return "DPM2";
    case Dpm2Ancestral: return "DPM2 a";
    case DpmSolverPlusPlus2SAncestral: return "DPM++ 2S a";
    case DpmSolverPlusPlus2M: return "DPM++ 2M";
    case DpmSolverPlusPlus2MSde: return "DPM++ 2M SDE";
    case DpmSolverPlusPlusSde: return "DPM++ SDE";
    case DpmSolverPlusPlus3MSde: return "DPM++ 3M SDE";
    case Lms: return "LMS";
    case Ddim: return "DDIM";
    case UniPc: return "UniPC";
    case Deis: return "DEIS";
    case Pndm: return "PLMS";
    case Restart: return "Restart";
    case Lcm: return "LCM";
    case Tcd:
    case TcdStochastic: return "TCD";
    case EulerCfgPlusPlus: return "Euler CFG++";
    case EulerAncestralCfgPlusPlus: return "Euler a CFG++";
    case DpmSolverPlusPlus2SAncestralCfgPlusPlus: return "DPM++ 2S a CFG++";
    case DpmSolverPlusPlus2MCfgPlusPlus: return "DPM++ 2M CFG++";
    }
    return {};
}

std::string_view scheduleLabel(const engine::SchedulerName& scheduler) noexcept
{
    switch (scheduler.sigmas) {
    case engine::SigmaRule::Karras: return "Karras";
    case engine::SigmaRule::Exponential: return "Exponential";
    case engine::SigmaRule::Polyexponential: return "Polyexponential";
    case engine::SigmaRule::Beta: return "Beta";
    case engine::SigmaRule::Default: break;
    }
    switch (scheduler.spacing) {
    case engine::TimestepSpacing::Trailing:
    case engine::TimestepSpacing::SgmUniform: return "SGM Uniform";
    case engine::TimestepSpacing::Linspace: return "Uniform";
    case engine::TimestepSpacing::Normal: return scheduler.sampler == engine::SamplerKind::Restart ? "Karras" : "Uniform";
    case engine::TimestepSpacing::Simple: return "Simple";
    case engine::TimestepSpacing::AlignYourSteps: return "Align Your Steps";
    case engine::TimestepSpacing::Leading:
    case engine::TimestepSpacing::Training:
    case engine::TimestepSpacing::Hyper: break;
    }
    return "Automatic";
}

// The form in which other programs write LoRAs into a prompt: <lora:NAME:weight>, or with two weights the text encoder's first. A name that would end the tag is left out.
std::string loraTags(const JobDescription& job)
{
    std::string tags;
    for (const LoraReference& lora : job.loras) {
        const std::string name = toUtf8(pathFromUtf8(lora.path).stem());
        if (name.find_first_of("<>:\n") != std::string::npos) continue;
        tags += " <lora:" + name + ':';
        if (lora.textEncoderScale && *lora.textEncoderScale != lora.scale) tags += shownNumber(*lora.textEncoderScale) + ':';
        tags += shownNumber(lora.scale) + '>';
    }
    return tags;
}

void dropDataUri(std::string& reference)
{
    if (reference.starts_with("data:")) reference.clear();
}

} // namespace

JobDescription jobOfImage(JobDescription job, int index)
{
    assert(job.seed);
    job.seed = *job.seed + static_cast<std::uint64_t>(index);
    job.imageCount = 1;
    return job;
}

std::string recipeJobText(JobDescription job)
{
    job.mode = effectiveMode(job, !job.imageUrl.empty(), !job.maskUrl.empty());
    dropDataUri(job.imageUrl);
    dropDataUri(job.maskUrl);
    // A control without a name of a picture would mean the job's own.
    for (std::size_t i = 0; i < job.controls.size(); ++i)
        if (job.controls[i].imageUrl.starts_with("data:")) job.controls[i].imageUrl = "control" + std::to_string(i + 1) + ".png";
    return jobToText(job);
}

std::string quotedParameter(std::string_view value)
{
    if (value.find_first_of(",:\n") == std::string_view::npos) return std::string(value);
    return nlohmann::ordered_json(value).dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string parametersText(const JobDescription& job, Extent size, std::string_view modelTitle)
{
    assert(job.seed);
    std::string text = job.prompt + loraTags(job);
    if (!job.negativePrompt.empty()) text += "\nNegative prompt: " + job.negativePrompt;
    text += "\nSteps: " + std::to_string(job.steps);
    const auto add = [&](std::string_view name, std::string_view value) { text.append(", ").append(name).append(": ").append(quotedParameter(value)); };
    if (const auto scheduler = engine::findScheduler(job.scheduler)) {
        add("Sampler", samplerLabel(scheduler->sampler));
        add("Schedule type", scheduleLabel(*scheduler));
    } else {
        add("Sampler", job.scheduler);
    }
    add("CFG scale", shownNumber(job.guidanceScale));
    add("Seed", std::to_string(*job.seed));
    add("Size", std::to_string(size.width) + "x" + std::to_string(size.height));
    if (!modelTitle.empty()) add("Model", modelTitle);
    const auto mode = effectiveMode(job, !job.imageUrl.empty(), !job.maskUrl.empty());
    if (mode != engine::GenerationMode::TextToImage) add("Denoising strength", shownNumber(job.strength));
    // Other programs count the architecture's own skipped layer of SDXL, so that 2 is their "none".
    if (job.clipSkip > 0) add("Clip skip", std::to_string(job.clipSkip + 2));
    add("Version", kProgram);
    return text;
}

} // namespace sfumato::workflow
