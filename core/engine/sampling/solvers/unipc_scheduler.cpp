// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/solvers/unipc_scheduler.h"

#include <ATen/TensorOperators.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace sfumato::engine {

namespace {

constexpr int kSolverOrder = 2;

struct CorrectorWeights {
    float history = 0; // of the divided difference over the step before
    float current = 0; // of the difference to the new model value
};

// Solves [[1, 1], [ratio, 1]] ρ = b, b_k = k! φ_{k+1}(−h) / B(h) (Zhao et al. 2023, equation 5) by elimination with row pivoting in float32.
//   in   expm1  e^−h − 1 = B(h)
//   in   ratio  (λ of the step before − λ) / h, negative
CorrectorWeights solveCorrector(float h, float expm1, float ratio)
{
    const float phi2 = expm1 / -h - 1.0F;
    const float phi3 = phi2 / -h - 0.5F;
    const float first = phi2 / expm1;
    const float second = phi3 * 2.0F / expm1;
    if (std::abs(ratio) <= 1.0F) {
        const float current = (second - ratio * first) / (1.0F - ratio);
        return { first - current, current };
    }
    const float factor = 1.0F / ratio;
    const float current = (first - factor * second) / (1.0F - factor);
    return { (second - current) / ratio, current };
}

} // namespace

UniPcScheduler::UniPcScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings) : MultistepScheduler(name, settings) { }

void UniPcScheduler::reset()
{
    MultistepScheduler::reset();
    m_previous.reset();
    m_lastSample.reset();
    m_order = 0;
}

at::Tensor UniPcScheduler::advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& /*noise*/)
{
    const at::Tensor denoised = toDenoised(modelOutput, x, i);
    m_lastSample = m_lastSample.defined() ? correct(denoised, i) : x;
    m_previous = std::exchange(m_denoised, denoised);
    m_order = std::min({ kSolverOrder, m_order + 1, callCount() - i });
    return predict(m_lastSample, i);
}

at::Tensor UniPcScheduler::firstOrder(const at::Tensor& x, std::size_t interval) const
{
    return x * (m_levels.sigma[interval + 1] / m_levels.sigma[interval]) - m_denoised * (m_levels.alpha[interval + 1] * m_intervals.expm1MinusH[interval]);
}

at::Tensor UniPcScheduler::predict(const at::Tensor& x, int i) const
{
    const auto interval = static_cast<std::size_t>(i);
    const at::Tensor next = firstOrder(x, interval);
    if (m_order < 2) return next;
    const float ratio = (m_levels.lambda[interval - 1] - m_levels.lambda[interval]) / m_intervals.h[interval];
    const at::Tensor slope = (m_previous - m_denoised) / ratio;
    return next - slope * 0.5F * (m_levels.alpha[interval + 1] * m_intervals.expm1MinusH[interval]);
}

at::Tensor UniPcScheduler::correct(const at::Tensor& denoised, int i) const
{
    const auto interval = static_cast<std::size_t>(i) - 1;
    const float h = m_intervals.h[interval];
    const float expm1 = m_intervals.expm1MinusH[interval];
    const at::Tensor change = denoised - m_denoised;
    at::Tensor correction;
    if (m_order < 2) {
        correction = change * 0.5F;
    } else {
        const float ratio = (m_levels.lambda[interval - 1] - m_levels.lambda[interval]) / h;
        const CorrectorWeights weights = solveCorrector(h, expm1, ratio);
        correction = (m_previous - m_denoised) / ratio * weights.history + change * weights.current;
    }
    return firstOrder(m_lastSample, interval) - correction * (m_levels.alpha[interval + 1] * expm1);
}

} // namespace sfumato::engine
