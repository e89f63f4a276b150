// SDXL's vector condition: the pooled prompt followed by sinusoidal embeddings of six size numbers.
// Thread: engine, pure. Source: SDXL report (Podell et al. 2023), section 2.2; diffusers UNet2DConditionModel.get_aug_embed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/generation_request.h"

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sfumato::engine {

// in   pooled     [1, projection]
// in   addedWidth width the UNet expects: projection + 6 × embedding
// out  [1, addedWidth] in pooled's type; the numbers are embedded in float32, in the order original height, width, crop top, left, target height, width
[[nodiscard]] at::Tensor addedCondition(const at::Tensor& pooled, const SizeConditioning& sizes, std::int64_t addedWidth);

} // namespace sfumato::engine
