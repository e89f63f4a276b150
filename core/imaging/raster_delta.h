// RasterDelta: what one edit changed in a Raster, small enough for an undo stack.
// Thread: any, value over immutable tiles. Owner: undo commands. Cost: two pointers for each replaced tile; the replaced pixels live as long as the delta.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/imaging/raster.h"

namespace sfumato::imaging {

class RasterDelta {
public:
    RasterDelta() = default;
    // Both rasters have the same extent and format (asserted). Tiles replaced by equal pixels are left out.
    [[nodiscard]] static RasterDelta between(const Raster& before, const Raster& after);

    [[nodiscard]] bool isEmpty() const noexcept { return m_changes.empty(); }
    // The area of the replaced tiles, cut at the extent.
    [[nodiscard]] Bounds bounds() const noexcept { return m_bounds; }
    // Pixels of the replaced and the replacing tiles.
    [[nodiscard]] std::size_t sizeInBytes() const noexcept;

    void undo(Raster& raster) const;
    void redo(Raster& raster) const;
    // This delta followed by `next`, as one.
    [[nodiscard]] RasterDelta mergedWith(const RasterDelta& next) const;

private:
    struct Change {
        TileIndex index;
        TilePointer before;
        TilePointer after;
    };
    std::vector<Change> m_changes; // ordered by row, then column
    Bounds m_bounds;
};

} // namespace sfumato::imaging
