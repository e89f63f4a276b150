// EulerScheduler: Euler's method on dx/dσ = (x − x₀) / σ, deterministic or ancestral.
// Thread: engine. Source: Karras et al. 2022, algorithm 1 without churn, and the ancestral split of k-diffusion; diffusers EulerDiscreteScheduler
// and EulerAncestralDiscreteScheduler.
//
// Latents are x₀ + σ · n; the network sees x / √(σ² + 1).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/sampling/scheduler.h"

namespace sfumato::engine {

class EulerScheduler final : public Scheduler {
public:
    EulerScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings);

    [[nodiscard]] double initNoiseSigma() const override;
    [[nodiscard]] at::Tensor scaleModelInput(const at::Tensor& x, int i) const override;
    [[nodiscard]] at::Tensor addNoise(const at::Tensor& clean, const at::Tensor& noise, int i) const override;

protected:
    // A sigma rule spans the range of the spaced levels, not that of the whole schedule, and gives fractional timesteps.
    [[nodiscard]] Result<Grid> makeGrid(int steps) const override;
    void reset() override { }
    [[nodiscard]] at::Tensor advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise) override;

private:
    [[nodiscard]] float sigma(int i) const;
    [[nodiscard]] at::Tensor toDenoised(const at::Tensor& modelOutput, const at::Tensor& x, float sigma) const;

    NoiseSchedule m_schedule;
    bool m_ancestral;
    SigmaRule m_rule;
    TimestepSpacing m_spacing;
};

} // namespace sfumato::engine
