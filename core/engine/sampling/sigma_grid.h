// The grid a sampling run walks: which timesteps, and which noise levels. Shared by the schedulers.
// Thread: any, pure. Source: set_timesteps of the diffusers 0.42 schedulers.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/scheduler_names.h"
#include "core/engine/sampling/noise_schedule.h"

#include <vector>

namespace sfumato::engine {

// Noise levels that steps begin at, without the end of the last one.
struct NoiseLevels {
    std::vector<double> timesteps; // falling
    std::vector<double> sigmas;
};

// `steps` timesteps, falling, of a spacing with a formula (all but AlignYourSteps and Training). With T = kTrainTimesteps:
//   Leading:    multiples of T div points, plus the SDXL offset of 1        (whole)
//   Trailing:   round(T − i · T / steps) − 1                                (whole)
//   Linspace:   `points` even ones from T − 1 to 0, float32 values
//   Normal:     `steps` even ones from T − 1 to 0
//   SgmUniform: `steps` + 1 even ones from T − 1 to 0 without the last
//   Simple:     T − 1 − int(i · T / steps)                                  (whole)
// Differs: for 61, 103, 121 and 122 trailing steps the reference's floating-point range runs one element too far and ends with timestep −1,
// for which no network was trained; here there are always `steps` of them. A single Linspace step begins at T − 1, not at 0.
//   in   points  grid points that the range is divided into: `steps`, or steps + 1 where the lowest is left out
[[nodiscard]] std::vector<double> spacedTimesteps(TimestepSpacing spacing, int steps, int points);

// The levels of a spacing: those of its timesteps, interpolated in σ for Linspace and in ln σ for the others.
[[nodiscard]] NoiseLevels spacedLevels(const NoiseSchedule& schedule, TimestepSpacing spacing, int steps);

// Align-Your-Steps: for 10 steps the published timesteps. For other counts steps + 1 points of the published levels, log-linear, without the last.
[[nodiscard]] NoiseLevels alignYourStepsLevels(const NoiseSchedule& schedule, int steps);

// `count` points of the eleven published levels 14.615 … 0.029 of a family (Sd1 or another), evenly log-interpolated, falling.
[[nodiscard]] std::vector<double> alignYourStepsSigmas(ModelFamily family, int count);

// `count` noise levels from `highest` down to `lowest` by a rule other than Default:
//   Karras: equal steps of σ^(1/7) (Karras et al. 2022, equation 5); Exponential: equal steps of ln σ; Polyexponential: the same with exponent
//   ρ = 1, k-diffusion's default; Beta: quantiles of Beta(0.6, 0.6) over σ.
// One level is `highest`.
[[nodiscard]] std::vector<double> ruledSigmas(SigmaRule rule, double highest, double lowest, int count);

// A value rounded to float32 and back.
[[nodiscard]] inline double toFloatPrecision(double value) noexcept { return static_cast<double>(static_cast<float>(value)); }

} // namespace sfumato::engine
