// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/timestep_embedding.h"

#include "core/engine/nn/ops.h"

#include <cmath>

namespace sfumato::engine {

at::Tensor sinusoidalEmbedding(const at::Tensor& values, std::int64_t width)
{
    const std::int64_t half = width / 2;
    // Multiplied, then divided, in float32, as the reference does: at t = 1000 the last bit of a frequency is 1e-4 of the result.
    const at::Tensor index = at::arange(half, at::TensorOptions().dtype(at::kFloat).device(values.device()));
    const at::Tensor frequencies = index.mul_(-std::log(10000.0)).div_(static_cast<double>(half)).exp_(); // [half]
    const at::Tensor angles = values.to(at::kFloat).unsqueeze(1) * frequencies.unsqueeze(0);              // [count, half]
    return at::cat({ at::cos(angles), at::sin(angles) }, -1);
}

at::Tensor guidanceEmbedding(double scale, std::int64_t width, at::Device device)
{
    constexpr double kGuidanceScaling = 1000.0;
    const std::int64_t half = width / 2;
    const float step = std::log(10000.0F) / static_cast<float>(half - 1); // rounded as the reference does: its last bit counts a thousandfold
    const at::Tensor index = at::arange(half, at::TensorOptions().dtype(at::kFloat).device(device));
    const at::Tensor angles = index.mul_(static_cast<double>(-step)).exp_() * (static_cast<float>(scale) * kGuidanceScaling); // [half]
    return at::cat({ at::sin(angles), at::cos(angles) }).unsqueeze(0);
}

} // namespace sfumato::engine
