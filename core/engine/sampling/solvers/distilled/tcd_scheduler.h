// TcdScheduler: trajectory consistency: jump to x₀ and back along the trajectory to 70 % of the next timestep, then add noise up to it (γ = 0.3);
// or back to timestep 0 (γ = 1, for the one-step Hyper-SD LoRA).
// Thread: engine. Source: Zheng et al. 2024 (TCD), algorithm 4; diffusers TCDScheduler with that eta. Draws once a step, but for the last, which ends at
// timestep 0 and so keeps the noise of the first ᾱ.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/sampling/solvers/distilled/distilled_scheduler.h"

namespace sfumato::engine {

class TcdScheduler final : public DistilledScheduler {
public:
    using DistilledScheduler::DistilledScheduler;

protected:
    [[nodiscard]] at::Tensor advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise) override;
};

} // namespace sfumato::engine
