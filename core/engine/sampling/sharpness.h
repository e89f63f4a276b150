// Sharpness as Fooocus has it: late in the run the conditional prediction's noise is smoothed a little where the picture is even, so that guidance amplifies detail
// and edges rather than haze.
// Thread: engine, pure. Source: the joint bilateral filter of Tomasi and Manduchi 1998 and Petschnigg et al. 2004; Fooocus for its constants and how it is mixed in.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/model_info.h"

#include <ATen/core/Tensor.h>

namespace sfumato::engine {

// A picture weighted around each point over 13 × 13 neighbours: a Gaussian of 3 points over the distance times one of 3 over the difference of the guide, summed over its
// channels. The guide is brought to mean 0 and deviation 1 first; borders are mirrored.
//   in  x, guide  [batch, channels, h, w], float32, sides at least 7
[[nodiscard]] at::Tensor guidedBilateralFilter(const at::Tensor& x, const at::Tensor& guide);

// What a prediction was made of.
struct SeenLatents {
    at::Tensor input; // [batch, 4, h, w], what the network saw: x / √(σ² + 1) of x = x₀ + σ · n
    double sigma = 0;
    PredictionType prediction = PredictionType::Epsilon;
};

// The estimate x₀ in a prediction, and the prediction that an estimate belongs to; float32.
[[nodiscard]] at::Tensor estimateOf(const at::Tensor& prediction, const SeenLatents& seen);
[[nodiscard]] at::Tensor predictionOf(const at::Tensor& estimate, const SeenLatents& seen);

// The conditional prediction with 0.001 · sharpness · progress of its noise smoothed, guided by the estimate in it; float32.
//   in  progress  0..1: 1 − timestep / 999
[[nodiscard]] at::Tensor sharpened(const at::Tensor& prediction, const SeenLatents& seen, double sharpness, double progress);

} // namespace sfumato::engine
