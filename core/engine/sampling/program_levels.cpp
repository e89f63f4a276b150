// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/program_levels.h"

#include "core/engine/sampling/beta_distribution.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/linspace.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

namespace sfumato::engine {

namespace {

bool dropsLastLevel(SamplerKind sampler, Compatibility compatibility)
{
    switch (sampler) {
    case SamplerKind::Dpm2:
    case SamplerKind::Dpm2Ancestral: return true;
    case SamplerKind::DpmSolverPlusPlus3MSde: return compatibility == Compatibility::A1111;
    case SamplerKind::UniPc: return compatibility == Compatibility::ComfyUi;
    default: return false;
    }
}

// ComfyUI beta_scheduler: quantiles of Beta(0.6, 0.6) over the timesteps, rounded, each once.
std::vector<double> betaSigmas(const NoiseSchedule& schedule, int count)
{
    std::vector<double> sigmas;
    double last = -1.0;
    for (int i = 0; i < count; ++i) {
        const double place = 1.0 - static_cast<double>(i) / count;
        const double quantile = place == 0.5 ? place : symmetricBetaQuantile(place, kBetaShape); // exactly, since halves round to even
        const double timestep = std::nearbyint(quantile * (kTrainTimesteps - 1));
        if (timestep != last) sigmas.push_back(schedule.sigmaAt(timestep));
        last = timestep;
    }
    return sigmas;
}

// k-diffusion get_sigmas_karras in its own float32: a Brownian tree tells levels apart that differ in the last digit.
std::vector<double> karrasSigmas(double highest, double lowest, int count)
{
    constexpr double kRho = 7.0;
    const double high = std::pow(highest, 1.0 / kRho), low = std::pow(lowest, 1.0 / kRho);
    const at::Tensor levels = (at::linspace(0.0, 1.0, count, at::kFloat) * (low - high) + high).pow(kRho);
    const float* first = levels.const_data_ptr<float>();
    return { first, first + count };
}

std::vector<double> alignedSigmas(const NoiseSchedule& schedule, int count)
{
    const auto& settings = schedule.settings();
    if (settings.compatibility == Compatibility::A1111) return alignYourStepsSigmas(settings.family, count);
    std::vector<double> sigmas = alignYourStepsSigmas(settings.family, count + 1);
    sigmas.pop_back();
    return sigmas;
}

std::vector<double> sigmasOf(const NoiseSchedule& schedule, const SchedulerName& name, int count)
{
    const bool isComfyUi = schedule.settings().compatibility == Compatibility::ComfyUi;
    if (name.sigmas == SigmaRule::Beta && isComfyUi) return betaSigmas(schedule, count);
    const auto highest = static_cast<double>(schedule.sigmas().back()), lowest = static_cast<double>(schedule.sigmas().front());
    if (name.sigmas == SigmaRule::Karras) return karrasSigmas(highest, lowest, count);
    if (name.sigmas != SigmaRule::Default) return ruledSigmas(name.sigmas, highest, lowest, count);
    if (name.spacing == TimestepSpacing::AlignYourSteps) return alignedSigmas(schedule, count);
    const bool isProgramsOwn = name.spacing == TimestepSpacing::Leading || name.spacing == TimestepSpacing::Linspace || name.spacing == TimestepSpacing::Training;
    return spacedLevels(schedule, isProgramsOwn ? TimestepSpacing::Normal : name.spacing, count).sigmas;
}

} // namespace

double programTimestep(const NoiseSchedule& schedule, double sigma)
{
    const double timestep = schedule.timestepAt(sigma);
    // Halfway between two timesteps in ln σ is halfway between their numbers.
    return schedule.settings().compatibility == Compatibility::ComfyUi ? std::nearbyint(timestep) : toFloatPrecision(timestep);
}

bool isWholeNoise(const NoiseSchedule& schedule, double sigma)
{
    constexpr double kRelative = 1e-5;
    return sigma >= static_cast<double>(schedule.sigmas().back()) * (1.0 - kRelative);
}

int firstStepOf(const NoiseLevels& levels, int steps, int firstStep)
{
    const int missing = steps - static_cast<int>(levels.timesteps.size());
    return std::max(firstStep - std::max(missing, 0), 0);
}

NoiseLevels programLevels(const NoiseSchedule& schedule, const SchedulerName& name, int steps)
{
    const Compatibility compatibility = schedule.settings().compatibility;
    assert(compatibility != Compatibility::Diffusers);
    const bool drops = dropsLastLevel(name.sampler, compatibility);
    NoiseLevels levels{ {}, sigmasOf(schedule, name, drops ? steps + 1 : steps) };
    if (drops && levels.sigmas.size() > 1) levels.sigmas.pop_back();
    std::ranges::transform(levels.sigmas, levels.sigmas.begin(), toFloatPrecision);
    for (const double sigma : levels.sigmas) levels.timesteps.push_back(programTimestep(schedule, sigma));
    return levels;
}

} // namespace sfumato::engine
