// Scheduler: the numerical solver that walks latents from noise to a picture, one model prediction at a time.
// Thread: engine. Owner: the pipeline, one per sampling run (histories of multistep solvers live inside).
// Source: the scheduler classes of diffusers 0.42 named in scheduler_names.h, with the SDXL base settings; formulas in their own headers.
//
// Latents and predictions are [batch, channels, height, width] on any device; all state and every result is float32. A run is
//   setTimesteps → x = noise · initNoiseSigma(), or addNoise(clean, noise, firstStep())
//   for i in firstStep() .. timesteps().size() − 1:
//       prediction = network(scaleModelInput(x, i), timesteps()[i]);  x = step(prediction, i, x, noise)
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/engine/api/scheduler_names.h"
#include "core/engine/sampling/noise_schedule.h"
#include "core/engine/sampling/noise_source.h"

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

namespace sfumato::engine {

class Scheduler {
public:
    Scheduler() = default;
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;
    virtual ~Scheduler() = default;

    // Begins a new run of `steps` timesteps, of which the last min(int(steps · strength), steps) are run, and forgets all history.
    // `strength` is 1 for text-to-image. This is the rule of the reference's SDXL pipelines for every scheduler, LCM included.
    // Errors: InvalidRequest when no step is left to run, or when the schedule cannot have that many steps (LCM: 50).
    [[nodiscard]] Result<void> setTimesteps(int steps, double strength);

    // What the network is given at each step, falling; whole numbers except for Euler with a sigma rule.
    [[nodiscard]] const std::vector<double>& timesteps() const noexcept { return m_timesteps; }

    // The noise level of each step in the variance-exploding form (σ of x₀ + σ · n), and that of the end.
    [[nodiscard]] const std::vector<double>& sigmas() const noexcept { return m_sigmas; }

    // The index of the first step that runs.
    [[nodiscard]] int firstStep() const noexcept { return m_firstStep; }

    // What unit noise is multiplied by to start from pure noise.
    [[nodiscard]] virtual double initNoiseSigma() const = 0;

    // The network's input for step i.
    [[nodiscard]] virtual at::Tensor scaleModelInput(const at::Tensor& x, int i) const = 0;

    // Clean latents taken to the noise level of step i, 0 <= i < timesteps().size().
    [[nodiscard]] virtual at::Tensor addNoise(const at::Tensor& clean, const at::Tensor& noise, int i) const = 0;

    // Latents after step i. Steps must be taken in order. Draws once from `noise`, of x's shape, if the solver is stochastic: Euler ancestral and
    // DPM++ SDE at every step (the last draw is multiplied by 0), LCM at every step but the last.
    //   in  modelOutput  the guided prediction, any floating dtype
    [[nodiscard]] at::Tensor step(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise);

    // The solver's estimate of the finished latents at its last step; undefined before the first.
    [[nodiscard]] const at::Tensor& denoised() const noexcept { return m_denoised; }

protected:
    // The grid of a scheduler, float32 values.
    struct Grid {
        std::vector<double> timesteps;
        std::vector<double> sigmas; // one more than timesteps
    };

    [[nodiscard]] virtual Result<Grid> makeGrid(int steps) const = 0;
    // A new grid is set: forget history, prepare tables.
    virtual void reset() = 0;
    // One step in float32; sets m_denoised.
    [[nodiscard]] virtual at::Tensor advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise) = 0;

    [[nodiscard]] int stepCount() const noexcept { return static_cast<int>(m_timesteps.size()); }

    at::Tensor m_denoised;

private:
    std::vector<double> m_timesteps;
    std::vector<double> m_sigmas;
    int m_firstStep = 0;
};

[[nodiscard]] std::unique_ptr<Scheduler> createScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings);

} // namespace sfumato::engine
