// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/scheduler.h"

#include "core/engine/sampling/ddim_scheduler.h"
#include "core/engine/sampling/dpm_solver_scheduler.h"
#include "core/engine/sampling/euler_scheduler.h"
#include "core/engine/sampling/lcm_scheduler.h"
#include "core/engine/sampling/unipc_scheduler.h"

#include <algorithm>
#include <cassert>
#include <cstdio>
#include <string>
#include <utility>

namespace sfumato::engine {

namespace {

// "0.05", "1": as short as people write it.
std::string shortNumber(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

Error noStepsLeft(int steps, double strength)
{
    return { ErrorCode::InvalidRequest,
        "With strength " + shortNumber(strength) + " and " + std::to_string(steps) + (steps == 1 ? " step" : " steps")
            + " no step is left to run; strength times steps must be at least 1.",
        "strength" };
}

} // namespace

Result<void> Scheduler::setTimesteps(int steps, double strength)
{
    assert(steps >= 1 && strength > 0.0 && strength <= 1.0);
    const int running = std::min(static_cast<int>(steps * strength), steps);
    if (running < 1) return noStepsLeft(steps, strength);
    Result<Grid> grid = makeGrid(steps);
    if (!grid) return std::move(grid).error();
    assert(grid->sigmas.size() == grid->timesteps.size() + 1);
    m_timesteps = std::move(grid->timesteps);
    m_sigmas = std::move(grid->sigmas);
    m_firstStep = steps - running;
    m_denoised.reset();
    reset();
    return {};
}

at::Tensor Scheduler::step(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise)
{
    assert(i >= m_firstStep && i < stepCount());
    return advance(modelOutput.to(at::kFloat), i, x.to(at::kFloat), noise);
}

std::unique_ptr<Scheduler> createScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings)
{
    switch (name.sampler) {
    case SamplerKind::Euler:
    case SamplerKind::EulerAncestral:
        return std::make_unique<EulerScheduler>(name, settings);
    case SamplerKind::DpmSolverPlusPlus2M:
    case SamplerKind::DpmSolverPlusPlus2MSde:
        return std::make_unique<DpmSolverScheduler>(name, settings);
    case SamplerKind::UniPc:
        return std::make_unique<UniPcScheduler>(name, settings);
    case SamplerKind::Ddim:
        return std::make_unique<DdimScheduler>(name, settings);
    case SamplerKind::Lcm:
        return std::make_unique<LcmScheduler>(settings);
    }
    assert(false);
    return nullptr;
}

} // namespace sfumato::engine
