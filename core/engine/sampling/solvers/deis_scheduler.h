// DeisScheduler: exponential integrator of order 2 that extrapolates the predicted noise over ln ρ, ρ = σ / α.
// Thread: engine. Source: Zhang and Chen 2022 (DEIS), section 3.3 ("ρAB"); diffusers DEISMultistepScheduler with solver order 2.
//
// The grid ends at the schedule's lowest σ, or at the last level of a sigma rule, not at 0: the reference leaves that little noise in the picture.
// With fewer than 15 steps the last one is of first order.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/sampling/solvers/multistep_scheduler.h"

namespace sfumato::engine {

class DeisScheduler final : public MultistepScheduler {
public:
    DeisScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings);

protected:
    [[nodiscard]] Result<Grid> makeGrid(int steps, int firstStep) const override;
    void reset() override;
    [[nodiscard]] at::Tensor advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise) override;

private:
    bool m_hasRule;
    at::Tensor m_previous; // predicted noise of the step before
};

} // namespace sfumato::engine
