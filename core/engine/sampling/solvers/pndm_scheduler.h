// PndmScheduler: pseudo linear multistep of order 4, begun by an improved Euler step ("PLMS").
// Thread: engine. Source: Liu et al. 2022 (PNDM), equations 9 and 12; diffusers PNDMScheduler with skip_prk_steps and set_alpha_to_one=False: a step
// goes kTrainTimesteps div steps down, and below 0 the first ᾱ stands for the clean picture.
//
// The first step that runs takes two calls: the second one, at the level the first arrived at, repeats the step with the mean of both predictions.
// Differs: with less strength the first step that runs is the one taken twice, and history grows from there. The reference always has the second
// timestep of the whole grid twice and so, when that one is left out, goes one level too far in its first step.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/sampling/solvers/alpha_scheduler.h"

#include <deque>

namespace sfumato::engine {

class PndmScheduler final : public AlphaScheduler {
public:
    PndmScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings);

protected:
    [[nodiscard]] Result<Grid> makeGrid(int steps, int firstStep) const override;
    void reset() override;
    [[nodiscard]] at::Tensor advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise) override;

private:
    // Latents at a timestep from those at another, given the prediction.
    [[nodiscard]] at::Tensor transfer(const at::Tensor& x, int from, int to, const at::Tensor& prediction) const;
    [[nodiscard]] at::Tensor extrapolated() const;
    // ᾱ of a timestep, the first one's below 0, never 0.
    [[nodiscard]] float alphaAt(int timestep) const;

    TimestepSpacing m_spacing;
    std::deque<at::Tensor> m_predictions; // the newest first
    at::Tensor m_start;                   // latents before the first call; undefined after the second
};

} // namespace sfumato::engine
