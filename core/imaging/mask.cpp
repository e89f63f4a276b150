// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/mask.h"

#include "core/imaging/sample_rows.h"

#include <algorithm>

namespace sfumato::imaging {

namespace {

// A mask whose value is table[value] everywhere; tiles of equal pixels are shared.
Mask mapped(const Mask& mask, const std::uint8_t (&table)[256])
{
    Mask result(mask.extent());
    const Raster& source = mask.raster();
    for (const TileIndex index : source.tilesIn(source.bounds())) {
        const TilePointer& tile = source.tile(index);
        if (!tile && table[0] == 0) continue;
        const int tileX = index.column * kTileSize;
        const int tileY = index.row * kTileSize;
        result.raster().edit(source.tileBounds(index), [&](ImageSpan pixels, const Bounds& area) {
            for (int y = 0; y < area.height; ++y) {
                std::uint8_t* to = pixels.row(y);
                const std::uint8_t* from = tile ? tile->view().row(area.y - tileY + y) + (area.x - tileX) : nullptr;
                for (int x = 0; x < area.width; ++x) to[x] = table[from ? from[x] : 0];
            }
        });
    }
    return result;
}

} // namespace

Mask::Mask(Raster raster) : m_raster(std::move(raster))
{
    assert(m_raster.format() == PixelFormat::Gray8);
}

Mask Mask::fromImage(ImageView image)
{
    ImageBuffer gray(image.extent, PixelFormat::Gray8);
    std::vector<std::uint16_t> samples(static_cast<std::size_t>(std::max(image.extent.width, 0)) * 4);
    for (int y = 0; y < gray.height(); ++y) {
        unpackRow(image, y, samples.data());
        for (int x = 0; x < gray.width(); ++x) {
            const std::uint16_t* pixel = samples.data() + 4 * x;
            const std::uint64_t luma = lumaOf(pixel[0], pixel[1], pixel[2]);
            gray.row(y)[x] = narrowed(static_cast<std::uint16_t>((luma * pixel[3] + 32767) / 65535));
        }
    }
    return Mask(Raster::fromImage(gray.view()));
}

std::uint8_t Mask::valueAt(int x, int y) const noexcept
{
    if (!m_raster.bounds().contains(x, y)) return 0;
    const TilePointer& tile = m_raster.tile({ x / kTileSize, y / kTileSize });
    return tile ? tile->view().row(y % kTileSize)[x % kTileSize] : std::uint8_t{ 0 };
}

bool Mask::isBlank() const noexcept
{
    for (int row = 0; row < m_raster.tileRows(); ++row) {
        for (int column = 0; column < m_raster.tileColumns(); ++column) {
            const TilePointer& tile = m_raster.tile({ column, row });
            if (tile && !tile->isZero()) return false;
        }
    }
    return true;
}

Bounds Mask::paintedBounds() const
{
    Bounds found;
    for (const TileIndex index : m_raster.tilesIn(m_raster.bounds())) {
        const Bounds area = m_raster.tileBounds(index);
        const TilePointer& tile = m_raster.tile(index);
        if (!tile || found.contains(area)) continue;
        found = found.united(imaging::paintedBounds(tile->view()).translated(area.x, area.y));
    }
    return found;
}

std::int64_t Mask::paintedCount() const
{
    std::int64_t count = 0;
    for (const TileIndex index : m_raster.tilesIn(m_raster.bounds())) {
        const TilePointer& tile = m_raster.tile(index);
        if (!tile) continue;
        const std::uint8_t* samples = tile->view().row(0);
        count += kTileSize * kTileSize - std::count(samples, samples + kTileSize * kTileSize, std::uint8_t{ 0 });
    }
    return count;
}

Mask Mask::inverted() const
{
    std::uint8_t table[256];
    for (int value = 0; value < 256; ++value) table[value] = static_cast<std::uint8_t>(255 - value);
    return mapped(*this, table);
}

Mask Mask::thresholded(int level) const
{
    assert(level >= 1 && level <= 255);
    std::uint8_t table[256];
    for (int value = 0; value < 256; ++value) table[value] = value >= level ? 255 : 0;
    return mapped(*this, table);
}

Bounds paintedBounds(ImageView gray)
{
    assert(gray.format == PixelFormat::Gray8);
    const auto isPainted = [](std::uint8_t value) { return value != 0; };
    int left = gray.extent.width, right = 0, top = -1, bottom = 0;
    for (int y = 0; y < gray.extent.height; ++y) {
        const std::uint8_t* begin = gray.row(y);
        const std::uint8_t* end = begin + gray.extent.width;
        const std::uint8_t* first = std::find_if(begin, end, isPainted);
        if (first == end) continue;
        if (top < 0) top = y;
        bottom = y + 1;
        left = std::min(left, static_cast<int>(first - begin));
        const std::uint8_t* last = end;
        while (last > begin + right && !isPainted(last[-1])) --last;
        right = std::max(right, static_cast<int>(last - begin));
    }
    return top < 0 ? Bounds{} : Bounds{ left, top, right - left, bottom - top };
}

} // namespace sfumato::imaging
