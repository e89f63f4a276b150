// The grid a sampling run walks: which timesteps, and which noise levels. Shared by the schedulers.
// Thread: any, pure. Source: set_timesteps of the diffusers 0.42 schedulers.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/scheduler_names.h"
#include "core/engine/sampling/noise_schedule.h"

#include <vector>

namespace sfumato::engine {

// Whole timesteps, falling, one per step.
//   leading:  multiples of kTrainTimesteps div (points), plus the SDXL offset of 1
//   trailing: round(T − i · T / steps) − 1
// Differs: for 61, 103, 121 and 122 trailing steps the reference's floating-point range runs one element too far and ends with timestep −1,
// for which no network was trained; here there are always `steps` of them.
//   in   points  grid points that the leading spacing divides the range into: `steps`, or steps + 1 where the lowest is left out
[[nodiscard]] std::vector<double> spacedTimesteps(TimestepSpacing spacing, int steps, int points);

// `count` noise levels from `highest` down to `lowest` by a rule other than Default:
//   Karras: equal steps of σ^(1/7) (Karras et al. 2022, equation 5); Exponential: equal steps of ln σ; Beta: quantiles of Beta(0.6, 0.6) over σ.
// One level is `highest`.
[[nodiscard]] std::vector<double> ruledSigmas(SigmaRule rule, double highest, double lowest, int count);

// A value rounded to float32 and back.
[[nodiscard]] inline double toFloatPrecision(double value) noexcept { return static_cast<double>(static_cast<float>(value)); }

} // namespace sfumato::engine
