// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/euler_scheduler.h"

#include "core/engine/sampling/sigma_grid.h"

#include <ATen/TensorOperators.h>

#include <algorithm>
#include <cmath>

namespace sfumato::engine {

EulerScheduler::EulerScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings)
    : m_schedule(settings), m_ancestral(name.sampler == SamplerKind::EulerAncestral), m_rule(name.sigmas), m_spacing(name.spacing)
{
}

Result<Scheduler::Grid> EulerScheduler::makeGrid(int steps) const
{
    Grid grid{ spacedTimesteps(m_spacing, steps, steps), {} };
    for (const double timestep : grid.timesteps) grid.sigmas.push_back(m_schedule.sigmas()[static_cast<std::size_t>(timestep)]);
    if (m_rule != SigmaRule::Default) {
        grid.sigmas = ruledSigmas(m_rule, grid.sigmas.front(), grid.sigmas.back(), steps);
        std::ranges::transform(grid.sigmas, grid.timesteps.begin(), [this](double sigma) { return toFloatPrecision(m_schedule.timestepAt(sigma)); });
    }
    std::ranges::transform(grid.sigmas, grid.sigmas.begin(), toFloatPrecision);
    grid.sigmas.push_back(0.0);
    return grid;
}

float EulerScheduler::sigma(int i) const
{
    return static_cast<float>(sigmas()[static_cast<std::size_t>(i)]);
}

double EulerScheduler::initNoiseSigma() const
{
    const float highest = sigma(0);
    return m_spacing == TimestepSpacing::Trailing ? highest : std::sqrt(highest * highest + 1.0F);
}

at::Tensor EulerScheduler::scaleModelInput(const at::Tensor& x, int i) const
{
    return x / std::sqrt(sigma(i) * sigma(i) + 1.0F);
}

at::Tensor EulerScheduler::addNoise(const at::Tensor& clean, const at::Tensor& noise, int i) const
{
    return clean + noise * sigma(i);
}

at::Tensor EulerScheduler::toDenoised(const at::Tensor& modelOutput, const at::Tensor& x, float sigma) const
{
    if (m_schedule.settings().prediction == PredictionType::Epsilon) return x - modelOutput * sigma;
    const float variance = sigma * sigma + 1.0F;
    return modelOutput * (-sigma / std::sqrt(variance)) + x / variance;
}

at::Tensor EulerScheduler::advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise)
{
    const float from = sigma(i);
    const float to = sigma(i + 1);
    m_denoised = toDenoised(modelOutput, x, from);
    const at::Tensor derivative = (x - m_denoised) / from;
    if (!m_ancestral) return x + derivative * (to - from);

    const float up = std::sqrt(to * to * (from * from - to * to) / (from * from));
    // Differs: where up rounds to a hair more than `to` the reference takes the root of a negative number; the true value is 0.
    const float down = std::sqrt(std::max(to * to - up * up, 0.0F));
    return x + derivative * (down - from) + noise.draw(x.sizes()).to(x.device()) * up;
}

} // namespace sfumato::engine
