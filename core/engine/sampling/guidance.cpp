// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/guidance.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>

#include <cassert>

namespace sfumato::engine {

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
    return unconditional + (conditional - unconditional) * m_scale;
}

} // namespace sfumato::engine
