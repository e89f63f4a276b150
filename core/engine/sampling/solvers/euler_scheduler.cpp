// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/solvers/euler_scheduler.h"

#include <ATen/TensorOperators.h>

namespace sfumato::engine {

EulerScheduler::EulerScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings)
    : SigmaScheduler(name, settings), m_ancestral(name.sampler == SamplerKind::EulerAncestral)
{
}

at::Tensor EulerScheduler::advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise)
{
    const float from = sigma(i);
    const float to = sigma(i + 1);
    m_denoised = toDenoised(modelOutput, x, from);
    const at::Tensor derivative = (x - m_denoised) / from;
    if (!m_ancestral) return x + derivative * (to - from);
    const AncestralSplit split = splitAncestral(from, to);
    return x + derivative * (split.down - from) + noise.draw(x.sizes()).to(x.device()) * split.up;
}

} // namespace sfumato::engine
