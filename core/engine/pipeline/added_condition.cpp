// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/added_condition.h"

#include "core/engine/models/timestep_embedding.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"

#include <array>

namespace sfumato::engine {

at::Tensor addedCondition(const at::Tensor& pooled, const SizeConditioning& sizes, std::int64_t addedWidth)
{
    const std::array<int, 6> numbers{ sizes.original.height, sizes.original.width, sizes.cropTop, sizes.cropLeft, sizes.target.height, sizes.target.width };
    const auto count = static_cast<std::int64_t>(numbers.size());
    const std::int64_t embeddingWidth = (addedWidth - pooled.size(1)) / count;
    if (embeddingWidth <= 0 || pooled.size(1) + count * embeddingWidth != addedWidth)
        throw EngineException(ErrorCode::UnsupportedModel, "The UNet expects a size condition of " + std::to_string(addedWidth) + " numbers, which does not fit a pooled prompt of " + std::to_string(pooled.size(1)) + "; UNet and text encoder do not belong together.");
    at::Tensor values = at::empty({ count }, at::kFloat);
    std::copy(numbers.begin(), numbers.end(), values.data_ptr<float>());
    const at::Tensor embedded = sinusoidalEmbedding(values.to(pooled.device()), embeddingWidth).flatten().unsqueeze(0);
    return at::cat({ pooled, embedded.to(pooled.scalar_type()) }, 1);
}

} // namespace sfumato::engine
