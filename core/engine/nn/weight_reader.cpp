// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/weight_reader.h"

#include "core/engine/nn/ops.h"
#include "core/engine/nn/parallel.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <vector>

namespace sfumato::engine {

namespace {

constexpr std::int64_t kNumbersPerBlock = std::int64_t{ 1 } << 17;

at::Tensor blockLike(const at::Tensor& target, std::int64_t rows, at::ScalarType type)
{
    std::vector<std::int64_t> shape = target.sizes().vec();
    shape.front() = rows;
    return at::empty(shape, at::TensorOptions().dtype(type));
}

} // namespace

void streamRows(const WeightReader& reader, const at::Tensor& target, const RowChange& change)
{
    if (target.numel() == 0)
        return;
    const std::int64_t height = target.size(0), width = target.numel() / height;
    const std::int64_t blockRows = std::clamp<std::int64_t>(kNumbersPerBlock / width, 1, height), blocks = (height + blockRows - 1) / blockRows;
    const at::ScalarType stored = reader.storedType(), wanted = target.scalar_type();
    // libtorch's conversions between the 16-bit types go number by number; by way of float32, which holds both exactly, they are vectorised.
    const bool throughFloat = change || (stored != wanted && stored != at::kFloat && wanted != at::kFloat && stored != at::kDouble);
    const bool isAsWanted = stored == wanted && !change;
    const bool isInference = c10::InferenceMode::is_enabled();
    parallelFor(blocks, 1, [&](std::int64_t begin, std::int64_t end) {
        const c10::InferenceMode inference(isInference); // the setting belongs to a thread
        const at::Tensor readBlock = blockLike(target, isAsWanted ? 0 : blockRows, stored);
        const at::Tensor wideBlock = throughFloat && stored != at::kFloat ? blockLike(target, blockRows, at::kFloat) : readBlock;
        for (std::int64_t block = begin; block < end; ++block) {
            const std::int64_t first = block * blockRows, count = std::min(blockRows, height - first);
            const at::Tensor rows = target.narrow(0, first, count);
            if (isAsWanted) {
                reader.rows()(first, rows);
                continue;
            }
            const at::Tensor read = readBlock.narrow(0, 0, count), wide = wideBlock.narrow(0, 0, count);
            reader.rows()(first, read);
            if (!wideBlock.is_same(readBlock))
                wide.copy_(read);
            if (change)
                change(first, wide);
            rows.copy_(wide);
        }
    });
}

} // namespace sfumato::engine
