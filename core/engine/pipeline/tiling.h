// Tiled evaluation of a network that maps [1, C, h, w] to [1, C', h·scale, w·scale] (scale 8 for decoding, 1/8 for encoding).
// Thread: engine, pure. Source: diffusers AutoencoderKL.tiled_decode (blend_v, blend_h).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <stop_token>

namespace sfumato::engine {

inline constexpr std::int64_t kLatentScale = 8; // picture samples along the side of a latent

struct TileGeometry {
    std::int64_t inputTile = 0;   // side of a tile in input cells
    std::int64_t inputStride = 0; // distance of tile starts
    std::int64_t outputBlend = 0; // cells cross-faded with the tile above and to the left
    std::int64_t outputKept = 0;  // cells of each tile that reach the result
};

// The reference's geometry: tiles of 64 latents overlapping by a quarter.
[[nodiscard]] TileGeometry decodeTiles() noexcept;
[[nodiscard]] TileGeometry encodeTiles() noexcept;

// cost: about 1.8 × the work of one pass, at the memory of one tile.
[[nodiscard]] at::Tensor evaluateTiled(const at::Tensor& input, const TileGeometry& geometry, const std::function<at::Tensor(const at::Tensor&)>& network,
    const std::stop_token& stop);

} // namespace sfumato::engine
