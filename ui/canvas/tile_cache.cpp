// SPDX-License-Identifier: Apache-2.0
#include "ui/canvas/tile_cache.h"

#include "ui/canvas/mask_outline.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace sfumato::ui {

namespace {

constexpr std::size_t kMostTiles = 4096; // 1 GB of full tiles; far more than a screen shows

struct Premultiplied {
    unsigned red = 0, green = 0, blue = 0, alpha = 0;
};

template <typename Sample>
Premultiplied samplePixel(const Sample* pixel)
{
    constexpr unsigned kShift = sizeof(Sample) == 1 ? 0 : 8;
    const unsigned alpha = static_cast<unsigned>(pixel[3]) >> kShift;
    const auto channel = [&](int c) { return ((static_cast<unsigned>(pixel[c]) >> kShift) * alpha + 127) / 255; };
    return { channel(0), channel(1), channel(2), alpha };
}

// The mean of the block of 2^level pixels that begins at (x, y), premultiplied so that hidden colours do not bleed.
template <typename Sample>
QRgb blockMean(ImageView tile, int x, int y, int block)
{
    Premultiplied sum;
    for (int dy = 0; dy < block; ++dy) {
        const Sample* pixel = tile.row<Sample>(y + dy) + std::ptrdiff_t{ 4 } * x;
        for (int dx = 0; dx < block; ++dx, pixel += 4) {
            const Premultiplied one = samplePixel(pixel);
            sum = { sum.red + one.red, sum.green + one.green, sum.blue + one.blue, sum.alpha + one.alpha };
        }
    }
    const auto mean = [count = static_cast<unsigned>(block * block)](unsigned total) { return static_cast<int>((total + count / 2) / count); };
    return qRgba(mean(sum.red), mean(sum.green), mean(sum.blue), mean(sum.alpha));
}

template <typename Sample>
QImage reducedTile(ImageView tile, int level)
{
    const int block = 1 << level, side = imaging::kTileSize >> level;
    QImage image(side, side, QImage::Format_ARGB32_Premultiplied);
    for (int y = 0; y < side; ++y) {
        auto* out = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < side; ++x) out[x] = blockMean<Sample>(tile, x * block, y * block, block);
    }
    return image;
}

QImage maskTint(ImageView tile, int level, const MaskLook& look)
{
    const int block = 1 << level, side = imaging::kTileSize >> level;
    std::array<QRgb, 256> table{};
    for (int value = 0; value < 256; ++value) {
        const int alpha = static_cast<int>(std::lround(value * look.opacity));
        table[static_cast<std::size_t>(value)] = look.isAlone ? qRgb(value, value, value) : qPremultiply(qRgba(look.tint.red(), look.tint.green(), look.tint.blue(), alpha));
    }
    QImage image(side, side, QImage::Format_ARGB32_Premultiplied);
    for (int y = 0; y < side; ++y) {
        auto* out = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < side; ++x) {
            unsigned sum = 0;
            for (int dy = 0; dy < block; ++dy) {
                const std::uint8_t* values = tile.row(y * block + dy) + std::ptrdiff_t{ x } * block;
                for (int dx = 0; dx < block; ++dx) sum += values[dx];
            }
            out[x] = table[sum / static_cast<unsigned>(block * block)];
        }
    }
    return image;
}

} // namespace

int levelForZoom(double zoom) noexcept
{
    if (zoom >= 1.0) return 0;
    return std::clamp(static_cast<int>(std::floor(-std::log2(zoom) + 0.001)), 0, kLargestLevel);
}

TileCache::Key TileCache::keyOf(imaging::TileIndex index, int level) noexcept
{
    return (static_cast<Key>(level) << 48U) | (static_cast<Key>(index.row) << 24U) | static_cast<Key>(index.column);
}

template <typename Entry>
void TileCache::dropSurplus(std::unordered_map<Key, Entry>& entries)
{
    if (entries.size() > kMostTiles) entries.clear();
}

bool TileCache::hasPictureTile(const imaging::Raster& picture, imaging::TileIndex index, int level) const
{
    const imaging::TilePointer& tile = picture.tile(index);
    const auto found = m_pictures.find(keyOf(index, level));
    return !tile || (found != m_pictures.end() && found->second.source == tile);
}

const QImage& TileCache::pictureTile(const imaging::Raster& picture, imaging::TileIndex index, int level)
{
    dropSurplus(m_pictures);
    PictureEntry& entry = m_pictures[keyOf(index, level)];
    const imaging::TilePointer& tile = picture.tile(index);
    if (entry.source == tile) return entry.image;
    entry.source = tile;
    if (!tile) {
        entry.image = {};
    } else if (picture.format() == PixelFormat::Rgba16) {
        entry.image = reducedTile<std::uint16_t>(tile->view(), level);
    } else {
        entry.image = reducedTile<std::uint8_t>(tile->view(), level);
    }
    return entry.image;
}

const QImage& TileCache::maskTile(const imaging::Raster& mask, imaging::TileIndex index, int level, const MaskLook& look)
{
    dropSurplus(m_masks);
    MaskEntry& entry = m_masks[keyOf(index, level)];
    const imaging::TilePointer& tile = mask.tile(index);
    if (entry.source == tile && entry.look == look) return entry.image;
    entry.source = tile;
    entry.look = look;
    entry.image = tile ? maskTint(tile->view(), level, look) : QImage();
    return entry.image;
}

const std::vector<QLine>& TileCache::maskOutline(const imaging::Raster& mask, imaging::TileIndex index, int level)
{
    dropSurplus(m_outlines);
    OutlineEntry& entry = m_outlines[keyOf(index, level)];
    const imaging::TilePointer none;
    const imaging::TilePointer& tile = mask.tile(index);
    const imaging::TilePointer& left = index.column > 0 ? mask.tile({ index.column - 1, index.row }) : none;
    const imaging::TilePointer& above = index.row > 0 ? mask.tile({ index.column, index.row - 1 }) : none;
    if (entry.source == tile && entry.left == left && entry.above == above) return entry.lines;
    entry = { tile, left, above, {} };
    const auto viewOf = [](const imaging::TilePointer& pointer) { return pointer ? pointer->view() : ImageView{}; };
    if (tile || left || above) entry.lines = outlineOfTile(viewOf(tile), viewOf(left), viewOf(above), level);
    return entry.lines;
}

void TileCache::clear()
{
    m_pictures.clear();
    m_masks.clear();
    m_outlines.clear();
}

} // namespace sfumato::ui
