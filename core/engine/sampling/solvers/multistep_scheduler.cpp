// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/solvers/multistep_scheduler.h"

#include "core/engine/sampling/program_levels.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/exp.h>
#include <ATen/ops/expm1.h>
#include <ATen/ops/log.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace sfumato::engine {

namespace {

std::vector<float> toVector(const at::Tensor& values)
{
    const at::Tensor contiguous = values.contiguous();
    const float* begin = contiguous.const_data_ptr<float>();
    return { begin, begin + contiguous.numel() };
}

} // namespace

MultistepScheduler::MultistepScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings)
    : m_schedule(settings), m_name(name)
{
}

NoiseLevels MultistepScheduler::levels(int steps) const
{
    if (m_schedule.settings().compatibility != Compatibility::Diffusers) return programLevels(m_schedule, m_name, steps);
    NoiseLevels levels;
    if (m_name.sigmas != SigmaRule::Default) {
        levels.sigmas = ruledSigmas(m_name.sigmas, m_schedule.sigmas().back(), m_schedule.sigmas().front(), steps);
        for (const double sigma : levels.sigmas) {
            const double timestep = m_schedule.timestepAt(sigma);
            levels.timesteps.push_back(m_name.sigmas == SigmaRule::Karras ? std::nearbyint(timestep) : std::trunc(timestep));
        }
        return levels;
    }
    const bool isOfDiffusers = m_name.spacing == TimestepSpacing::Leading || m_name.spacing == TimestepSpacing::Trailing || m_name.spacing == TimestepSpacing::Linspace;
    if (!isOfDiffusers) return spacedLevels(m_schedule, m_name.spacing, steps);
    for (const double timestep : spacedTimesteps(m_name.spacing, steps, steps + 1)) {
        levels.timesteps.push_back(std::nearbyint(timestep));
        levels.sigmas.push_back(m_schedule.sigmaAt(levels.timesteps.back()));
    }
    return levels;
}

Result<Scheduler::Grid> MultistepScheduler::makeGrid(int steps, int firstStep) const
{
    NoiseLevels spaced = levels(steps);
    const int first = firstStepOf(spaced, steps, firstStep);
    Grid grid{ std::move(spaced.timesteps), std::move(spaced.sigmas), first };
    std::ranges::transform(grid.sigmas, grid.sigmas.begin(), toFloatPrecision);
    grid.sigmas.push_back(0.0);
    return grid;
}

void MultistepScheduler::reset()
{
    const at::Tensor ratio = at::tensor(sigmas()).to(at::kFloat); // σ / α
    const at::Tensor alpha = 1.0 / (ratio.pow(2) + 1.0).pow(0.5);
    const at::Tensor sigma = ratio * alpha;
    const at::Tensor lambda = at::log(alpha) - at::log(sigma);
    const at::Tensor h = lambda.slice(0, 1) - lambda.slice(0, 0, callCount());
    m_levels = { toVector(alpha), toVector(sigma), toVector(lambda) };
    m_intervals = { toVector(h), toVector(at::exp(-h)), toVector(at::exp(h * -2.0)), toVector(at::expm1(-h)) };
}

double MultistepScheduler::initNoiseSigma() const
{
    const double highest = sigmas().front();
    const auto compatibility = m_schedule.settings().compatibility;
    const bool isWhole = compatibility == Compatibility::Diffusers || (compatibility == Compatibility::ComfyUi && isWholeNoise(m_schedule, highest));
    return isWhole ? 1.0 : highest / std::sqrt(highest * highest + 1.0);
}

at::Tensor MultistepScheduler::scaleModelInput(const at::Tensor& x, int /*i*/) const
{
    return x;
}

at::Tensor MultistepScheduler::addNoise(const at::Tensor& clean, const at::Tensor& noise, int i) const
{
    const auto level = static_cast<std::size_t>(i);
    return clean * m_levels.alpha[level] + noise * m_levels.sigma[level];
}

at::Tensor MultistepScheduler::toDenoised(const at::Tensor& modelOutput, const at::Tensor& x, int i) const
{
    const auto level = static_cast<std::size_t>(i);
    const float alpha = m_levels.alpha[level];
    const float sigma = m_levels.sigma[level];
    if (m_schedule.settings().prediction == PredictionType::Epsilon) return (x - modelOutput * sigma) / alpha;
    return x * alpha - modelOutput * sigma;
}

} // namespace sfumato::engine
