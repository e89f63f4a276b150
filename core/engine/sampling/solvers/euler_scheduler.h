// EulerScheduler: Euler's method on dx/dσ = (x − x₀) / σ, deterministic or ancestral.
// Thread: engine. Source: Karras et al. 2022, algorithm 1 without churn; diffusers EulerDiscreteScheduler and EulerAncestralDiscreteScheduler.
// The ancestral form draws at every step; the last draw is multiplied by 0.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/sampling/solvers/sigma_scheduler.h"

namespace sfumato::engine {

class EulerScheduler final : public SigmaScheduler {
public:
    EulerScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings);

protected:
    [[nodiscard]] at::Tensor advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise) override;

private:
    bool m_ancestral;
};

} // namespace sfumato::engine
