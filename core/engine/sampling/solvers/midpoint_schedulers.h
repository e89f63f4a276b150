// MidpointScheduler: solvers that call the network at the beginning of a step and at a level in its middle; the last step is Euler's, with one call.
// Thread: engine. Sources: with each class. Differs from diffusers: known latents blended in in the middle of a step have the noise of that level, not of
// the step's end.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/sampling/solvers/sigma_scheduler.h"

namespace sfumato::engine {

class MidpointScheduler : public SigmaScheduler {
public:
    using SigmaScheduler::SigmaScheduler;

protected:
    [[nodiscard]] Result<Grid> makeGrid(int steps, int firstStep) const final;
    void reset() override;
    [[nodiscard]] at::Tensor advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise) final;

    // A step as its solver sees it. x and x₀ are those of the call at hand.
    struct Step {
        float from = 0;
        float middle = 0;
        float to = 0;
    };

    // The level of the second call. Ancestral with η = 1 it is the step's end: that lies halfway, in ln σ, between `from` and where the step goes
    // before noise is put back.
    [[nodiscard]] virtual float middleOf(float from, float to) const = 0;
    // The timestep of a level that a step begins at.
    [[nodiscard]] virtual double startTimestep(double timestep) const { return timestep; }
    [[nodiscard]] virtual at::Tensor toMiddle(const Step& step, const at::Tensor& x, NoiseSource& noise) const = 0;
    //   in  start  latents at step.from
    //   in  x      latents at step.middle
    [[nodiscard]] virtual at::Tensor toEnd(const Step& step, const at::Tensor& start, const at::Tensor& x, NoiseSource& noise) const = 0;

    // x₀ at the beginning of the step.
    [[nodiscard]] const at::Tensor& startDenoised() const noexcept { return m_startDenoised; }

private:
    at::Tensor m_start;         // latents at the beginning of the step
    at::Tensor m_startDenoised; // x₀ there
};

// DPM-Solver-2, deterministic or ancestral (draws once a step, but for the last).
// Source: Lu et al. 2022 (DPM-Solver), algorithm 1, in the form of Karras et al. 2022; diffusers KDPM2DiscreteScheduler and
// KDPM2AncestralDiscreteScheduler.
class Dpm2Scheduler final : public MidpointScheduler {
public:
    Dpm2Scheduler(const SchedulerName& name, const NoiseScheduleSettings& settings);

protected:
    [[nodiscard]] float middleOf(float from, float to) const override;
    // Whole with Karras' levels, as the reference has it.
    [[nodiscard]] double startTimestep(double timestep) const override;
    [[nodiscard]] at::Tensor toMiddle(const Step& step, const at::Tensor& x, NoiseSource& noise) const override;
    [[nodiscard]] at::Tensor toEnd(const Step& step, const at::Tensor& start, const at::Tensor& x, NoiseSource& noise) const override;

private:
    bool m_ancestral;
};

// DPM-Solver++(2S), ancestral, and its CFG++ form (cfg_plus_plus_schedulers.h). Draws once a step, but for the last.
// Source: Lu et al. 2022 (DPM-Solver++), algorithm 1 with r = ½; k-diffusion sample_dpmpp_2s_ancestral, ComfyUI
// sample_dpmpp_2s_ancestral_cfg_pp.
class Dpmpp2sAncestralScheduler final : public MidpointScheduler {
public:
    Dpmpp2sAncestralScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings);

protected:
    [[nodiscard]] float middleOf(float from, float to) const override;
    [[nodiscard]] at::Tensor toMiddle(const Step& step, const at::Tensor& x, NoiseSource& noise) const override;
    [[nodiscard]] at::Tensor toEnd(const Step& step, const at::Tensor& start, const at::Tensor& x, NoiseSource& noise) const override;

private:
    // `start`, shifted by what guidance added to x₀ at the beginning of the step; the unconditional x₀ is that of the call at hand.
    [[nodiscard]] at::Tensor guidedStart(const at::Tensor& start, const at::Tensor& x, float level) const;

    bool m_cfgPlusPlus;
};

// DPM-Solver++ as a stochastic equation, r = ½, η = 1. Draws at every call but the last.
// Source: k-diffusion sample_dpmpp_sde; diffusers DPMSolverSDEScheduler, which takes its noise from a Brownian tree where this draws.
class DpmppSdeScheduler final : public MidpointScheduler {
public:
    using MidpointScheduler::MidpointScheduler;

protected:
    [[nodiscard]] float middleOf(float from, float to) const override;
    [[nodiscard]] at::Tensor toMiddle(const Step& step, const at::Tensor& x, NoiseSource& noise) const override;
    [[nodiscard]] at::Tensor toEnd(const Step& step, const at::Tensor& start, const at::Tensor& x, NoiseSource& noise) const override;

private:
    [[nodiscard]] at::Tensor halfStep(float from, float to, const at::Tensor& x, NoiseSource& noise) const;
};

} // namespace sfumato::engine
