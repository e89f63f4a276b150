// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/raster.h"

#include "core/imaging/pixel_conversion.h"

#include <algorithm>
#include <cstring>

namespace sfumato::imaging {

namespace {

bool isZeroBytes(const std::byte* bytes, std::size_t size) noexcept
{
    return size == 0 || (bytes[0] == std::byte{ 0 } && std::memcmp(bytes, bytes + 1, size - 1) == 0);
}

std::byte* pixelAddress(ImageSpan span, int x, int y) noexcept
{
    return span.bytes + y * span.bytesPerRow + std::ptrdiff_t{ x } * bytesPerPixel(span.format);
}

const std::byte* pixelAddress(ImageView view, int x, int y) noexcept
{
    return view.bytes + y * view.bytesPerRow + std::ptrdiff_t{ x } * bytesPerPixel(view.format);
}

bool sameTile(const TilePointer& left, const TilePointer& right)
{
    if (left == right) return true;
    if (!left) return right->isZero();
    if (!right) return left->isZero();
    return *left == *right;
}

} // namespace

bool Tile::isZero() const noexcept
{
    return isZeroBytes(m_pixels.bytes(), m_pixels.sizeInBytes());
}

Raster::Raster(Extent extent, PixelFormat format)
    : m_extent(extent.isEmpty() ? Extent{} : extent), m_format(format)
{
    assert(format == PixelFormat::Gray8 || format == PixelFormat::Rgba8 || format == PixelFormat::Rgba16);
    m_tiles.resize(static_cast<std::size_t>(tileColumns()) * static_cast<std::size_t>(tileRows()));
}

Raster Raster::fromImage(ImageView image)
{
    if (image.format == PixelFormat::Rgb8) return fromImage(convertPixels(image, PixelFormat::Rgba8).view());
    if (image.format == PixelFormat::GrayF32) return fromImage(convertPixels(image, PixelFormat::Gray8).view());
    Raster raster(image.extent, image.format);
    raster.write(0, 0, image);
    return raster;
}

std::size_t Raster::slot(TileIndex index) const noexcept
{
    assert(index.column >= 0 && index.column < tileColumns() && index.row >= 0 && index.row < tileRows());
    return static_cast<std::size_t>(index.row) * static_cast<std::size_t>(tileColumns()) + static_cast<std::size_t>(index.column);
}

const TilePointer& Raster::tile(TileIndex index) const
{
    return m_tiles[slot(index)];
}

void Raster::setTile(TileIndex index, TilePointer tile)
{
    assert(!tile || tile->view().format == m_format);
    m_tiles[slot(index)] = std::move(tile);
}

Bounds Raster::tileBounds(TileIndex index) const noexcept
{
    return Bounds{ index.column * kTileSize, index.row * kTileSize, kTileSize, kTileSize }.intersected(bounds());
}

std::vector<TileIndex> Raster::tilesIn(const Bounds& region) const
{
    std::vector<TileIndex> indices;
    const Bounds inside = region.intersected(bounds());
    if (inside.isEmpty()) return indices;
    for (int row = inside.y / kTileSize; row <= (inside.bottom() - 1) / kTileSize; ++row) {
        for (int column = inside.x / kTileSize; column <= (inside.right() - 1) / kTileSize; ++column) indices.push_back({ column, row });
    }
    return indices;
}

ImageBuffer Raster::toImage(const Bounds& region) const
{
    ImageBuffer image(region.extent(), m_format);
    for (const TileIndex index : tilesIn(region)) {
        const TilePointer& source = tile(index);
        if (!source) continue;
        const Bounds area = tileBounds(index).intersected(region);
        const std::size_t rowBytes = static_cast<std::size_t>(area.width) * static_cast<std::size_t>(bytesPerPixel(m_format));
        for (int y = area.y; y < area.bottom(); ++y) {
            std::memcpy(pixelAddress(image.span(), area.x - region.x, y - region.y),
                pixelAddress(source->view(), area.x % kTileSize, y % kTileSize), rowBytes);
        }
    }
    return image;
}

void Raster::write(int x, int y, ImageView image)
{
    assert(image.format == m_format);
    const Bounds region{ x, y, image.extent.width, image.extent.height };
    edit(region, [&](ImageSpan pixels, const Bounds& area) {
        const std::size_t rowBytes = static_cast<std::size_t>(area.width) * static_cast<std::size_t>(bytesPerPixel(m_format));
        for (int row = 0; row < area.height; ++row) {
            std::memcpy(pixels.row<std::byte>(row), pixelAddress(image, area.x - x, area.y - y + row), rowBytes);
        }
    });
}

void Raster::edit(const Bounds& region, const PixelEditor& editor)
{
    for (const TileIndex index : tilesIn(region)) {
        TilePointer& present = m_tiles[slot(index)];
        const Bounds area = tileBounds(index).intersected(region);
        auto replacement = present ? std::make_shared<Tile>(*present) : std::make_shared<Tile>(m_format);
        ImageSpan pixels = replacement->span();
        pixels.bytes = pixelAddress(pixels, area.x % kTileSize, area.y % kTileSize);
        pixels.extent = area.extent();
        editor(pixels, area);
        if (present && *replacement == *present) continue;
        if (replacement->isZero()) present.reset();
        else
            present = std::move(replacement);
    }
}

void Raster::clear(const Bounds& region)
{
    for (const TileIndex index : tilesIn(region)) {
        if (!tile(index)) continue;
        if (region.contains(tileBounds(index))) {
            setTile(index, nullptr);
            continue;
        }
        edit(tileBounds(index).intersected(region), [this](ImageSpan pixels, const Bounds& area) {
            const std::size_t rowBytes = static_cast<std::size_t>(area.width) * static_cast<std::size_t>(bytesPerPixel(m_format));
            for (int row = 0; row < area.height; ++row) std::memset(pixels.row<std::byte>(row), 0, rowBytes);
        });
    }
}

std::size_t Raster::sizeInBytes() const noexcept
{
    std::size_t bytes = m_tiles.size() * sizeof(TilePointer);
    for (const TilePointer& tile : m_tiles) bytes += tile ? tile->sizeInBytes() : 0;
    return bytes;
}

bool operator==(const Raster& left, const Raster& right)
{
    return left.m_extent == right.m_extent && left.m_format == right.m_format
        && std::equal(left.m_tiles.begin(), left.m_tiles.end(), right.m_tiles.begin(), right.m_tiles.end(), sameTile);
}

std::vector<TileIndex> replacedTiles(const Raster& before, const Raster& after)
{
    assert(before.extent() == after.extent() && before.format() == after.format());
    std::vector<TileIndex> indices = before.tilesIn(before.bounds());
    std::erase_if(indices, [&](TileIndex index) { return before.tile(index) == after.tile(index); });
    return indices;
}

} // namespace sfumato::imaging
