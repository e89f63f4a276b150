// AlphaScheduler: what DDIM, PNDM, LCM and TCD share: recurrences over ᾱ at whole timesteps.
// Thread: engine. Source: Ho et al. 2020 (DDPM), section 2; the diffusers schedulers of these names.
//
// Latents are √ᾱ · x₀ + √(1 − ᾱ) · n. The network sees them as they are.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/sampling/scheduler.h"

namespace sfumato::engine {

class AlphaScheduler : public Scheduler {
public:
    explicit AlphaScheduler(const NoiseScheduleSettings& settings) : m_schedule(settings) { }

    [[nodiscard]] double initNoiseSigma() const override { return 1.0; }
    [[nodiscard]] at::Tensor scaleModelInput(const at::Tensor& x, int i) const override;
    [[nodiscard]] at::Tensor addNoise(const at::Tensor& clean, const at::Tensor& noise, int i) const override;

protected:
    void reset() override { }

    // The grid of these timesteps, whose last level is σ = 0.
    [[nodiscard]] Grid gridOf(std::vector<double> timesteps, int firstCall) const;
    [[nodiscard]] const NoiseSchedule& schedule() const noexcept { return m_schedule; }
    [[nodiscard]] float alphaCumprod(int i) const;
    [[nodiscard]] at::Tensor toDenoised(const at::Tensor& modelOutput, const at::Tensor& x, float alphaCumprod) const;
    [[nodiscard]] at::Tensor toNoise(const at::Tensor& modelOutput, const at::Tensor& x, float alphaCumprod) const;

private:
    NoiseSchedule m_schedule;
};

} // namespace sfumato::engine
