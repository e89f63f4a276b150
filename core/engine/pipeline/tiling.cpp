// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/tiling.h"

#include "core/engine/nn/cancellation.h"
#include "core/engine/nn/ops.h"

#include <algorithm>
#include <vector>

namespace sfumato::engine {

namespace {

constexpr std::int64_t kTileLatents = 64, kTilePixels = 512;
constexpr std::int64_t kStridePart = 3, kBlendPart = 1, kParts = 4; // a quarter overlaps

// Fades the last `extent` cells of `before` into the first of `tile` along `dim`, in place.
void blend(const at::Tensor& before, at::Tensor& tile, std::int64_t extent, std::int64_t dim)
{
    extent = std::min({ extent, before.size(dim), tile.size(dim) });
    if (extent <= 0) return;
    std::vector<std::int64_t> shape(4, 1);
    shape[static_cast<std::size_t>(dim)] = extent;
    const at::Tensor ramp = (at::arange(extent, tile.options().dtype(at::kFloat)) / static_cast<double>(extent)).reshape(shape);
    at::Tensor head = tile.narrow(dim, 0, extent);
    head.copy_(before.narrow(dim, before.size(dim) - extent, extent) * (1.0 - ramp) + head * ramp);
}

} // namespace

TileGeometry decodeTiles() noexcept
{
    const std::int64_t blendPx = kTilePixels * kBlendPart / kParts;
    return { kTileLatents, kTileLatents * kStridePart / kParts, blendPx, kTilePixels - blendPx };
}

TileGeometry encodeTiles() noexcept
{
    const std::int64_t blendLatents = kTileLatents * kBlendPart / kParts;
    return { kTilePixels, kTileLatents * kStridePart / kParts * kLatentScale, blendLatents, kTileLatents - blendLatents };
}

at::Tensor evaluateTiled(const at::Tensor& input, const TileGeometry& geometry, const std::function<at::Tensor(const at::Tensor&)>& network,
    const std::stop_token& stop)
{
    const auto tileAt = [&](std::int64_t y, std::int64_t x) {
        return network(input.narrow(2, y, std::min(geometry.inputTile, input.size(2) - y)).narrow(3, x, std::min(geometry.inputTile, input.size(3) - x)).contiguous());
    };
    std::vector<at::Tensor> above, rows;
    for (std::int64_t y = 0; y < input.size(2); y += geometry.inputStride) {
        std::vector<at::Tensor> current, kept;
        for (std::int64_t x = 0; x < input.size(3); x += geometry.inputStride) {
            throwIfStopped(stop);
            at::Tensor tile = tileAt(y, x).to(at::kFloat);
            if (!above.empty()) blend(above[current.size()], tile, geometry.outputBlend, 2);
            if (!current.empty()) blend(current.back(), tile, geometry.outputBlend, 3);
            kept.push_back(tile.narrow(2, 0, std::min(geometry.outputKept, tile.size(2))).narrow(3, 0, std::min(geometry.outputKept, tile.size(3))));
            current.push_back(tile);
        }
        rows.push_back(at::cat(kept, 3));
        above = std::move(current);
    }
    return at::cat(rows, 2);
}

} // namespace sfumato::engine
