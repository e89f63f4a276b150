// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/raster.h"
#include "ui/canvas/mask_outline.h"
#include "ui/canvas/tile_cache.h"

#include <QTest>

#include <algorithm>

using namespace sfumato;

namespace {

imaging::Tile paintedTile(Bounds painted, std::uint8_t value = 255)
{
    imaging::Tile tile(PixelFormat::Gray8);
    for (int y = painted.y; y < painted.bottom(); ++y) std::fill_n(tile.span().row(y) + painted.x, painted.width, value);
    return tile;
}

int totalLength(const std::vector<QLine>& lines)
{
    int length = 0;
    for (const QLine& line : lines) length += std::abs(line.dx()) + std::abs(line.dy());
    return length;
}

} // namespace

class TstMaskOutline : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void box_hasFourLines()
    {
        const imaging::Tile tile = paintedTile({ 10, 20, 30, 40 });
        const auto lines = ui::outlineOfTile(tile.view(), {}, {}, 0);
        QCOMPARE(lines.size(), std::size_t{ 4 });
        QCOMPARE(totalLength(lines), 2 * (30 + 40));
        QVERIFY(std::find(lines.begin(), lines.end(), QLine(10, 20, 40, 20)) != lines.end());
        QVERIFY(std::find(lines.begin(), lines.end(), QLine(10, 20, 10, 60)) != lines.end());
    }

    void faintPaint_hasNoOutline()
    {
        QVERIFY(ui::outlineOfTile(paintedTile({ 10, 20, 30, 40 }, 127).view(), {}, {}, 0).empty());
        QVERIFY(!ui::outlineOfTile(paintedTile({ 10, 20, 30, 40 }, 128).view(), {}, {}, 0).empty());
    }

    void paintAcrossTiles_hasNoLineBetweenThem()
    {
        const imaging::Tile full = paintedTile({ 0, 0, imaging::kTileSize, imaging::kTileSize });
        QVERIFY(ui::outlineOfTile(full.view(), full.view(), full.view(), 0).empty());
        QCOMPARE(totalLength(ui::outlineOfTile(full.view(), {}, full.view(), 0)), imaging::kTileSize);
    }

    void emptyTileBesidePaint_drawsTheNeighboursBorder()
    {
        const imaging::Tile full = paintedTile({ 0, 0, imaging::kTileSize, imaging::kTileSize });
        QCOMPARE(totalLength(ui::outlineOfTile({}, full.view(), {}, 0)), imaging::kTileSize);
    }

    void reduction_shrinksTheLines()
    {
        const imaging::Tile tile = paintedTile({ 0, 0, 64, 64 });
        QCOMPARE(totalLength(ui::outlineOfTile(tile.view(), {}, {}, 2)), 4 * 16);
    }

    void levels_followTheZoom()
    {
        QCOMPARE(ui::levelForZoom(3.0), 0);
        QCOMPARE(ui::levelForZoom(1.0), 0);
        QCOMPARE(ui::levelForZoom(0.6), 0);
        QCOMPARE(ui::levelForZoom(0.5), 1);
        QCOMPARE(ui::levelForZoom(0.25), 2);
        QCOMPARE(ui::levelForZoom(0.0001), ui::kLargestLevel);
    }

    void cache_remakesOnlyReplacedTiles()
    {
        imaging::Raster picture({ 600, 300 }, PixelFormat::Rgba8);
        picture.edit(picture.bounds(), [](ImageSpan pixels, const Bounds&) { std::fill_n(reinterpret_cast<std::uint8_t*>(pixels.bytes), 16, std::uint8_t{ 255 }); });
        ui::TileCache cache;
        const qint64 first = cache.pictureTile(picture, { 0, 0 }, 0).cacheKey();
        const qint64 second = cache.pictureTile(picture, { 1, 0 }, 0).cacheKey();
        picture.edit({ 0, 0, 8, 8 }, [](ImageSpan pixels, const Bounds&) { pixels.row(0)[0] = 7; });
        QVERIFY(!cache.hasPictureTile(picture, { 0, 0 }, 0));
        QVERIFY(cache.hasPictureTile(picture, { 1, 0 }, 0));
        QVERIFY(cache.pictureTile(picture, { 0, 0 }, 0).cacheKey() != first);
        QCOMPARE(cache.pictureTile(picture, { 1, 0 }, 0).cacheKey(), second);
    }

    void reducedTile_averagesWithoutBleedingHiddenColour()
    {
        imaging::Raster picture({ 256, 256 }, PixelFormat::Rgba8);
        picture.edit({ 0, 0, 2, 1 }, [](ImageSpan pixels, const Bounds&) {
            const std::uint8_t values[8] = { 200, 100, 50, 255, 255, 255, 255, 0 };
            std::copy_n(values, 8, pixels.row(0));
        });
        ui::TileCache cache;
        const QColor color = cache.pictureTile(picture, { 0, 0 }, 1).pixelColor(0, 0);
        QCOMPARE(color.alpha(), 64);
        QVERIFY2(qAbs(color.red() - 200) <= 4 && qAbs(color.green() - 100) <= 4 && qAbs(color.blue() - 50) <= 4, qPrintable(color.name()));
    }
};

QTEST_GUILESS_MAIN(TstMaskOutline)
#include "tst_mask_outline.moc"
