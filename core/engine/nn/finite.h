// Whether a tensor holds numbers alone.
// Thread: any.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/nn/ops.h"

#include <ATen/ops/aminmax.h>

#include <cmath>

namespace sfumato::engine {

// False for a not-a-number or an infinity anywhere. One pass without a temporary: a not-a-number is its own smallest and largest value. Waits for the device.
[[nodiscard]] inline bool isFinite(const at::Tensor& values)
{
    if (values.numel() == 0) return true; // libtorch has no smallest value of nothing
    const auto [smallest, largest] = at::aminmax(values);
    return std::isfinite(smallest.item<float>()) && std::isfinite(largest.item<float>());
}

} // namespace sfumato::engine
