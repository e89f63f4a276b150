// TileCache: what the canvas draws of each tile, at the reduction that the zoom needs; made once and kept until the tile is replaced.
// Thread: GUI. Owner: CanvasView. Tiles are recognised by identity, so a stroke costs only the tiles it touched.
//
// Reduction `level` n halves the tile n times: a tile of 256 pixels is drawn from 256 >> n pixels a side. Making one costs under a millisecond.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/imaging/raster.h"

#include <QColor>
#include <QImage>
#include <QLine>

#include <unordered_map>
#include <vector>

namespace sfumato::ui {

inline constexpr int kLargestLevel = 6;

// The level for a zoom (device pixels per picture pixel): the smallest drawn image that has at least one sample per device pixel.
[[nodiscard]] int levelForZoom(double zoom) noexcept;

struct MaskLook {
    QColor tint; // painted pixels
    double opacity = 0.55;
    bool isAlone = false; // grey picture of the mask instead of a tint
    friend bool operator==(const MaskLook&, const MaskLook&) = default;
};

class TileCache {
public:
    // The picture's tile, premultiplied (or opaque RGB32). Null image for a transparent tile.
    [[nodiscard]] const QImage& pictureTile(const imaging::Raster& picture, imaging::TileIndex index, int level);
    // The mask's tile as a tint. Null image where nothing is painted.
    [[nodiscard]] const QImage& maskTile(const imaging::Raster& mask, imaging::TileIndex index, int level, const MaskLook& look);
    // Edges between painted (≥ half) and unpainted pixels in pixels of the level, relative to the tile's corner; its left and top edges included.
    [[nodiscard]] const std::vector<QLine>& maskOutline(const imaging::Raster& mask, imaging::TileIndex index, int level);

    // Whether the call for this tile would have to make it.
    [[nodiscard]] bool hasPictureTile(const imaging::Raster& picture, imaging::TileIndex index, int level) const;
    void clear();

private:
    using Key = std::uint64_t;
    struct PictureEntry {
        imaging::TilePointer source;
        QImage image;
    };
    struct MaskEntry {
        imaging::TilePointer source;
        QImage image;
        MaskLook look;
    };
    struct OutlineEntry {
        imaging::TilePointer source, left, above;
        std::vector<QLine> lines;
    };

    static Key keyOf(imaging::TileIndex index, int level) noexcept;
    template <typename Entry>
    static void dropSurplus(std::unordered_map<Key, Entry>& entries);

    std::unordered_map<Key, PictureEntry> m_pictures;
    std::unordered_map<Key, MaskEntry> m_masks;
    std::unordered_map<Key, OutlineEntry> m_outlines;
};

} // namespace sfumato::ui
