// RestartScheduler: Heun on Karras' levels; from 20 steps on it comes down to about σ = 0.1, goes back up to about σ = 2 by noise, and comes down again.
// Thread: engine. Source: Xu et al. 2023 (Restart Sampling), algorithm 1; the choice of levels and counts: A1111 restart_sampler.
//
// 9 of 20 to 35 steps are the second descent; from 36 steps on there are two descents of a quarter of the steps each. Draws once a restart.
// With less strength the same rule is used on the steps that run.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/sampling/solvers/heun_scheduler.h"

#include <vector>

namespace sfumato::engine {

class RestartScheduler final : public HeunScheduler {
public:
    using HeunScheduler::HeunScheduler;

protected:
    [[nodiscard]] Result<Grid> makeGrid(int steps, int firstStep) const override;
    [[nodiscard]] at::Tensor advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise) override;

private:
    void addDescent(Grid& grid, const std::vector<double>& sigmas) const;
};

} // namespace sfumato::engine
