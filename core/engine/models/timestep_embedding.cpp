// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/timestep_embedding.h"

#include "core/engine/nn/ops.h"

#include <cmath>

namespace sfumato::engine {

at::Tensor sinusoidalEmbedding(const at::Tensor& values, std::int64_t width)
{
    const std::int64_t half = width / 2;
    const double slope = -std::log(10000.0) / static_cast<double>(half);
    const at::Tensor frequencies = at::arange(half, at::TensorOptions().dtype(at::kFloat).device(values.device())).mul_(slope).exp_();
    const at::Tensor angles = values.to(at::kFloat).unsqueeze(1) * frequencies.unsqueeze(0); // [count, half]
    return at::cat({at::cos(angles), at::sin(angles)}, -1);
}

} // namespace sfumato::engine
