// HeunScheduler: the trapezoidal rule on dx/dσ = (x − x₀) / σ: two calls a step, one for the last.
// Thread: engine. Source: Karras et al. 2022, algorithm 1 without churn; diffusers HeunDiscreteScheduler.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/sampling/solvers/sigma_scheduler.h"

namespace sfumato::engine {

class HeunScheduler : public SigmaScheduler {
public:
    using SigmaScheduler::SigmaScheduler;

protected:
    [[nodiscard]] Result<Grid> makeGrid(int steps, int firstStep) const override;
    void reset() override;
    [[nodiscard]] at::Tensor advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise) override;

    // Appends the calls of a step that ends at the level of its second call.
    static void addStep(Grid& grid, double timestep, double sigma, double nextTimestep, double nextSigma);
    // Appends the one call of a last step, which ends at 0.
    static void addLastStep(Grid& grid, double timestep, double sigma);

private:
    at::Tensor m_start;      // latents at the beginning of the step; undefined between steps
    at::Tensor m_derivative; // there
};

} // namespace sfumato::engine
