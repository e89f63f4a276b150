// The noise levels and timesteps of A1111 and ComfyUI, which lay them over a model's whole range where diffusers begins with timesteps.
// Thread: any, pure. Source: A1111 sd_schedulers and sd_samplers_kdiffusion with k-diffusion's external.py; ComfyUI samplers.py and model_sampling.py.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/sampling/sigma_grid.h"

namespace sfumato::engine {

// The levels that `steps` steps begin at, float32 values. schedule.settings().compatibility is not Diffusers (asserted).
//   A rule (Karras …) spans the whole schedule. Beta: A1111 takes quantiles of σ, ComfyUI of the timesteps, whole ones, each once; so there may be fewer levels than steps.
//   Without a rule: Leading, the default of names without a spacing, and Linspace mean the programs' own ("Uniform", "normal"): `steps` even timesteps from the last to the
//   first. Trailing, SgmUniform and Simple are as everywhere; AlignYourSteps: A1111 `steps` points of the eleven published levels, ComfyUI steps + 1 without the last.
//   DPM2 and its ancestral form, in A1111 DPM++ 3M SDE, in ComfyUI UniPC: levels for one step more, of which the last is left out.
[[nodiscard]] NoiseLevels programLevels(const NoiseSchedule& schedule, const SchedulerName& name, int steps);

// The timestep the network is told at a level: diffusers and A1111 between two by ln σ, ComfyUI the nearest whole one.
[[nodiscard]] double programTimestep(const NoiseSchedule& schedule, double sigma);

// Whether a run that begins at this level begins with nothing but noise, which ComfyUI then scales to √(σ² + 1).
[[nodiscard]] bool isWholeNoise(const NoiseSchedule& schedule, double sigma);

// Which of the levels is the first to run, where a schedule has fewer of them than steps.
[[nodiscard]] int firstStepOf(const NoiseLevels& levels, int steps, int firstStep);

} // namespace sfumato::engine
