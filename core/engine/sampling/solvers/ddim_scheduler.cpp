// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/solvers/ddim_scheduler.h"

#include "core/engine/sampling/sigma_grid.h"

#include <ATen/TensorOperators.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace sfumato::engine {

DdimScheduler::DdimScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings) : AlphaScheduler(settings), m_spacing(name.spacing) { }

Result<Scheduler::Grid> DdimScheduler::makeGrid(int steps, int firstStep) const
{
    std::vector<double> timesteps = spacedTimesteps(m_spacing, steps, steps);
    std::ranges::transform(timesteps, timesteps.begin(), [](double timestep) { return std::nearbyint(timestep); });
    return gridOf(std::move(timesteps), firstStep);
}

at::Tensor DdimScheduler::advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& /*noise*/)
{
    const float alpha = alphaCumprod(i);
    const int next = static_cast<int>(timesteps()[static_cast<std::size_t>(i)]) - kTrainTimesteps / stepCount();
    const float nextAlpha = schedule().alphasCumprod()[static_cast<std::size_t>(std::max(next, 0))];
    m_denoised = toDenoised(modelOutput, x, alpha);
    const at::Tensor noise = toNoise(modelOutput, x, alpha);
    return m_denoised * std::sqrt(nextAlpha) + noise * std::sqrt(1.0F - nextAlpha);
}

} // namespace sfumato::engine
