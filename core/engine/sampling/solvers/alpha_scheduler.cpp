// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/solvers/alpha_scheduler.h"

#include <ATen/TensorOperators.h>

#include <cmath>
#include <utility>

namespace sfumato::engine {

Scheduler::Grid AlphaScheduler::gridOf(std::vector<double> timesteps, int firstCall) const
{
    Grid grid{ std::move(timesteps), {}, firstCall };
    for (const double timestep : grid.timesteps) grid.sigmas.push_back(m_schedule.sigmas()[static_cast<std::size_t>(timestep)]);
    grid.sigmas.push_back(0.0);
    return grid;
}

float AlphaScheduler::alphaCumprod(int i) const
{
    return m_schedule.alphasCumprod()[static_cast<std::size_t>(timesteps()[static_cast<std::size_t>(i)])];
}

at::Tensor AlphaScheduler::scaleModelInput(const at::Tensor& x, int /*i*/) const
{
    return x;
}

at::Tensor AlphaScheduler::addNoise(const at::Tensor& clean, const at::Tensor& noise, int i) const
{
    const float alpha = alphaCumprod(i);
    return clean * std::sqrt(alpha) + noise * std::sqrt(1.0F - alpha);
}

at::Tensor AlphaScheduler::toDenoised(const at::Tensor& modelOutput, const at::Tensor& x, float alphaCumprod) const
{
    const float signal = std::sqrt(alphaCumprod);
    const float noise = std::sqrt(1.0F - alphaCumprod);
    switch (m_schedule.settings().prediction) {
    case PredictionType::Epsilon: return (x - modelOutput * noise) / signal;
    case PredictionType::VPrediction: return x * signal - modelOutput * noise;
    case PredictionType::Sample: break;
    }
    return modelOutput;
}

at::Tensor AlphaScheduler::toNoise(const at::Tensor& modelOutput, const at::Tensor& x, float alphaCumprod) const
{
    const float signal = std::sqrt(alphaCumprod);
    const float noise = std::sqrt(1.0F - alphaCumprod);
    switch (m_schedule.settings().prediction) {
    case PredictionType::Epsilon: break;
    case PredictionType::VPrediction: return modelOutput * signal + x * noise;
    case PredictionType::Sample: return (x - modelOutput * signal) / noise;
    }
    return modelOutput;
}

} // namespace sfumato::engine
