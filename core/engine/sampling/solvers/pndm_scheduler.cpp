// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/solvers/pndm_scheduler.h"

#include "core/engine/sampling/sigma_grid.h"

#include <ATen/TensorOperators.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace sfumato::engine {

namespace {

constexpr std::size_t kPndmOrder = 4;

} // namespace

PndmScheduler::PndmScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings) : AlphaScheduler(settings), m_spacing(name.spacing) { }

Result<Scheduler::Grid> PndmScheduler::makeGrid(int steps, int firstStep) const
{
    std::vector<double> timesteps = spacedTimesteps(m_spacing, steps, steps);
    std::ranges::transform(timesteps, timesteps.begin(), [](double timestep) { return std::nearbyint(timestep); });
    std::vector<bool> endsStep(timesteps.size(), true);
    if (firstStep + 1 < steps) {
        const auto second = timesteps.begin() + firstStep + 1;
        timesteps.insert(second, *second);
        endsStep.insert(endsStep.begin() + firstStep, false);
    }
    Grid grid = gridOf(std::move(timesteps), firstStep);
    grid.endsStep = std::move(endsStep);
    return grid;
}

void PndmScheduler::reset()
{
    m_predictions.clear();
    m_start.reset();
}

float PndmScheduler::alphaAt(int timestep) const
{
    // A model with zero terminal SNR has an ᾱ of 0, which the transfer divides by.
    const float sigma = schedule().sigmas()[static_cast<std::size_t>(std::max(timestep, 0))];
    const float alpha = schedule().alphasCumprod()[static_cast<std::size_t>(std::max(timestep, 0))];
    return alpha > 0.0F ? alpha : 1.0F / (sigma * sigma + 1.0F);
}

at::Tensor PndmScheduler::transfer(const at::Tensor& x, int from, int to, const at::Tensor& prediction) const
{
    const float alpha = alphaAt(from), next = alphaAt(to);
    const at::Tensor noise = toNoise(prediction, x, alpha);
    const float denominator = alpha * std::sqrt(1.0F - next) + std::sqrt(alpha * (1.0F - alpha) * next);
    return x * std::sqrt(next / alpha) - noise * (next - alpha) / denominator;
}

at::Tensor PndmScheduler::extrapolated() const
{
    const auto& e = m_predictions;
    switch (e.size()) {
    case 1: return e[0];
    case 2: return (e[0] * 3 - e[1]) / 2;
    case 3: return (e[0] * 23 - e[1] * 16 + e[2] * 5) / 12;
    default: return (e[0] * 55 - e[1] * 59 + e[2] * 37 - e[3] * 9) * (1.0 / 24.0);
    }
}

at::Tensor PndmScheduler::advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& /*noise*/)
{
    const int timestep = static_cast<int>(timesteps()[static_cast<std::size_t>(i)]);
    const int stride = kTrainTimesteps / stepCount();
    m_denoised = toDenoised(modelOutput, x, alphaAt(timestep));
    if (m_start.defined()) {
        const at::Tensor start = std::exchange(m_start, at::Tensor());
        return transfer(start, timestep + stride, timestep, (modelOutput + m_predictions.front()) / 2);
    }
    m_predictions.push_front(modelOutput);
    if (m_predictions.size() > kPndmOrder) m_predictions.pop_back();
    if (!endsStep(i)) m_start = x;
    return transfer(x, timestep, timestep - stride, extrapolated());
}

} // namespace sfumato::engine
