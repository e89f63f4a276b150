// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/scheduler.h"

#include "core/engine/sampling/solvers/cfg_plus_plus_schedulers.h"
#include "core/engine/sampling/solvers/ddim_scheduler.h"
#include "core/engine/sampling/solvers/deis_scheduler.h"
#include "core/engine/sampling/solvers/dpm_solver_scheduler.h"
#include "core/engine/sampling/solvers/dpmpp_3m_sde_scheduler.h"
#include "core/engine/sampling/solvers/euler_scheduler.h"
#include "core/engine/sampling/solvers/heun_scheduler.h"
#include "core/engine/sampling/solvers/distilled/lcm_scheduler.h"
#include "core/engine/sampling/solvers/lms_scheduler.h"
#include "core/engine/sampling/solvers/midpoint_schedulers.h"
#include "core/engine/sampling/solvers/pndm_scheduler.h"
#include "core/engine/sampling/solvers/restart_scheduler.h"
#include "core/engine/sampling/solvers/distilled/tcd_scheduler.h"
#include "core/engine/sampling/solvers/unipc_scheduler.h"

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

Result<void> Scheduler::setTimesteps(int steps, double strength, Compatibility compatibility)
{
    assert(steps >= 1 && strength > 0.0 && strength <= 1.0);
    const StepRange range = stepRange(compatibility, steps, strength);
    if (range.running() < 1) return noStepsLeft(steps, strength);
    Result<Grid> grid = makeGrid(range.total, range.first);
    if (!grid) return std::move(grid).error();
    assert(grid->sigmas.size() == grid->timesteps.size() + 1 && (grid->endsStep.empty() || grid->endsStep.size() == grid->timesteps.size()));
    m_grid = std::move(*grid);
    m_stepCount = range.total;
    m_denoised.reset();
    reset();
    return {};
}

int Scheduler::stepsIn(int first, int end) const
{
    int steps = 0;
    for (int i = first; i < end; ++i) steps += endsStep(i) ? 1 : 0;
    return steps;
}

at::Tensor Scheduler::step(const Prediction& prediction, int i, const at::Tensor& x, NoiseSource& noise)
{
    assert(i >= firstCall() && i < callCount());
    const at::Tensor guided = prediction.guided.to(at::kFloat);
    m_unconditional = prediction.unconditional.defined() ? prediction.unconditional.to(at::kFloat) : guided;
    return advance(guided, i, x.to(at::kFloat), noise);
}

std::unique_ptr<Scheduler> createScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings)
{
    switch (name.sampler) {
    case SamplerKind::Euler:
    case SamplerKind::EulerAncestral: return std::make_unique<EulerScheduler>(name, settings);
    case SamplerKind::Heun: return std::make_unique<HeunScheduler>(name, settings);
    case SamplerKind::Restart: return std::make_unique<RestartScheduler>(name, settings);
    case SamplerKind::Dpm2:
    case SamplerKind::Dpm2Ancestral: return std::make_unique<Dpm2Scheduler>(name, settings);
    case SamplerKind::EulerCfgPlusPlus:
    case SamplerKind::EulerAncestralCfgPlusPlus: return std::make_unique<EulerCfgPlusPlusScheduler>(name, settings);
    case SamplerKind::DpmSolverPlusPlus2MCfgPlusPlus: return std::make_unique<Dpmpp2mCfgPlusPlusScheduler>(name, settings);
    case SamplerKind::DpmSolverPlusPlus2SAncestral:
    case SamplerKind::DpmSolverPlusPlus2SAncestralCfgPlusPlus: return std::make_unique<Dpmpp2sAncestralScheduler>(name, settings);
    case SamplerKind::DpmSolverPlusPlusSde: return std::make_unique<DpmppSdeScheduler>(name, settings);
    case SamplerKind::DpmSolverPlusPlus3MSde: return std::make_unique<Dpmpp3mSdeScheduler>(name, settings);
    case SamplerKind::Lms: return std::make_unique<LmsScheduler>(name, settings);
    case SamplerKind::DpmSolverPlusPlus2M:
    case SamplerKind::DpmSolverPlusPlus2MSde: return std::make_unique<DpmSolverScheduler>(name, settings);
    case SamplerKind::UniPc: return std::make_unique<UniPcScheduler>(name, settings);
    case SamplerKind::Deis: return std::make_unique<DeisScheduler>(name, settings);
    case SamplerKind::Ddim:
        // Without noise of its own DDIM is Euler's method in σ, which is what ComfyUI runs under this name.
        if (settings.compatibility == Compatibility::ComfyUi) return std::make_unique<EulerScheduler>(name, settings);
        return std::make_unique<DdimScheduler>(name, settings);
    case SamplerKind::Pndm: return std::make_unique<PndmScheduler>(name, settings);
    case SamplerKind::Lcm: return std::make_unique<LcmScheduler>(name, settings);
    case SamplerKind::Tcd:
    case SamplerKind::TcdStochastic: return std::make_unique<TcdScheduler>(name, settings);
    }
    assert(false);
    return nullptr;
}

} // namespace sfumato::engine
