// Raster: pixels of a layer or a mask, held in immutable shared tiles of 256 × 256.
// Thread: a Raster is a value for one thread at a time; its tiles never change and may be shared by any number of threads. Owner: the document, snapshots, undo.
//
// Copying a Raster copies pointers only (16 bytes a tile). An edit replaces the tiles it touches, so two rasters hold the same tile object exactly where
// nothing was written between them: tile identity is the fast "unchanged" test, pixel equality is operator==. A tile that is all zero is a null pointer
// and costs nothing. Formats: Gray8 (masks), Rgba8, Rgba16; colours are sRGB-encoded with straight alpha, and the RGB of transparent pixels is kept.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"

#include <functional>
#include <memory>
#include <vector>

namespace sfumato::imaging {

inline constexpr int kTileSize = 256; // pixels, both ways

// 256 × 256 pixels in one allocation. Beyond the raster's right and bottom edge the samples are 0.
class Tile {
public:
    explicit Tile(PixelFormat format) : m_pixels({ kTileSize, kTileSize }, format) { }
    [[nodiscard]] ImageView view() const noexcept { return m_pixels.view(); }
    [[nodiscard]] ImageSpan span() noexcept { return m_pixels.span(); }
    [[nodiscard]] std::size_t sizeInBytes() const noexcept { return m_pixels.sizeInBytes(); }
    [[nodiscard]] bool isZero() const noexcept;
    friend bool operator==(const Tile&, const Tile&) = default;

private:
    ImageBuffer m_pixels;
};

using TilePointer = std::shared_ptr<const Tile>; // null: all zero

struct TileIndex {
    int column = 0;
    int row = 0;
    friend constexpr bool operator==(const TileIndex&, const TileIndex&) = default;
};

class Raster {
public:
    // Writes into `pixels`, which covers exactly `area` of the raster; see edit().
    using PixelEditor = std::function<void(ImageSpan pixels, const Bounds& area)>;

    Raster() = default;
    // All zero. `format` is Gray8, Rgba8 or Rgba16 (asserted). Allocates no pixels.
    Raster(Extent extent, PixelFormat format);
    // Rgb8 becomes opaque Rgba8, GrayF32 becomes Gray8.
    [[nodiscard]] static Raster fromImage(ImageView image);

    [[nodiscard]] Extent extent() const noexcept { return m_extent; }
    [[nodiscard]] Bounds bounds() const noexcept { return Bounds::ofExtent(m_extent); }
    [[nodiscard]] PixelFormat format() const noexcept { return m_format; }
    [[nodiscard]] bool isEmpty() const noexcept { return m_extent.isEmpty(); }

    [[nodiscard]] int tileColumns() const noexcept { return (m_extent.width + kTileSize - 1) / kTileSize; }
    [[nodiscard]] int tileRows() const noexcept { return (m_extent.height + kTileSize - 1) / kTileSize; }
    [[nodiscard]] const TilePointer& tile(TileIndex index) const;
    // Puts a tile of the same format (or null) in place: undo and redo. Beyond the extent it must be 0.
    void setTile(TileIndex index, TilePointer tile);
    // The part of the raster a tile covers, cut at the extent.
    [[nodiscard]] Bounds tileBounds(TileIndex index) const noexcept;
    // Tiles that meet `region`, row by row.
    [[nodiscard]] std::vector<TileIndex> tilesIn(const Bounds& region) const;

    // The pixels of `region` in the raster's own format. Where the region reaches beyond the raster the samples are 0.
    [[nodiscard]] ImageBuffer toImage(const Bounds& region) const;
    [[nodiscard]] ImageBuffer toImage() const { return toImage(bounds()); }
    // Replaces pixels; (x, y) is where the image's first pixel lands. The image has the raster's format (asserted) and is cut at the extent.
    void write(int x, int y, ImageView image);
    // Calls `editor` once for each tile that meets `region`, with a writable copy of the present pixels; the copy then replaces the tile.
    // A tile left as it was keeps its identity; one left all zero becomes null.
    void edit(const Bounds& region, const PixelEditor& editor);
    // Sets every sample of `region` to 0.
    void clear(const Bounds& region);

    // Memory of the tiles held, also those shared with other rasters.
    [[nodiscard]] std::size_t sizeInBytes() const noexcept;
    // Same extent, format and pixels. Cost: tiles held by both are not compared.
    friend bool operator==(const Raster& left, const Raster& right);

private:
    [[nodiscard]] std::size_t slot(TileIndex index) const noexcept;

    Extent m_extent;
    PixelFormat m_format = PixelFormat::Rgba8;
    std::vector<TilePointer> m_tiles; // row by row
};

// Tiles that are not the same object in both rasters (equal extent and format, asserted): a superset of those whose pixels differ.
[[nodiscard]] std::vector<TileIndex> replacedTiles(const Raster& before, const Raster& after);

} // namespace sfumato::imaging
