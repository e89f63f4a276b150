// MultistepScheduler: what DPM-Solver++, UniPC and DEIS share: the grid, the half log-SNR tables and the change from prediction to x₀.
// Thread: engine. Source: Lu et al. 2022 (DPM-Solver++), section 2; diffusers DPMSolverMultistepScheduler, UniPCMultistepScheduler and
// DEISMultistepScheduler.
//
// Latents are α · x₀ + σ · n with α² + σ² = 1; λ = ln α − ln σ; h is the λ a step crosses. The network sees the latents as they are.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/sampling/scheduler.h"
#include "core/engine/sampling/sigma_grid.h"

#include <vector>

namespace sfumato::engine {

class MultistepScheduler : public Scheduler {
public:
    MultistepScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings);

    [[nodiscard]] double initNoiseSigma() const override;
    [[nodiscard]] at::Tensor scaleModelInput(const at::Tensor& x, int i) const override;
    [[nodiscard]] at::Tensor addNoise(const at::Tensor& clean, const at::Tensor& noise, int i) const override;

protected:
    // Levels 0 .. steps (the last one is σ = 0, λ = ∞, but for DEIS), computed by libtorch in float32: h is a small difference of large numbers, so the last
    // bit of the logarithms shows in the picture.
    struct Levels {
        std::vector<float> alpha;
        std::vector<float> sigma;
        std::vector<float> lambda;
    };

    // Intervals 0 .. steps − 1, from level i to level i + 1.
    struct Intervals {
        std::vector<float> h;
        std::vector<float> expMinusH;    // e^−h
        std::vector<float> expMinusTwoH; // e^−2h
        std::vector<float> expm1MinusH;  // e^−h − 1 without cancellation
    };

    // A sigma rule spans the whole schedule; its timesteps are rounded (Karras) or cut (exponential, beta) to whole numbers, as the reference does.
    // The spacings of diffusers divide the range into steps + 1 whole timesteps and leave the lowest out; the others are those of Euler.
    [[nodiscard]] Result<Grid> makeGrid(int steps, int firstStep) const override;
    void reset() override;
    [[nodiscard]] at::Tensor toDenoised(const at::Tensor& modelOutput, const at::Tensor& x, int i) const;

    Levels m_levels;
    Intervals m_intervals;

    [[nodiscard]] const NoiseSchedule& schedule() const noexcept { return m_schedule; }

private:
    [[nodiscard]] NoiseLevels levels(int steps) const;

    NoiseSchedule m_schedule;
    SchedulerName m_name;
};

} // namespace sfumato::engine
