// DistilledScheduler: what LCM and TCD share: the grid that few-step models were distilled on.
// Thread: engine. Source: diffusers LCMScheduler and TCDScheduler, set_timesteps with 50 original inference steps.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/sampling/solvers/alpha_scheduler.h"

namespace sfumato::engine {

inline constexpr int kDistillationSteps = 50;

class DistilledScheduler : public AlphaScheduler {
public:
    DistilledScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings) : AlphaScheduler(settings), m_name(name) { }

protected:
    // A subset of the 50 timesteps 19, 39 … 999 that distillation used, the trailing grid, or that of Hyper-SD.
    // Errors: InvalidRequest for more than kDistillationSteps of the 50.
    [[nodiscard]] Result<Grid> makeGrid(int steps, int firstStep) const override;

    [[nodiscard]] SamplerKind sampler() const noexcept { return m_name.sampler; }

private:
    SchedulerName m_name;
};

} // namespace sfumato::engine
