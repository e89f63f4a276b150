// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/sharpness.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/exp.h>
#include <ATen/ops/reflection_pad2d.h>
#include <ATen/ops/std.h>
#include <ATen/ops/zeros_like.h>

#include <cmath>
#include <cstdint>

namespace sfumato::engine {

namespace {

constexpr std::int64_t kReach = 6; // neighbours to each side
constexpr std::int64_t kWindow = 2 * kReach + 1;
constexpr double kSpaceDeviation = 3.0, kGuideDeviation = 3.0;
constexpr double kSmallestDeviation = 1e-5;
constexpr double kMixPerSharpness = 0.001;

// exp(−d² / 2s²) over −kReach .. kReach; its sum does not matter.
at::Tensor spaceWeights(const at::TensorOptions& options)
{
    const at::Tensor distance = at::arange(-kReach, kReach + 1, options);
    return at::exp(distance * distance * (-0.5 / (kSpaceDeviation * kSpaceDeviation)));
}

at::Tensor normalised(const at::Tensor& guide)
{
    const at::Tensor deviation = at::std(guide, at::IntArrayRef{ 1, 2, 3 }, /*unbiased=*/true, /*keepdim=*/true);
    return (guide - guide.mean({ 1, 2, 3 }, true)) / (deviation + kSmallestDeviation);
}

} // namespace

at::Tensor guidedBilateralFilter(const at::Tensor& x, const at::Tensor& guide)
{
    const std::int64_t height = x.size(2);
    const at::Tensor reference = normalised(guide);
    const at::Tensor borderedX = at::reflection_pad2d(x, { kReach, kReach, kReach, kReach });
    const at::Tensor borderedGuide = at::reflection_pad2d(reference, { kReach, kReach, kReach, kReach });
    const at::Tensor space = spaceWeights(x.options());
    at::Tensor sum = at::zeros_like(x), weights = at::zeros_like(x.narrow(1, 0, 1));
    // One row of the window at a time: [b, c, h, w, window].
    for (std::int64_t row = 0; row < kWindow; ++row) {
        const at::Tensor difference = borderedGuide.narrow(2, row, height).unfold(3, kWindow, 1) - reference.unsqueeze(-1);
        const at::Tensor distance = difference.abs().sum(1, true);
        const at::Tensor weight = at::exp(distance * distance * (-0.5 / (kGuideDeviation * kGuideDeviation))) * (space * space[row]);
        sum = sum + (borderedX.narrow(2, row, height).unfold(3, kWindow, 1) * weight).sum(-1);
        weights = weights + weight.sum(-1);
    }
    return sum / weights;
}

at::Tensor estimateOf(const at::Tensor& prediction, const SeenLatents& seen)
{
    const at::Tensor value = prediction.to(at::kFloat), input = seen.input.to(at::kFloat);
    const double length = std::sqrt(seen.sigma * seen.sigma + 1.0);
    if (seen.prediction == PredictionType::Sample) return value;
    if (seen.prediction == PredictionType::Epsilon) return input * length - value * seen.sigma;
    return (input - value * seen.sigma) / length;
}

at::Tensor predictionOf(const at::Tensor& estimate, const SeenLatents& seen)
{
    const at::Tensor input = seen.input.to(at::kFloat);
    const double length = std::sqrt(seen.sigma * seen.sigma + 1.0);
    if (seen.prediction == PredictionType::Sample) return estimate.to(at::kFloat);
    if (seen.prediction == PredictionType::Epsilon) return (input * length - estimate) / seen.sigma;
    return (input - estimate * length) / seen.sigma;
}

at::Tensor sharpened(const at::Tensor& prediction, const SeenLatents& seen, double sharpness, double progress)
{
    const double mix = kMixPerSharpness * sharpness * progress;
    if (seen.prediction == PredictionType::Sample) {
        const at::Tensor x = seen.input.to(at::kFloat) * std::sqrt(seen.sigma * seen.sigma + 1.0), clean = prediction.to(at::kFloat);
        const at::Tensor noise = x - clean;
        return x - (guidedBilateralFilter(noise, clean) * mix + noise * (1.0 - mix));
    }
    // x − x₀ up to a factor, which is the same before and after.
    const at::Tensor offset = seen.input.to(at::kFloat) * seen.sigma;
    const bool isEpsilon = seen.prediction == PredictionType::Epsilon;
    const at::Tensor noise = isEpsilon ? prediction.to(at::kFloat) : prediction.to(at::kFloat) + offset;
    const at::Tensor mixed = guidedBilateralFilter(noise, estimateOf(prediction, seen)) * mix + noise * (1.0 - mix);
    return isEpsilon ? mixed : mixed - offset;
}

} // namespace sfumato::engine
