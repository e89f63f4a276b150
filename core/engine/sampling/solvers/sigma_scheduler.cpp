// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/solvers/sigma_scheduler.h"

#include "core/engine/sampling/program_levels.h"

#include <ATen/TensorOperators.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace sfumato::engine {

AncestralSplit splitAncestral(float from, float to)
{
    const float up = std::sqrt(to * to * (from * from - to * to) / (from * from));
    // Differs: where up rounds to a hair more than `to` the reference takes the root of a negative number; the true value is 0.
    return { std::sqrt(std::max(to * to - up * up, 0.0F)), up };
}

SigmaScheduler::SigmaScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings)
    : m_schedule(settings), m_name(name)
{
}

NoiseLevels SigmaScheduler::levels(int steps) const
{
    if (!isOfDiffusers()) return programLevels(m_schedule, m_name, steps);
    NoiseLevels levels = spacedLevels(m_schedule, m_name.spacing, steps);
    if (rule() != SigmaRule::Default) {
        levels.sigmas = ruledSigmas(rule(), levels.sigmas.front(), levels.sigmas.back(), steps);
        std::ranges::transform(levels.sigmas, levels.timesteps.begin(), [this](double sigma) { return toFloatPrecision(m_schedule.timestepAt(sigma)); });
    }
    std::ranges::transform(levels.sigmas, levels.sigmas.begin(), toFloatPrecision);
    return levels;
}

Result<Scheduler::Grid> SigmaScheduler::makeGrid(int steps, int firstStep) const
{
    NoiseLevels spaced = levels(steps);
    const int first = firstStepOf(spaced, steps, firstStep);
    Grid grid{ std::move(spaced.timesteps), std::move(spaced.sigmas), first };
    grid.sigmas.push_back(0.0);
    return grid;
}

double SigmaScheduler::timestepOf(double sigma) const
{
    return programTimestep(m_schedule, sigma);
}

double SigmaScheduler::initNoiseSigma() const
{
    const float highest = sigma(0);
    const auto compatibility = m_schedule.settings().compatibility;
    const bool addsPicture = compatibility == Compatibility::ComfyUi ? isWholeNoise(m_schedule, highest)
                                                                     : isOfDiffusers() && (m_name.spacing == TimestepSpacing::Leading || m_name.spacing == TimestepSpacing::AlignYourSteps);
    return addsPicture ? std::sqrt(highest * highest + 1.0F) : highest;
}

at::Tensor SigmaScheduler::scaleModelInput(const at::Tensor& x, int i) const
{
    return x / std::sqrt(sigma(i) * sigma(i) + 1.0F);
}

at::Tensor SigmaScheduler::addNoise(const at::Tensor& clean, const at::Tensor& noise, int i) const
{
    return clean + noise * sigma(i);
}

at::Tensor SigmaScheduler::toDenoised(const at::Tensor& modelOutput, const at::Tensor& x, float sigma) const
{
    if (m_schedule.settings().prediction == PredictionType::Epsilon) return x - modelOutput * sigma;
    const float variance = sigma * sigma + 1.0F;
    return modelOutput * (-sigma / std::sqrt(variance)) + x / variance;
}

} // namespace sfumato::engine
