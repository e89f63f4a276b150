// LmsScheduler: the linear multistep (Adams-Bashforth) method of order 4 on dx/dσ, with the coefficients of unequal steps.
// Thread: engine. Source: k-diffusion sample_lms; diffusers LMSDiscreteScheduler.
// Differs: with less strength the order grows with the steps that have run; the reference takes it from the step's number in the whole grid, and so
// weighs a history it does not have.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/sampling/solvers/sigma_scheduler.h"

#include <deque>

namespace sfumato::engine {

class LmsScheduler final : public SigmaScheduler {
public:
    using SigmaScheduler::SigmaScheduler;

protected:
    void reset() override;
    [[nodiscard]] at::Tensor advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise) override;

private:
    // What derivative number `index` (0: the newest) of `order` weighs in the step from level i.
    [[nodiscard]] double coefficient(int i, int index, int order) const;

    std::deque<at::Tensor> m_derivatives; // the newest first
};

} // namespace sfumato::engine
