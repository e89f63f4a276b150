// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/blend_mask.h"
#include "core/imaging/composite.h"
#include "tests/unit/imaging/random_pictures.h"

#include <QTest>

using namespace sfumato;
using namespace sfumato::imaging;

class TstComposite : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void unpainted_neverChanges_data();
    void unpainted_neverChanges();
    void fiftyPasses_leaveTheOutsideUntouched();
    void emptyMask_keepsEveryTile();
    void fullBlend_givesThePatch();
    void partBlend_liesBetween();
    void transparentTarget_takesTheColourOfThePatch();
    void wideTarget_keepsItsDepth();
    void count_findsASingleBit();
    void tilesWithoutBlend_keepTheirIdentity();
};

void TstComposite::unpainted_neverChanges_data()
{
    QTest::addColumn<PixelFormat>("target");
    QTest::addColumn<PixelFormat>("patch");
    QTest::addColumn<EdgeMode>("edge");
    QTest::addRow("8 bit") << PixelFormat::Rgba8 << PixelFormat::Rgb8 << EdgeMode::Inside;
    QTest::addRow("8 bit, patch with alpha") << PixelFormat::Rgba8 << PixelFormat::Rgba8 << EdgeMode::Inside;
    QTest::addRow("16 bit") << PixelFormat::Rgba16 << PixelFormat::Rgb8 << EdgeMode::Inside;
    QTest::addRow("16 bit, both") << PixelFormat::Rgba16 << PixelFormat::Rgba16 << EdgeMode::Inside;
    QTest::addRow("centred") << PixelFormat::Rgba8 << PixelFormat::Rgb8 << EdgeMode::Centred;
    QTest::addRow("outward") << PixelFormat::Rgba16 << PixelFormat::Rgb8 << EdgeMode::Outward;
}

void TstComposite::unpainted_neverChanges()
{
    QFETCH(PixelFormat, target);
    QFETCH(PixelFormat, patch);
    QFETCH(EdgeMode, edge);
    RandomPictures random(21);
    for (int round = 0; round < 150; ++round) {
        const Extent extent{ random.number(1, 300), random.number(1, 90) };
        const Raster before = Raster::fromImage(random.noise(extent, target).view());
        const ImageBuffer paint = random.mask(extent);
        const Result<ImageBuffer> blend = blendMask(paint.view(), { edge, random.number(1, 20) });
        QVERIFY(blend.has_value());
        Raster after = before;
        compositeMasked(after, 0, 0, random.noise(extent, patch).view(), blend->view());
        // Inside, what the artist painted is the limit; the other edges promise their own outline.
        const Mask allowed(Raster::fromImage(edge == EdgeMode::Inside ? paint.view() : blend->view()));
        QCOMPARE(countDifferingOutside(allowed, before, after), std::int64_t{ 0 });
        if (allowed.isBlank()) QVERIFY(replacedTiles(before, after).empty());
    }
}

void TstComposite::fiftyPasses_leaveTheOutsideUntouched()
{
    RandomPictures random(22);
    const Extent extent{ 270, 130 };
    const Raster before = Raster::fromImage(random.noise(extent, PixelFormat::Rgba8).view());
    const ImageBuffer paint = [] {
        ImageBuffer image({ 270, 130 }, PixelFormat::Gray8);
        for (int y = 30; y < 100; ++y) std::fill(image.row(y) + 60, image.row(y) + 265, std::uint8_t{ 255 });
        return image;
    }();
    const Result<ImageBuffer> blend = blendMask(paint.view());
    Raster after = before;
    for (int pass = 0; pass < 50; ++pass) compositeMasked(after, 0, 0, random.noise(extent, PixelFormat::Rgb8).view(), blend->view());
    QCOMPARE(countDifferingOutside(Mask(Raster::fromImage(paint.view())), before, after), std::int64_t{ 0 });
    QVERIFY(!(before == after));
}

void TstComposite::emptyMask_keepsEveryTile()
{
    RandomPictures random(23);
    const Raster before = Raster::fromImage(random.noise({ 300, 300 }, PixelFormat::Rgba8).view());
    Raster after = before;
    compositeMasked(after, 0, 0, random.noise({ 300, 300 }, PixelFormat::Rgb8).view(), ImageBuffer({ 300, 300 }, PixelFormat::Gray8).view());
    QVERIFY(replacedTiles(before, after).empty());
}

void TstComposite::fullBlend_givesThePatch()
{
    RandomPictures random(24);
    ImageBuffer target = random.noise({ 50, 50 }, PixelFormat::Rgba8);
    const ImageBuffer patch = random.noise({ 50, 50 }, PixelFormat::Rgba8);
    ImageBuffer full({ 50, 50 }, PixelFormat::Gray8);
    std::memset(full.bytes(), 255, full.sizeInBytes());
    compositeMasked(target.span(), patch.view(), full.view());
    QVERIFY(target == patch);
}

void TstComposite::partBlend_liesBetween()
{
    RandomPictures random(25);
    for (int round = 0; round < 2000; ++round) {
        const ImageBuffer before = uniform({ 1, 1 }, { static_cast<std::uint8_t>(random.number(0, 255)), 0, 0, 255 });
        const ImageBuffer patch = uniform({ 1, 1 }, { static_cast<std::uint8_t>(random.number(0, 255)), 0, 0, 255 });
        ImageBuffer blend({ 1, 1 }, PixelFormat::Gray8), after = before;
        blend.row(0)[0] = static_cast<std::uint8_t>(random.number(1, 254));
        compositeMasked(after.span(), patch.view(), blend.view());
        const int exact = (before.row(0)[0] * (255 - blend.row(0)[0]) + patch.row(0)[0] * blend.row(0)[0] + 127) / 255;
        QCOMPARE(int{ after.row(0)[0] }, exact);
        QCOMPARE(int{ after.row(0)[3] }, 255);
    }
}

void TstComposite::transparentTarget_takesTheColourOfThePatch()
{
    ImageBuffer target = uniform({ 1, 1 }, { 255, 0, 0, 0 });
    ImageBuffer blend({ 1, 1 }, PixelFormat::Gray8);
    blend.row(0)[0] = 128;
    compositeMasked(target.span(), uniform({ 1, 1 }, { 10, 20, 30, 255 }).view(), blend.view());
    QCOMPARE(target, uniform({ 1, 1 }, { 10, 20, 30, 128 }));
    // Two transparent pixels: nothing shows, and the hidden colour stays.
    ImageBuffer hidden = uniform({ 1, 1 }, { 1, 2, 3, 0 });
    compositeMasked(hidden.span(), uniform({ 1, 1 }, { 200, 200, 200, 0 }).view(), blend.view());
    QCOMPARE(hidden, uniform({ 1, 1 }, { 1, 2, 3, 0 }));
}

void TstComposite::wideTarget_keepsItsDepth()
{
    ImageBuffer target({ 1, 1 }, PixelFormat::Rgba16), blend({ 1, 1 }, PixelFormat::Gray8);
    std::uint16_t* pixel = target.row<std::uint16_t>(0);
    pixel[0] = 1001;
    pixel[3] = 65535;
    blend.row(0)[0] = 51; // one fifth
    compositeMasked(target.span(), uniform({ 1, 1 }, { 10, 0, 0, 255 }).view(), blend.view());
    QCOMPARE(int{ pixel[0] }, (1001 * 204 + 2570 * 51 + 127) / 255);
}

void TstComposite::count_findsASingleBit()
{
    RandomPictures random(26);
    for (const PixelFormat format : { PixelFormat::Rgba8, PixelFormat::Rgba16 }) {
        const ImageBuffer before = random.noise({ 530, 300 }, format);
        ImageBuffer after = before;
        after.bytes()[after.sizeInBytes() - 1] ^= std::byte{ 1 };
        after.bytes()[0] ^= std::byte{ 128 };
        Mask mask({ 530, 300 });
        QCOMPARE(countDifferingOutside(mask, Raster::fromImage(before.view()), Raster::fromImage(after.view())), std::int64_t{ 2 });
        mask.raster().edit({ 0, 0, 1, 1 }, [](ImageSpan pixels, const Bounds&) { pixels.row(0)[0] = 1; });
        QCOMPARE(countDifferingOutside(mask, Raster::fromImage(before.view()), Raster::fromImage(after.view())), std::int64_t{ 1 });
    }
}

void TstComposite::tilesWithoutBlend_keepTheirIdentity()
{
    RandomPictures random(27);
    const Raster before = Raster::fromImage(random.noise({ 1000, 600 }, PixelFormat::Rgba8).view());
    ImageBuffer blend({ 400, 400 }, PixelFormat::Gray8);
    blend.row(10)[10] = 255;
    Raster after = before;
    compositeMasked(after, 300, 100, uniform({ 400, 400 }, { 1, 2, 3, 255 }).view(), blend.view());
    QCOMPARE(replacedTiles(before, after), (std::vector<TileIndex>{ { 1, 0 } }));
    // Beyond the edge the patch is cut.
    Raster corner = before;
    compositeMasked(corner, 999 - 10, 599 - 10, uniform({ 400, 400 }, { 1, 2, 3, 255 }).view(), blend.view());
    QCOMPARE(corner.toImage({ 999, 599, 1, 1 }), uniform({ 1, 1 }, { 1, 2, 3, 255 }));
}

QTEST_APPLESS_MAIN(TstComposite)
#include "tst_composite.moc"
