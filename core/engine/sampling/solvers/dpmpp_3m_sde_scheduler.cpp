// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/solvers/dpmpp_3m_sde_scheduler.h"

#include <ATen/TensorOperators.h>

#include <cmath>
#include <utility>

namespace sfumato::engine {

namespace {

constexpr double kEta = 1.0;

} // namespace

void Dpmpp3mSdeScheduler::reset()
{
    m_last = {};
    m_secondLast = {};
}

at::Tensor Dpmpp3mSdeScheduler::correction(double h, double hEta) const
{
    if (!m_last.denoised.defined()) return {};
    const double phi2 = std::expm1(-hEta) / hEta + 1.0;
    const at::Tensor newer = (m_denoised - m_last.denoised) * (h / m_last.h);
    if (!m_secondLast.denoised.defined()) return newer * phi2;
    const double r0 = m_last.h / h, r1 = m_secondLast.h / h;
    const at::Tensor older = (m_last.denoised - m_secondLast.denoised) / r1;
    const at::Tensor slope = newer + (newer - older) * (r0 / (r0 + r1));
    const at::Tensor curvature = (newer - older) / (r0 + r1);
    return slope * phi2 - curvature * (phi2 / hEta - 0.5);
}

at::Tensor Dpmpp3mSdeScheduler::advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise)
{
    const double from = sigmas()[static_cast<std::size_t>(i)], to = sigmas()[static_cast<std::size_t>(i) + 1];
    m_denoised = toDenoised(modelOutput, x, sigma(i));
    if (isLastCall(i)) return m_denoised;
    const double h = std::log(from / to);
    const double hEta = h * (1.0 + kEta);
    at::Tensor next = x * std::exp(-hEta) - m_denoised * std::expm1(-hEta);
    const at::Tensor added = correction(h, hEta);
    if (added.defined()) next = next + added;
    m_secondLast = std::exchange(m_last, { m_denoised, h });
    return next + noise.drawBetween(x.sizes(), from, to).to(x.device()) * (to * std::sqrt(-std::expm1(-2.0 * h * kEta)));
}

} // namespace sfumato::engine
