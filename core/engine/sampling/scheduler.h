// Scheduler: the numerical solver that walks latents from noise to a picture, one model prediction at a time.
// Thread: engine. Owner: the pipeline, one per sampling run (histories of multistep solvers live inside).
// Source: the scheduler classes of diffusers 0.42 named in scheduler_names.h, with the SDXL base settings; formulas in their own headers.
//
// A step, as people count them, is one or more calls of the network; a run walks the timetable of all calls:
//   setTimesteps → x = noise · initNoiseSigma(), or addNoise(clean, noise, firstCall())
//   for i in firstCall() .. callCount() − 1:
//       prediction = network(scaleModelInput(x, i), timesteps()[i]);  x = step(prediction, i, x, noise)
//       where endsStep(i), one more step is done
// After every call x has the noise level sigmas()[i + 1], in the middle of a step too, so blending known latents in needs no exception.
// Latents and predictions are [batch, channels, height, width] on any device; all state and every result is float32.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/engine/api/scheduler_names.h"
#include "core/engine/sampling/noise_schedule.h"
#include "core/engine/sampling/noise_source.h"

#include <ATen/core/Tensor.h>

#include <memory>
#include <utility>
#include <vector>

namespace sfumato::engine {

// What the network predicts for one call, in any floating dtype.
struct Prediction {
    Prediction(at::Tensor guidedPrediction) : guided(std::move(guidedPrediction)) { } // NOLINT(google-explicit-constructor): most solvers need no more
    Prediction(at::Tensor guidedPrediction, at::Tensor unconditionalPrediction) : guided(std::move(guidedPrediction)), unconditional(std::move(unconditionalPrediction)) { }

    at::Tensor guided;
    at::Tensor unconditional; // its unconditional branch, for CFG++; undefined where guidance did not act
};

class Scheduler {
public:
    Scheduler() = default;
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;
    virtual ~Scheduler() = default;

    // Begins a new run of `steps` steps, of which the last min(int(steps · strength), steps) are run, and forgets all history.
    // `strength` is 1 for text-to-image. This is the rule of the reference's SDXL pipelines for every scheduler, LCM included.
    // Errors: InvalidRequest when no step is left to run, or when the schedule cannot have that many steps (LCM, TCD: 50).
    // Other programs' rules: stepRange.
    [[nodiscard]] Result<void> setTimesteps(int steps, double strength, Compatibility compatibility = Compatibility::Diffusers);

    // What the network is given at each call; whole numbers or not.
    [[nodiscard]] const std::vector<double>& timesteps() const noexcept { return m_grid.timesteps; }

    // The noise level of each call in the variance-exploding form (σ of x₀ + σ · n), and that of the end. Falling, but for restarts.
    [[nodiscard]] const std::vector<double>& sigmas() const noexcept { return m_grid.sigmas; }

    // Calls before the first one belong to the steps that strength leaves out.
    [[nodiscard]] int firstCall() const noexcept { return m_grid.firstCall; }
    [[nodiscard]] int callCount() const noexcept { return static_cast<int>(m_grid.timesteps.size()); }

    // Whether call i is the last of its step.
    [[nodiscard]] bool endsStep(int i) const { return m_grid.endsStep.empty() || m_grid.endsStep[static_cast<std::size_t>(i)]; }

    [[nodiscard]] bool beginsStep(int i) const { return i == 0 || endsStep(i - 1); }

    // How many steps end in the calls first .. end − 1; those that run: stepsIn(firstCall(), callCount()).
    [[nodiscard]] int stepsIn(int first, int end) const;

    // What unit noise is multiplied by to start from pure noise.
    [[nodiscard]] virtual double initNoiseSigma() const = 0;

    // The network's input for call i.
    [[nodiscard]] virtual at::Tensor scaleModelInput(const at::Tensor& x, int i) const = 0;

    // Clean latents taken to the noise level of call i, 0 <= i < callCount().
    [[nodiscard]] virtual at::Tensor addNoise(const at::Tensor& clean, const at::Tensor& noise, int i) const = 0;

    // Latents after call i. Calls must be made in order. Draws from `noise`, of x's shape, if the solver is stochastic: the headers of the
    // schedulers say how often.
    [[nodiscard]] at::Tensor step(const Prediction& prediction, int i, const at::Tensor& x, NoiseSource& noise);

    // The solver's estimate of the finished latents at its last call; undefined before the first.
    [[nodiscard]] const at::Tensor& denoised() const noexcept { return m_denoised; }

protected:
    // The timetable of a run.
    struct Grid {
        std::vector<double> timesteps;
        std::vector<double> sigmas; // one more than timesteps
        int firstCall = 0;
        std::vector<bool> endsStep{}; // of each call; empty: every call is a step
    };

    //   in  firstStep  the first of `steps` steps that will run
    [[nodiscard]] virtual Result<Grid> makeGrid(int steps, int firstStep) const = 0;
    // A new grid is set: forget history, prepare tables.
    virtual void reset() = 0;
    // One call in float32; sets m_denoised.
    [[nodiscard]] virtual at::Tensor advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise) = 0;

    // The unconditional prediction of the call at hand; the guided one where guidance did not act.
    [[nodiscard]] const at::Tensor& unconditionalOutput() const noexcept { return m_unconditional; }

    [[nodiscard]] int stepCount() const noexcept { return m_stepCount; }
    [[nodiscard]] bool isLastCall(int i) const noexcept { return i == callCount() - 1; }

    at::Tensor m_denoised;

private:
    Grid m_grid;
    at::Tensor m_unconditional;
    int m_stepCount = 0;
};

[[nodiscard]] std::unique_ptr<Scheduler> createScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings);

} // namespace sfumato::engine
