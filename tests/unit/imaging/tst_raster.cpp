// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/raster.h"
#include "core/imaging/raster_delta.h"
#include "tests/unit/imaging/random_pictures.h"

#include <QTest>

using namespace sfumato;
using namespace sfumato::imaging;

class TstRaster : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void newRaster_holdsNoPixels();
    void image_survivesTheRoundTrip_data();
    void image_survivesTheRoundTrip();
    void region_beyondTheEdge_readsZero();
    void copy_sharesTilesUntilOneIsEdited();
    void edit_withoutChange_keepsTheTile();
    void edit_backToZero_dropsTheTile();
    void edit_visitsExactlyTheRegion();
    void randomEdits_agreeWithAPlainBuffer();
    void delta_undoesAndRedoesExactly();
    void delta_ofTwoEditsMerged_equalsBoth();
    void delta_thatCancelsOut_isEmpty();
};

void TstRaster::newRaster_holdsNoPixels()
{
    const Raster raster({ 16384, 16384 }, PixelFormat::Rgba16);
    QCOMPARE(raster.tileColumns(), 64);
    QVERIFY(raster.sizeInBytes() <= 64 * 64 * sizeof(TilePointer));
    QVERIFY(raster == Raster({ 16384, 16384 }, PixelFormat::Rgba16));
    QVERIFY(!(raster == Raster({ 16384, 16384 }, PixelFormat::Rgba8)));
    QVERIFY(Raster().isEmpty());
}

void TstRaster::image_survivesTheRoundTrip_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("height");
    QTest::addColumn<PixelFormat>("format");
    QTest::newRow("one pixel") << 1 << 1 << PixelFormat::Rgba8;
    QTest::newRow("exactly one tile") << 256 << 256 << PixelFormat::Gray8;
    QTest::newRow("one more than a tile") << 257 << 257 << PixelFormat::Rgba16;
    QTest::newRow("wide") << 1000 << 3 << PixelFormat::Rgba8;
}

void TstRaster::image_survivesTheRoundTrip()
{
    QFETCH(int, width);
    QFETCH(int, height);
    QFETCH(PixelFormat, format);
    const ImageBuffer image = RandomPictures(7).noise({ width, height }, format);
    const Raster raster = Raster::fromImage(image.view());
    QCOMPARE(raster.format(), format);
    QVERIFY(raster.toImage() == image);
}

void TstRaster::region_beyondTheEdge_readsZero()
{
    const Raster raster = Raster::fromImage(uniform({ 20, 10 }, { 1, 2, 3, 4 }).view());
    const ImageBuffer part = raster.toImage({ -5, -5, 30, 20 });
    QCOMPARE(part.extent(), (Extent{ 30, 20 }));
    for (int y = 0; y < 20; ++y) {
        for (int x = 0; x < 30; ++x) QCOMPARE(part.row(y)[4 * x + 3], std::uint8_t(raster.bounds().contains(x - 5, y - 5) ? 4 : 0));
    }
}

void TstRaster::copy_sharesTilesUntilOneIsEdited()
{
    const Raster before = Raster::fromImage(RandomPictures(1).noise({ 600, 600 }, PixelFormat::Rgba8).view());
    Raster after = before;
    QVERIFY(replacedTiles(before, after).empty());
    after.write(300, 10, uniform({ 1, 1 }, { 9, 9, 9, 9 }).view());
    QCOMPARE(replacedTiles(before, after), (std::vector<TileIndex>{ { 1, 0 } }));
    QVERIFY(!(before == after));
    QVERIFY(before.toImage({ 300, 10, 1, 1 }) != after.toImage({ 300, 10, 1, 1 }));
}

void TstRaster::edit_withoutChange_keepsTheTile()
{
    const Raster before = Raster::fromImage(RandomPictures(2).noise({ 300, 300 }, PixelFormat::Rgba8).view());
    Raster after = before;
    after.write(0, 0, before.toImage().view());
    QVERIFY(replacedTiles(before, after).empty());
}

void TstRaster::edit_backToZero_dropsTheTile()
{
    const Raster empty({ 512, 512 }, PixelFormat::Gray8);
    Raster raster = empty;
    raster.write(100, 100, RandomPictures(3).noise({ 300, 50 }, PixelFormat::Gray8).view());
    QVERIFY(raster.tile({ 0, 0 }) && raster.tile({ 1, 0 }) && !raster.tile({ 0, 1 }));
    raster.clear({ 100, 100, 300, 50 });
    QVERIFY(!raster.tile({ 0, 0 }) && !raster.tile({ 1, 0 }));
    QCOMPARE(raster.sizeInBytes(), empty.sizeInBytes());
    QVERIFY(raster == empty);
}

void TstRaster::edit_visitsExactlyTheRegion()
{
    Raster raster({ 700, 700 }, PixelFormat::Gray8);
    const Bounds region{ 250, 255, 300, 260 };
    std::int64_t visited = 0;
    raster.edit(region, [&](ImageSpan pixels, const Bounds& area) {
        QCOMPARE(pixels.extent, area.extent());
        QVERIFY(region.contains(area));
        visited += area.extent().area();
        for (int y = 0; y < area.height; ++y) std::fill_n(pixels.row(y), area.width, std::uint8_t{ 1 });
    });
    QCOMPARE(visited, region.extent().area());
    const ImageBuffer image = raster.toImage();
    std::int64_t written = 0;
    for (int y = 0; y < 700; ++y) written += std::count(image.row(y), image.row(y) + 700, std::uint8_t{ 1 });
    QCOMPARE(written, visited);
    raster.edit({ -100, -100, 50, 50 }, [](ImageSpan, const Bounds&) { QFAIL("a region outside has no pixels"); });
}

void TstRaster::randomEdits_agreeWithAPlainBuffer()
{
    RandomPictures random(4);
    ImageBuffer plain({ 513, 300 }, PixelFormat::Rgba16);
    Raster raster(plain.extent(), plain.format());
    for (int round = 0; round < 60; ++round) {
        const int x = random.number(-50, 500), y = random.number(-50, 290);
        const ImageBuffer patch = random.noise({ random.number(1, 120), random.number(1, 120) }, PixelFormat::Rgba16);
        raster.write(x, y, patch.view());
        for (int row = 0; row < patch.height(); ++row) {
            for (int column = 0; column < patch.width(); ++column) {
                if (!raster.bounds().contains(x + column, y + row)) continue;
                std::copy_n(patch.row<std::uint16_t>(row) + 4 * column, 4, plain.row<std::uint16_t>(y + row) + 4 * (x + column));
            }
        }
        QVERIFY(raster.toImage() == plain);
    }
    QVERIFY(raster == Raster::fromImage(plain.view()));
}

void TstRaster::delta_undoesAndRedoesExactly()
{
    RandomPictures random(5);
    const Raster before = Raster::fromImage(random.noise({ 800, 520 }, PixelFormat::Rgba8).view());
    Raster after = before;
    after.write(200, 200, random.noise({ 100, 100 }, PixelFormat::Rgba8).view());
    const RasterDelta delta = RasterDelta::between(before, after);
    QCOMPARE(delta.bounds(), (Bounds{ 0, 0, 512, 512 }));
    QVERIFY(delta.sizeInBytes() < before.sizeInBytes() * 2);
    Raster raster = after;
    delta.undo(raster);
    QVERIFY(replacedTiles(raster, before).empty());
    delta.redo(raster);
    QVERIFY(replacedTiles(raster, after).empty());
}

void TstRaster::delta_ofTwoEditsMerged_equalsBoth()
{
    RandomPictures random(6);
    const Raster first = Raster::fromImage(random.noise({ 800, 800 }, PixelFormat::Gray8).view());
    Raster second = first;
    second.write(700, 10, random.noise({ 50, 50 }, PixelFormat::Gray8).view());
    Raster third = second;
    third.write(500, 240, random.noise({ 300, 50 }, PixelFormat::Gray8).view());
    const RasterDelta merged = RasterDelta::between(first, second).mergedWith(RasterDelta::between(second, third));
    Raster raster = third;
    merged.undo(raster);
    QVERIFY(raster == first);
    merged.redo(raster);
    QVERIFY(raster == third);
    QVERIFY(merged.bounds().contains({ 500, 10, 300, 280 }));
}

void TstRaster::delta_thatCancelsOut_isEmpty()
{
    const Raster blank({ 300, 300 }, PixelFormat::Gray8);
    Raster painted = blank;
    painted.write(0, 0, RandomPictures(8).noise({ 20, 20 }, PixelFormat::Gray8).view());
    const RasterDelta there = RasterDelta::between(blank, painted), back = RasterDelta::between(painted, blank);
    QVERIFY(!there.isEmpty());
    const RasterDelta merged = there.mergedWith(back);
    QVERIFY(merged.isEmpty());
    QVERIFY(merged.bounds().isEmpty());
}

QTEST_APPLESS_MAIN(TstRaster)
#include "tst_raster.moc"
