// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/solvers/heun_scheduler.h"

#include "core/engine/sampling/program_levels.h"

#include <ATen/TensorOperators.h>

namespace sfumato::engine {

void HeunScheduler::addStep(Grid& grid, double timestep, double sigma, double nextTimestep, double nextSigma)
{
    grid.timesteps.insert(grid.timesteps.end(), { timestep, nextTimestep });
    grid.sigmas.insert(grid.sigmas.end(), { sigma, nextSigma });
    grid.endsStep.insert(grid.endsStep.end(), { false, true });
}

void HeunScheduler::addLastStep(Grid& grid, double timestep, double sigma)
{
    grid.timesteps.push_back(timestep);
    grid.sigmas.insert(grid.sigmas.end(), { sigma, 0.0 });
    grid.endsStep.push_back(true);
}

Result<Scheduler::Grid> HeunScheduler::makeGrid(int steps, int firstStep) const
{
    const NoiseLevels spaced = levels(steps);
    Grid grid;
    for (std::size_t i = 0; i + 1 < spaced.sigmas.size(); ++i) addStep(grid, spaced.timesteps[i], spaced.sigmas[i], spaced.timesteps[i + 1], spaced.sigmas[i + 1]);
    addLastStep(grid, spaced.timesteps.back(), spaced.sigmas.back());
    grid.firstCall = 2 * firstStepOf(spaced, steps, firstStep);
    return grid;
}

void HeunScheduler::reset()
{
    m_start.reset();
    m_derivative.reset();
}

at::Tensor HeunScheduler::advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& /*noise*/)
{
    const float level = sigma(i);
    m_denoised = toDenoised(modelOutput, x, level);
    const at::Tensor derivative = (x - m_denoised) / level;
    if (!m_start.defined()) {
        if (!isLastCall(i)) {
            m_start = x;
            m_derivative = derivative;
        }
        return x + derivative * (sigma(i + 1) - level);
    }
    const at::Tensor next = m_start + (m_derivative + derivative) / 2 * (level - sigma(i - 1));
    reset();
    return next;
}

} // namespace sfumato::engine
