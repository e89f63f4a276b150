// SigmaScheduler: what the solvers of dx/dσ = (x − x₀) / σ share: levels, scaling, and the change from prediction to x₀.
// Thread: engine. Source: Karras et al. 2022, sections 2 and 5; diffusers EulerDiscreteScheduler; the ancestral split: k-diffusion.
//
// Latents are x₀ + σ · n; the network sees x / √(σ² + 1).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/sampling/scheduler.h"
#include "core/engine/sampling/sigma_grid.h"

namespace sfumato::engine {

// A step from `from` to `to` as one down to `down` and noise of `up` put back: down² + up² = to².
struct AncestralSplit {
    float down = 0;
    float up = 0;
};

[[nodiscard]] AncestralSplit splitAncestral(float from, float to);

class SigmaScheduler : public Scheduler {
public:
    SigmaScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings);

    [[nodiscard]] double initNoiseSigma() const override;
    [[nodiscard]] at::Tensor scaleModelInput(const at::Tensor& x, int i) const override;
    [[nodiscard]] at::Tensor addNoise(const at::Tensor& clean, const at::Tensor& noise, int i) const override;

protected:
    // One call a step.
    [[nodiscard]] Result<Grid> makeGrid(int steps, int firstStep) const override;
    void reset() override { }

    // The levels that steps begin at, float32 values. A sigma rule spans the range of the spaced levels, not that of the whole schedule, and gives
    // fractional timesteps. Of other programs than diffusers: programLevels.
    [[nodiscard]] NoiseLevels levels(int steps) const;
    [[nodiscard]] const NoiseSchedule& schedule() const noexcept { return m_schedule; }
    [[nodiscard]] SigmaRule rule() const noexcept { return m_name.sigmas; }
    [[nodiscard]] bool isOfDiffusers() const noexcept { return m_schedule.settings().compatibility == Compatibility::Diffusers; }
    // The timestep of a level that no spacing gave.
    [[nodiscard]] double timestepOf(double sigma) const;

    // The level of call i, or the end.
    [[nodiscard]] float sigma(int i) const { return static_cast<float>(sigmas()[static_cast<std::size_t>(i)]); }
    [[nodiscard]] at::Tensor toDenoised(const at::Tensor& modelOutput, const at::Tensor& x, float sigma) const;

private:
    NoiseSchedule m_schedule;
    SchedulerName m_name;
};

} // namespace sfumato::engine
