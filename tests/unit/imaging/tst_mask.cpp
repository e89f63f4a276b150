// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/mask.h"
#include "core/imaging/pixel_conversion.h"
#include "tests/unit/imaging/random_pictures.h"

#include <QTest>

using namespace sfumato;
using namespace sfumato::imaging;

class TstMask : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void figures_agreeWithAPlainCount();
    void inverted_twice_isTheSame();
    void thresholded_splitsAtTheLevel();
    void brightness_ofColours_paints();
    void widening_andNarrowing_isExact();
    void flattening_putsTheColourUnderneath();
};

void TstMask::figures_agreeWithAPlainCount()
{
    RandomPictures random(11);
    for (int round = 0; round < 60; ++round) {
        const ImageBuffer image = random.mask({ random.number(1, 400), random.number(1, 400) });
        const Mask mask{ Raster::fromImage(image.view()) };
        Bounds bounds;
        std::int64_t count = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                QCOMPARE(mask.valueAt(x, y), image.row(y)[x]);
                if (image.row(y)[x] == 0) continue;
                ++count;
                bounds = bounds.united({ x, y, 1, 1 });
            }
        }
        QCOMPARE(mask.paintedBounds(), bounds);
        QCOMPARE(paintedBounds(image.view()), bounds);
        QCOMPARE(mask.paintedCount(), count);
        QCOMPARE(mask.isBlank(), count == 0);
    }
    QCOMPARE(Mask({ 10, 10 }).valueAt(-1, 30), std::uint8_t{ 0 });
}

void TstMask::inverted_twice_isTheSame()
{
    RandomPictures random(12);
    for (int round = 0; round < 20; ++round) {
        const Mask mask{ Raster::fromImage(random.mask({ 300, 270 }).view()) };
        const Mask inverse = mask.inverted();
        QCOMPARE(int{ inverse.valueAt(299, 269) }, 255 - int{ mask.valueAt(299, 269) });
        QVERIFY(inverse.inverted() == mask);
    }
    // A full mask on a raster that is no multiple of the tile size leaves nothing painted beyond its edge.
    QCOMPARE(Mask({ 300, 270 }).inverted().paintedCount(), std::int64_t{ 300 * 270 });
}

void TstMask::thresholded_splitsAtTheLevel()
{
    ImageBuffer ramp({ 256, 1 }, PixelFormat::Gray8);
    for (int x = 0; x < 256; ++x) ramp.row(0)[x] = static_cast<std::uint8_t>(x);
    const Mask mask = Mask(Raster::fromImage(ramp.view())).thresholded(64);
    QCOMPARE(mask.valueAt(63, 0), std::uint8_t{ 0 });
    QCOMPARE(mask.valueAt(64, 0), std::uint8_t{ 255 });
    QCOMPARE(mask.paintedCount(), std::int64_t{ 192 });
}

void TstMask::brightness_ofColours_paints()
{
    const auto valueOf = [](std::array<std::uint8_t, 4> color) { return int{ Mask::fromImage(uniform({ 1, 1 }, color).view()).valueAt(0, 0) }; };
    QCOMPARE(valueOf({ 255, 255, 255, 255 }), 255);
    QCOMPARE(valueOf({ 0, 0, 0, 255 }), 0);
    QCOMPARE(valueOf({ 255, 255, 255, 0 }), 0);
    QCOMPARE(valueOf({ 255, 255, 255, 128 }), 128);
    QCOMPARE(valueOf({ 0, 255, 0, 255 }), 182); // 0.7152
    for (int gray = 0; gray < 256; ++gray) {
        const auto level = static_cast<std::uint8_t>(gray);
        QCOMPARE(valueOf({ level, level, level, 255 }), gray);
    }
}

void TstMask::widening_andNarrowing_isExact()
{
    const ImageBuffer image = RandomPictures(13).noise({ 64, 64 }, PixelFormat::Rgba8);
    const ImageBuffer wide = convertPixels(image.view(), PixelFormat::Rgba16);
    QCOMPARE(int{ wide.row<std::uint16_t>(3)[5] }, 257 * int{ image.row(3)[5] });
    QVERIFY(convertPixels(wide.view(), PixelFormat::Rgba8) == image);
    const ImageBuffer rgb = convertPixels(image.view(), PixelFormat::Rgb8);
    QCOMPARE(rgb.row(9)[3 * 7 + 2], image.row(9)[4 * 7 + 2]);
    QCOMPARE(convertPixels(rgb.view(), PixelFormat::Rgba8).row(9)[4 * 7 + 3], std::uint8_t{ 255 });
}

void TstMask::flattening_putsTheColourUnderneath()
{
    const ImageBuffer image = uniform({ 2, 2 }, { 100, 0, 200, 51 });
    const ImageBuffer white = flattened(image.view());
    QCOMPARE(white.format(), PixelFormat::Rgb8);
    QCOMPARE(int{ white.row(1)[3] }, (100 * 51 + 255 * 204 + 127) / 255);
    QCOMPARE(int{ alphaChannel(image.view()).row(0)[0] }, 51);
}

QTEST_APPLESS_MAIN(TstMask)
#include "tst_mask.moc"
