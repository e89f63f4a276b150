// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/solvers/deis_scheduler.h"

#include <ATen/TensorOperators.h>

#include <cmath>
#include <utility>

namespace sfumato::engine {

namespace {

constexpr int kLowerOrderFinalBelow = 15;

// ∫ (ln t − ln c) / (ln b − ln c) dt
float lagrangeIntegral(float t, float b, float c)
{
    return t * (-std::log(c) + std::log(t) - 1.0F) / (std::log(b) - std::log(c));
}

} // namespace

DeisScheduler::DeisScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings)
    : MultistepScheduler(name, settings), m_hasRule(name.sigmas != SigmaRule::Default)
{
}

Result<Scheduler::Grid> DeisScheduler::makeGrid(int steps, int firstStep) const
{
    Result<Grid> grid = MultistepScheduler::makeGrid(steps, firstStep);
    if (grid) grid->sigmas.back() = m_hasRule ? grid->sigmas[grid->sigmas.size() - 2] : static_cast<double>(schedule().sigmas().front());
    return grid;
}

void DeisScheduler::reset()
{
    MultistepScheduler::reset();
    m_previous.reset();
}

at::Tensor DeisScheduler::advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& /*noise*/)
{
    const auto from = static_cast<std::size_t>(i), to = from + 1;
    const auto& [alpha, sigma, lambda] = m_levels;
    m_denoised = toDenoised(modelOutput, x, i);
    const at::Tensor predicted = (x - m_denoised * alpha[from]) / sigma[from];
    const at::Tensor previous = std::exchange(m_previous, predicted);
    const bool lowersOrder = isLastCall(i) && stepCount() < kLowerOrderFinalBelow;
    if (!previous.defined() || lowersOrder) return x * (alpha[to] / alpha[from]) - predicted * (sigma[to] * (std::exp(m_intervals.h[from]) - 1.0F));

    const float end = sigma[to] / alpha[to], begin = sigma[from] / alpha[from], before = sigma[from - 1] / alpha[from - 1];
    const float weight = lagrangeIntegral(end, begin, before) - lagrangeIntegral(begin, begin, before);
    const float weightBefore = lagrangeIntegral(end, before, begin) - lagrangeIntegral(begin, before, begin);
    return (x / alpha[from] + predicted * weight + previous * weightBefore) * alpha[to];
}

} // namespace sfumato::engine
