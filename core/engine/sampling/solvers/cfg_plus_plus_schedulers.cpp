// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/solvers/cfg_plus_plus_schedulers.h"

#include <ATen/TensorOperators.h>

#include <cmath>
#include <utility>

namespace sfumato::engine {

EulerCfgPlusPlusScheduler::EulerCfgPlusPlusScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings)
    : SigmaScheduler(name, settings), m_ancestral(name.sampler == SamplerKind::EulerAncestralCfgPlusPlus)
{
}

at::Tensor EulerCfgPlusPlusScheduler::advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise)
{
    const float from = sigma(i), to = sigma(i + 1);
    m_denoised = toDenoised(modelOutput, x, from);
    if (isLastCall(i)) return m_denoised;
    const at::Tensor derivative = (x - toDenoised(unconditionalOutput(), x, from)) / from;
    if (!m_ancestral) return m_denoised + derivative * to;
    const AncestralSplit split = splitAncestral(from, to);
    return m_denoised + derivative * split.down + noise.draw(x.sizes()).to(x.device()) * split.up;
}

at::Tensor Dpmpp2mCfgPlusPlusScheduler::advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& /*noise*/)
{
    const auto level = static_cast<std::size_t>(i);
    const double from = sigmas()[level], to = sigmas()[level + 1];
    m_denoised = toDenoised(modelOutput, x, sigma(i));
    if (isLastCall(i)) return m_denoised;
    const at::Tensor unconditional = toDenoised(unconditionalOutput(), x, sigma(i));
    const at::Tensor previous = std::exchange(m_previous, unconditional);
    const double ratio = to / from; // e^−h
    const at::Tensor next = m_denoised + (x - unconditional) * ratio;
    if (!previous.defined()) return next;
    const double r = std::log(sigmas()[level - 1] / from) / std::log(from / to);
    return next + (m_denoised - previous) * ((1.0 - ratio) / (2.0 * r));
}

} // namespace sfumato::engine
