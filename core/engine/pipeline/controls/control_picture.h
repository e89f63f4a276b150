// The picture of a control as its model reads it.
// Thread: engine, pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/generation_request.h"

#include <ATen/core/Tensor.h>

namespace sfumato::engine {

// What stands where the mask is painted (≥ 0.5) in the picture of type Inpaint.
inline constexpr double kUnionHole = 0.0;  // ControlNet Union: black
inline constexpr double kPlainHole = -1.0; // ControlNets made for inpainting (lllyasviel control_v11p_sd15_inpaint)

//   out  [1, 3, H, W], float32 on the CPU: 0..1, and `hole` in the painted area when the reference is of type Inpaint and the request has a mask
[[nodiscard]] at::Tensor controlPicture(const ControlReference& reference, const GenerationRequest& request, double hole);

} // namespace sfumato::engine
