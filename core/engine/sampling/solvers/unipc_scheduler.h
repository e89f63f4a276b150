// UniPcScheduler: the unified predictor-corrector of order 2 in its B(h) = e^h − 1 form ("bh2"), predicting x₀.
// Thread: engine. Source: Zhao et al. 2023 (UniPC), algorithms 1 and 2 and appendix; diffusers UniPCMultistepScheduler with solver order 2,
// final sigma 0, lower order at the last step. The corrector runs at the beginning of each step but the first and costs no extra model call.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/sampling/solvers/multistep_scheduler.h"

namespace sfumato::engine {

class UniPcScheduler final : public MultistepScheduler {
public:
    UniPcScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings);

protected:
    void reset() override;
    [[nodiscard]] at::Tensor advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise) override;

private:
    // Latents at level i + 1 from those at level i.
    [[nodiscard]] at::Tensor predict(const at::Tensor& x, int i) const;
    // Better latents at level i, from those at level i − 1 and the model's x₀ at the predicted latents of level i.
    [[nodiscard]] at::Tensor correct(const at::Tensor& denoised, int i) const;
    // The part both share: the exact step if x₀ stayed m_denoised.
    [[nodiscard]] at::Tensor firstOrder(const at::Tensor& x, std::size_t interval) const;

    at::Tensor m_previous;   // x₀ of the step before m_denoised
    at::Tensor m_lastSample; // latents (corrected) that the last prediction started from; undefined before the first step
    int m_order = 0;         // of the last prediction
};

} // namespace sfumato::engine
