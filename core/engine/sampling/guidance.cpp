// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/guidance.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/std.h>

#include <cassert>
#include <cstdint>
#include <numeric>
#include <vector>

namespace sfumato::engine {

namespace {

// [batch, 1, …], of each image over its channels and pixels, with Bessel's correction.
at::Tensor deviation(const at::Tensor& prediction)
{
    std::vector<std::int64_t> dimensions(static_cast<std::size_t>(prediction.dim() - 1));
    std::iota(dimensions.begin(), dimensions.end(), 1);
    return at::std(prediction, dimensions, /*unbiased=*/true, /*keepdim=*/true);
}

} // namespace

at::Tensor ClassifierFreeGuidance::expand(const at::Tensor& latents) const
{
    return isActive() ? at::cat({ latents, latents }) : latents;
}

at::Tensor ClassifierFreeGuidance::combine(const at::Tensor& prediction) const
{
    if (!isActive()) return prediction;
    assert(prediction.size(0) % 2 == 0);
    const std::int64_t batch = prediction.size(0) / 2;
    return combine(prediction.narrow(0, 0, batch), prediction.narrow(0, batch, batch));
}

at::Tensor ClassifierFreeGuidance::combine(const at::Tensor& unconditional, const at::Tensor& conditional) const
{
    const at::Tensor guided = unconditional + (conditional - unconditional) * m_settings.scale;
    if (m_settings.rescale <= 0.0) return guided;
    const at::Tensor rescaled = guided * (deviation(conditional) / deviation(guided));
    return rescaled * m_settings.rescale + guided * (1.0 - m_settings.rescale);
}

at::Tensor ClassifierFreeGuidance::unconditionalOf(const at::Tensor& prediction) const
{
    return isActive() ? prediction.narrow(0, 0, prediction.size(0) / 2) : at::Tensor();
}

} // namespace sfumato::engine
