// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/solvers/distilled/distilled_scheduler.h"

#include "core/engine/sampling/sigma_grid.h"

#include <cmath>
#include <string>
#include <utility>

namespace sfumato::engine {

namespace {

constexpr double kHyperTimestep = 800; // of the one-step Hyper-SD UNet (Ren et al. 2024; its model card)

} // namespace

Result<Scheduler::Grid> DistilledScheduler::makeGrid(int steps, int firstStep) const
{
    if (m_name.spacing == TimestepSpacing::Hyper) {
        std::vector<double> timesteps;
        for (int i = 0; i < steps; ++i) timesteps.push_back(std::nearbyint(kHyperTimestep * (1.0 - static_cast<double>(i) / steps)));
        return gridOf(std::move(timesteps), firstStep);
    }
    if (m_name.spacing == TimestepSpacing::Trailing) return gridOf(spacedTimesteps(m_name.spacing, steps, steps), firstStep);
    if (steps > kDistillationSteps) {
        return Error{ ErrorCode::InvalidRequest,
            "The scheduler " + m_name.name + " takes 1 to " + std::to_string(kDistillationSteps) + " steps, but " + std::to_string(steps) + " were asked for.",
            "num_inference_steps" };
    }
    constexpr int kSpacing = kTrainTimesteps / kDistillationSteps;
    const double stride = static_cast<double>(kDistillationSteps) / steps;
    std::vector<double> timesteps;
    for (int i = 0; i < steps; ++i) timesteps.push_back((kDistillationSteps - static_cast<int>(i * stride)) * kSpacing - 1);
    return gridOf(std::move(timesteps), firstStep);
}

} // namespace sfumato::engine
