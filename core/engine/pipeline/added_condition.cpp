// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/added_condition.h"

#include "core/engine/models/timestep_embedding.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace sfumato::engine {

std::vector<float> sizeNumbers(const SizeConditioning& sizes)
{
    return { static_cast<float>(sizes.original.height), static_cast<float>(sizes.original.width), static_cast<float>(sizes.cropTop), static_cast<float>(sizes.cropLeft),
        static_cast<float>(sizes.target.height), static_cast<float>(sizes.target.width) };
}

std::vector<float> emphasisedNumbers(Extent size, double factor)
{
    constexpr double kMultiple = 64.0;
    const auto rounded = [](double side) { return static_cast<float>(std::nearbyint(side / kMultiple) * kMultiple); };
    const auto scaled = [&](int side) { return rounded(std::trunc(side * factor)); };
    return { scaled(size.height), scaled(size.width), 0.0F, 0.0F, rounded(size.height), rounded(size.width) };
}

std::vector<float> scoredSizeNumbers(const SizeConditioning& sizes, double aestheticScore)
{
    return { static_cast<float>(sizes.original.height), static_cast<float>(sizes.original.width), static_cast<float>(sizes.cropTop), static_cast<float>(sizes.cropLeft),
        static_cast<float>(aestheticScore) };
}

at::Tensor addedCondition(const at::Tensor& pooled, std::span<const float> numbers, std::int64_t addedWidth)
{
    const auto count = static_cast<std::int64_t>(numbers.size());
    const std::int64_t embeddingWidth = (addedWidth - pooled.size(1)) / count;
    if (embeddingWidth <= 0 || pooled.size(1) + count * embeddingWidth != addedWidth)
        throw EngineException(ErrorCode::UnsupportedModel, "The UNet expects a size condition of " + std::to_string(addedWidth) + " numbers, which does not fit a pooled prompt of " + std::to_string(pooled.size(1)) + "; UNet and text encoder do not belong together.");
    at::Tensor values = at::empty({ count }, at::kFloat);
    std::ranges::copy(numbers, values.data_ptr<float>());
    const at::Tensor embedded = sinusoidalEmbedding(values.to(pooled.device()), embeddingWidth).flatten().unsqueeze(0);
    return at::cat({ pooled, embedded.to(pooled.scalar_type()) }, 1);
}

} // namespace sfumato::engine
