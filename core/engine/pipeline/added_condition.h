// The vector condition of SDXL and its refiner: the pooled prompt followed by sinusoidal embeddings of size numbers.
// Thread: engine, pure. Source: SDXL report (Podell et al. 2023), section 2.2; diffusers UNet2DConditionModel.get_aug_embed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/generation_request.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

namespace sfumato::engine {

// The six numbers of SDXL: original height, width, crop top, left, target height, width.
[[nodiscard]] std::vector<float> sizeNumbers(const SizeConditioning& sizes);

// The six numbers while Fooocus' emphasis holds for a branch, and afterwards: original size `factor` times the picture's, cut to whole pixels; every side to the nearest multiple of 64.
[[nodiscard]] std::vector<float> emphasisedNumbers(Extent size, double factor);

// The five of the refiner: original height, width, crop top, left, aesthetic score.
[[nodiscard]] std::vector<float> scoredSizeNumbers(const SizeConditioning& sizes, double aestheticScore);

// in   pooled     [1, projection]
// in   addedWidth width the UNet expects: projection + numbers × embedding
// out  [1, addedWidth] in pooled's type; the numbers are embedded in float32, in their order
// Throws EngineException(UnsupportedModel) when the widths do not fit.
[[nodiscard]] at::Tensor addedCondition(const at::Tensor& pooled, std::span<const float> numbers, std::int64_t addedWidth);

} // namespace sfumato::engine
