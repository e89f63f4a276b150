// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/solvers/alpha_scheduler.h"

#include "core/engine/sampling/sigma_grid.h"

#include <ATen/TensorOperators.h>

#include <cmath>
#include <string>
#include <utility>

namespace sfumato::engine {

Scheduler::Grid AlphaScheduler::gridOf(std::vector<double> timesteps, int firstCall) const
{
    Grid grid{ std::move(timesteps), {}, firstCall };
    for (const double timestep : grid.timesteps) grid.sigmas.push_back(m_schedule.sigmas()[static_cast<std::size_t>(timestep)]);
    grid.sigmas.push_back(0.0);
    return grid;
}

Result<Scheduler::Grid> AlphaScheduler::distilledGrid(const SchedulerName& name, int steps, int firstStep) const
{
    if (name.spacing == TimestepSpacing::Trailing) return gridOf(spacedTimesteps(name.spacing, steps, steps), firstStep);
    if (steps > kDistillationSteps) {
        return Error{ ErrorCode::InvalidRequest,
            "The scheduler " + name.name + " takes 1 to " + std::to_string(kDistillationSteps) + " steps, but " + std::to_string(steps) + " were asked for.",
            "num_inference_steps" };
    }
    constexpr int kSpacing = kTrainTimesteps / kDistillationSteps;
    const double stride = static_cast<double>(kDistillationSteps) / steps;
    std::vector<double> timesteps;
    for (int i = 0; i < steps; ++i) timesteps.push_back((kDistillationSteps - static_cast<int>(i * stride)) * kSpacing - 1);
    return gridOf(std::move(timesteps), firstStep);
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
    if (m_schedule.settings().prediction == PredictionType::Epsilon) return (x - modelOutput * noise) / signal;
    return x * signal - modelOutput * noise;
}

} // namespace sfumato::engine
