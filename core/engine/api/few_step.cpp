// SPDX-License-Identifier: Apache-2.0
#include "core/engine/api/few_step.h"

#include "core/engine/api/scheduler_names.h"

#include <array>
#include <cstdio>
#include <utility>

namespace sfumato::engine {

namespace {

struct MethodTexts {
    std::string_view name;
    std::string_view label;
};

// Indexed by FewStepMethod.
constexpr std::array<MethodTexts, 6> kTexts{ { { "lightning", "Lightning" }, { "turbo", "Turbo" }, { "lcm", "LCM" }, { "hyper", "Hyper-SD" }, { "tcd", "TCD" }, { "dmd2", "DMD2" } } };

std::string shortNumber(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

std::string rangeText(const std::string& least, const std::string& most)
{
    return least == most ? least : least + " to " + most;
}

bool isConsistency(SamplerKind sampler)
{
    return sampler == SamplerKind::Lcm || sampler == SamplerKind::Tcd || sampler == SamplerKind::TcdStochastic;
}

// "a, b and c"
std::string joined(const std::array<std::string, 3>& parts)
{
    std::array<const std::string*, 3> given{};
    std::size_t count = 0;
    for (const std::string& part : parts)
        if (!part.empty()) given[count++] = &part;
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : i + 1 == count ? " and "
                                                                                  : ", ")
        + *given[i];
    return text;
}

} // namespace

std::string_view fewStepMethodName(FewStepMethod method) noexcept { return kTexts[static_cast<std::size_t>(method)].name; }

std::string_view fewStepMethodLabel(FewStepMethod method) noexcept { return kTexts[static_cast<std::size_t>(method)].label; }

bool fitsScheduler(const FewStepAdvice& advice, std::string_view scheduler)
{
    if (scheduler == advice.scheduler) return true;
    const auto wanted = findScheduler(advice.scheduler), given = findScheduler(scheduler);
    if (!wanted || !given) return false;
    // A single step has a timestep of its own; a consistency model jumps to the clean picture, which other solvers do not ask it for.
    if (wanted->spacing == TimestepSpacing::Hyper || given->spacing == TimestepSpacing::Hyper) return false;
    if (isConsistency(wanted->sampler)) return isConsistency(given->sampler) && (wanted->spacing == TimestepSpacing::Training || given->spacing == wanted->spacing);
    if (isConsistency(given->sampler)) return advice.method == FewStepMethod::Hyper || advice.method == FewStepMethod::Turbo;
    return given->spacing != TimestepSpacing::Leading || given->sigmas != SigmaRule::Default; // leading timesteps never begin at full noise
}

bool fits(const FewStepAdvice& advice, const FewStepSettings& settings)
{
    return settings.steps >= advice.leastSteps && settings.steps <= advice.mostSteps && settings.guidance >= advice.leastGuidance && settings.guidance <= advice.mostGuidance
        && fitsScheduler(advice, settings.scheduler);
}

std::string misfitSentence(std::string_view name, const FewStepAdvice& advice, const FewStepSettings& settings)
{
    std::array<std::string, 3> given, wanted;
    if (settings.steps < advice.leastSteps || settings.steps > advice.mostSteps) {
        given[0] = "num_inference_steps " + std::to_string(settings.steps);
        wanted[0] = "num_inference_steps " + rangeText(std::to_string(advice.leastSteps), std::to_string(advice.mostSteps));
    }
    if (settings.guidance < advice.leastGuidance || settings.guidance > advice.mostGuidance) {
        given[1] = "guidance_scale " + shortNumber(settings.guidance);
        wanted[1] = "guidance_scale " + rangeText(shortNumber(advice.leastGuidance), shortNumber(advice.mostGuidance));
    }
    if (!fitsScheduler(advice, settings.scheduler)) {
        given[2] = "scheduler " + std::string(settings.scheduler);
        wanted[2] = "scheduler " + advice.scheduler;
    }
    const std::string differences = joined(given);
    if (differences.empty()) return {};
    return std::string(name) + " is a few-step model (" + std::string(fewStepMethodLabel(advice.method)) + ") and ran with " + differences + "; it was made for " + joined(wanted) + ".";
}

} // namespace sfumato::engine
