// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/lcm_scheduler.h"

#include <ATen/TensorOperators.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace sfumato::engine {

namespace {

// The consistency function's boundary condition (Luo et al. 2023, section 4.1) with timesteps scaled by 10.
constexpr float kSigmaData = 0.5F;
constexpr float kTimestepScaling = 10.0F;

} // namespace

Result<Scheduler::Grid> LcmScheduler::makeGrid(int steps) const
{
    if (steps > kLcmOriginalSteps) {
        return Error{ ErrorCode::InvalidRequest,
            "The scheduler lcm takes 1 to " + std::to_string(kLcmOriginalSteps) + " steps, but " + std::to_string(steps) + " were asked for.",
            "num_inference_steps" };
    }
    constexpr int kSpacing = kTrainTimesteps / kLcmOriginalSteps;
    const double stride = static_cast<double>(kLcmOriginalSteps) / steps;
    std::vector<double> timesteps;
    for (int i = 0; i < steps; ++i) timesteps.push_back((kLcmOriginalSteps - static_cast<int>(i * stride)) * kSpacing - 1);
    return gridOf(std::move(timesteps));
}

at::Tensor LcmScheduler::advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise)
{
    const float scaled = static_cast<float>(timesteps()[static_cast<std::size_t>(i)]) * kTimestepScaling;
    const float spread = scaled * scaled + kSigmaData * kSigmaData;
    m_denoised = toDenoised(modelOutput, x, alphaCumprod(i)) * (scaled / std::sqrt(spread)) + x * (kSigmaData * kSigmaData / spread);
    if (i == stepCount() - 1) return m_denoised;
    const float nextAlpha = alphaCumprod(i + 1);
    return m_denoised * std::sqrt(nextAlpha) + noise.draw(x.sizes()).to(x.device()) * std::sqrt(1.0F - nextAlpha);
}

} // namespace sfumato::engine
