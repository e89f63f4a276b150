// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/solvers/dpm_solver_scheduler.h"

#include <ATen/TensorOperators.h>

#include <cmath>
#include <utility>

namespace sfumato::engine {

DpmSolverScheduler::DpmSolverScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings)
    : MultistepScheduler(name, settings), m_stochastic(name.sampler == SamplerKind::DpmSolverPlusPlus2MSde)
{
}

void DpmSolverScheduler::reset()
{
    MultistepScheduler::reset();
    m_previous.reset();
}

at::Tensor DpmSolverScheduler::advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise)
{
    m_denoised = toDenoised(modelOutput, x, i);
    const at::Tensor previous = std::exchange(m_previous, m_denoised);
    at::Tensor slope; // first divided difference of x₀ over λ, times h
    if (previous.defined() && !isLastCall(i)) {
        const auto interval = static_cast<std::size_t>(i);
        const float r = m_intervals.h[interval - 1] / m_intervals.h[interval];
        slope = (m_denoised - previous) * (1.0F / r);
    }
    return m_stochastic ? advanceStochastic(slope, i, x, noise) : advanceDeterministic(slope, i, x);
}

at::Tensor DpmSolverScheduler::advanceDeterministic(const at::Tensor& slope, int i, const at::Tensor& x) const
{
    const auto interval = static_cast<std::size_t>(i);
    const float gain = m_levels.alpha[interval + 1] * (m_intervals.expMinusH[interval] - 1.0F);
    const at::Tensor next = x * (m_levels.sigma[interval + 1] / m_levels.sigma[interval]) - m_denoised * gain;
    return slope.defined() ? next - slope * (0.5F * gain) : next;
}

at::Tensor DpmSolverScheduler::advanceStochastic(const at::Tensor& slope, int i, const at::Tensor& x, NoiseSource& noise) const
{
    const auto interval = static_cast<std::size_t>(i);
    const float decay = m_levels.sigma[interval + 1] / m_levels.sigma[interval] * m_intervals.expMinusH[interval];
    const float variance = 1.0F - m_intervals.expMinusTwoH[interval];
    const float gain = m_levels.alpha[interval + 1] * variance;
    at::Tensor next = x * decay + m_denoised * gain;
    if (slope.defined()) next = next + slope * (0.5F * gain);
    return next + noise.drawBetween(x.sizes(), sigmas()[interval], sigmas()[interval + 1]).to(x.device()) * (m_levels.sigma[interval + 1] * std::sqrt(variance));
}

} // namespace sfumato::engine
