// DpmSolverScheduler: DPM-Solver++(2M), and its stochastic form.
// Thread: engine. Source: Lu et al. 2022 (DPM-Solver++), algorithm 2 and section 5; diffusers DPMSolverMultistepScheduler with solver order 2,
// midpoint, final sigma 0: the first and the last step are of first order.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/sampling/solvers/multistep_scheduler.h"

namespace sfumato::engine {

class DpmSolverScheduler final : public MultistepScheduler {
public:
    DpmSolverScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings);

protected:
    void reset() override;
    [[nodiscard]] at::Tensor advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise) override;

private:
    [[nodiscard]] at::Tensor advanceStochastic(const at::Tensor& slope, int i, const at::Tensor& x, NoiseSource& noise) const;
    [[nodiscard]] at::Tensor advanceDeterministic(const at::Tensor& slope, int i, const at::Tensor& x) const;

    bool m_stochastic;
    at::Tensor m_previous; // x₀ of the step before; undefined at the first step
};

} // namespace sfumato::engine
