// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/solvers/distilled/lcm_scheduler.h"

#include <ATen/TensorOperators.h>

#include <cmath>

namespace sfumato::engine {

namespace {

// The consistency function's boundary condition (Luo et al. 2023, section 4.1) with timesteps scaled by 10.
constexpr float kSigmaData = 0.5F;
constexpr float kTimestepScaling = 10.0F;

} // namespace

at::Tensor LcmScheduler::advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise)
{
    const float scaled = static_cast<float>(timesteps()[static_cast<std::size_t>(i)]) * kTimestepScaling;
    const float spread = scaled * scaled + kSigmaData * kSigmaData;
    m_denoised = toDenoised(modelOutput, x, alphaCumprod(i)) * (scaled / std::sqrt(spread)) + x * (kSigmaData * kSigmaData / spread);
    if (isLastCall(i)) return m_denoised;
    const float nextAlpha = alphaCumprod(i + 1);
    return m_denoised * std::sqrt(nextAlpha) + noise.draw(x.sizes()).to(x.device()) * std::sqrt(1.0F - nextAlpha);
}

} // namespace sfumato::engine
