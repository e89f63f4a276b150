// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/solvers/distilled/tcd_scheduler.h"

#include <ATen/TensorOperators.h>

#include <cmath>

namespace sfumato::engine {

namespace {

constexpr float kKept = 0.7F; // 1 − γ; nothing is kept at γ = 1

} // namespace

at::Tensor TcdScheduler::advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise)
{
    const float alpha = alphaCumprod(i);
    const float kept = sampler() == SamplerKind::TcdStochastic ? 0.0F : kKept;
    const double next = isLastCall(i) ? 0.0 : timesteps()[static_cast<std::size_t>(i) + 1];
    const float backAlpha = schedule().alphasCumprod()[static_cast<std::size_t>(kept * static_cast<float>(next))];
    m_denoised = toDenoised(modelOutput, x, alpha);
    const at::Tensor predicted = toNoise(modelOutput, x, alpha);
    const at::Tensor back = m_denoised * std::sqrt(backAlpha) + predicted * std::sqrt(1.0F - backAlpha);
    if (isLastCall(i)) return back;
    const float ratio = alphaCumprod(i + 1) / backAlpha;
    return back * std::sqrt(ratio) + noise.draw(x.sizes()).to(x.device()) * std::sqrt(1.0F - ratio);
}

} // namespace sfumato::engine
