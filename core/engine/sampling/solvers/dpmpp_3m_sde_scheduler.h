// Dpmpp3mSdeScheduler: DPM-Solver++(3M) as a stochastic equation, η = 1. Draws once a step, but for the last.
// Thread: engine. Source: k-diffusion sample_dpmpp_3m_sde (Lu et al. 2022, section 4, with divided differences of two earlier x₀). It takes its noise
// from a Brownian tree where this draws.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/sampling/solvers/sigma_scheduler.h"

namespace sfumato::engine {

class Dpmpp3mSdeScheduler final : public SigmaScheduler {
public:
    using SigmaScheduler::SigmaScheduler;

protected:
    void reset() override;
    [[nodiscard]] at::Tensor advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise) override;

private:
    // What the history adds to a step of −ln σ length h, with the exponent `hEta` = h · (1 + η); undefined without history.
    [[nodiscard]] at::Tensor correction(double h, double hEta) const;

    // x₀ and step length of the two steps before, the nearer first.
    struct Past {
        at::Tensor denoised;
        double h = 0;
    };
    Past m_last;
    Past m_secondLast;
};

} // namespace sfumato::engine
