// Quantiles of the symmetric beta distribution, for the "beta" noise levels (Lee et al. 2024, "Beta Sampling is All You Need").
// Thread: any, pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sfumato::engine {

inline constexpr double kBetaShape = 0.6; // of the "beta" spacing of noise levels (ComfyUI, diffusers)

// The x in 0..1 with I_x(shape, shape) = probability, to a few units in the last place.
//   in   probability  0..1
//   in   shape        both parameters of the distribution, > 0
[[nodiscard]] double symmetricBetaQuantile(double probability, double shape);

} // namespace sfumato::engine
