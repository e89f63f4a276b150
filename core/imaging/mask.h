// Mask: how strongly each pixel of a picture may change, 0 (kept) … 255 (painted).
// Thread: as Raster. Owner: the document, requests, strokes. It is a Raster whose format is always Gray8.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/imaging/raster.h"

namespace sfumato::imaging {

class Mask {
public:
    Mask() : Mask(Extent{}) { }
    explicit Mask(Extent extent) : m_raster(extent, PixelFormat::Gray8) { }
    // `raster` is Gray8 (asserted).
    explicit Mask(Raster raster);
    // Brightness of any image: Rec. 709 luma of the sRGB samples, over black where it is transparent. White paints.
    [[nodiscard]] static Mask fromImage(ImageView image);

    [[nodiscard]] Extent extent() const noexcept { return m_raster.extent(); }
    [[nodiscard]] const Raster& raster() const noexcept { return m_raster; }
    [[nodiscard]] Raster& raster() noexcept { return m_raster; }
    [[nodiscard]] ImageBuffer toImage(const Bounds& region) const { return m_raster.toImage(region); }
    [[nodiscard]] ImageBuffer toImage() const { return m_raster.toImage(); }
    // 0 outside the extent.
    [[nodiscard]] std::uint8_t valueAt(int x, int y) const noexcept;

    // Nothing painted. Cost: one look per tile.
    [[nodiscard]] bool isBlank() const noexcept;
    // The smallest rectangle that holds every painted pixel (value > 0); empty when there is none. Cost: reads the tiles that are not null.
    [[nodiscard]] Bounds paintedBounds() const;
    // Number of pixels with value > 0.
    [[nodiscard]] std::int64_t paintedCount() const;
    [[nodiscard]] Mask inverted() const;
    // 255 where value ≥ level, else 0. level 1..255.
    [[nodiscard]] Mask thresholded(int level) const;

    friend bool operator==(const Mask&, const Mask&) = default;

private:
    Raster m_raster;
};

// The smallest rectangle around the non-zero samples of a Gray8 view.
[[nodiscard]] Bounds paintedBounds(ImageView gray);

} // namespace sfumato::imaging
