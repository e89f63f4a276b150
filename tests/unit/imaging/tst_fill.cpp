// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/fill.h"
#include "tests/unit/imaging/random_pictures.h"

#include <QTest>

using namespace sfumato;
using namespace sfumato::imaging;

class TstFill : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void unmasked_keepsEveryBit_data();
    void unmasked_keepsEveryBit();
    void maskedContent_leavesNoTrace();
    void blur_continuesTheSurroundings();
    void border_continuesAnEdge();
    void neutral_isMidGrey();
    void transparentPixels_areNoSource();
    void fullMask_givesMidGrey();
    void partMask_mixes();
    void otherSizes_areRefused();
};

namespace {

const FillMode kModes[] = { FillMode::Original, FillMode::Blur, FillMode::Border, FillMode::Neutral };

ImageBuffer boxMask(Extent extent, const Bounds& box, std::uint8_t value = 255)
{
    ImageBuffer mask(extent, PixelFormat::Gray8);
    for (int y = box.y; y < box.bottom(); ++y) std::fill(mask.row(y) + box.x, mask.row(y) + box.right(), value);
    return mask;
}

void paintBox(ImageBuffer& image, const Bounds& box, std::array<std::uint8_t, 4> color)
{
    for (int y = box.y; y < box.bottom(); ++y) {
        for (int x = box.x; x < box.right(); ++x) std::copy(color.begin(), color.end(), image.row(y) + 4 * x);
    }
}

} // namespace

void TstFill::unmasked_keepsEveryBit_data()
{
    QTest::addColumn<PixelFormat>("format");
    QTest::addRow("RGB 8") << PixelFormat::Rgb8;
    QTest::addRow("RGBA 8") << PixelFormat::Rgba8;
    QTest::addRow("RGBA 16") << PixelFormat::Rgba16;
}

void TstFill::unmasked_keepsEveryBit()
{
    QFETCH(PixelFormat, format);
    RandomPictures random(61);
    for (int round = 0; round < 25; ++round) {
        const Extent extent{ random.number(1, 80), random.number(1, 80) };
        const ImageBuffer image = random.noise(extent, format), mask = random.mask(extent);
        for (const FillMode mode : kModes) {
            const Result<ImageBuffer> filled = fillMasked(image.view(), mask.view(), mode);
            QVERIFY(filled.has_value());
            QCOMPARE(filled->format(), format);
            const std::ptrdiff_t size = bytesPerPixel(format);
            for (int y = 0; y < extent.height; ++y) {
                for (int x = 0; x < extent.width; ++x) {
                    const bool same = std::equal(filled->row(y) + x * size, filled->row(y) + (x + 1) * size, image.row(y) + x * size);
                    QVERIFY(same || (mask.row(y)[x] != 0 && mode != FillMode::Original));
                }
            }
        }
    }
}

void TstFill::maskedContent_leavesNoTrace()
{
    const Bounds hole{ 20, 20, 30, 30 };
    for (const FillMode mode : { FillMode::Blur, FillMode::Border, FillMode::Neutral }) {
        ImageBuffer first = uniform({ 80, 80 }, { 50, 120, 200, 255 }), second = first;
        paintBox(first, hole, { 255, 0, 0, 255 });
        paintBox(second, hole, { 0, 255, 0, 255 });
        const ImageBuffer mask = boxMask({ 80, 80 }, hole);
        QVERIFY(*fillMasked(first.view(), mask.view(), mode) == *fillMasked(second.view(), mask.view(), mode));
    }
}

void TstFill::blur_continuesTheSurroundings()
{
    ImageBuffer image = uniform({ 100, 100 }, { 40, 80, 160, 255 });
    paintBox(image, { 50, 0, 50, 100 }, { 200, 180, 20, 255 });
    const Bounds hole{ 30, 30, 40, 40 };
    paintBox(image, hole, { 255, 0, 255, 255 });
    const Result<ImageBuffer> filled = fillMasked(image.view(), boxMask({ 100, 100 }, hole).view(), FillMode::Blur);
    QVERIFY(filled->row(50)[4 * 31] < 90);
    QVERIFY(filled->row(50)[4 * 68] > 150);
    for (int y = 30; y < 70; ++y) {
        for (int x = 30; x < 70; ++x) QVERIFY(filled->row(y)[4 * x] >= 39 && filled->row(y)[4 * x] <= 201 && filled->row(y)[4 * x + 1] >= 79);
    }
}

void TstFill::border_continuesAnEdge()
{
    ImageBuffer image = uniform({ 120, 60 }, { 20, 20, 20, 255 });
    paintBox(image, { 0, 30, 120, 30 }, { 230, 230, 230, 255 });
    const Bounds hole{ 50, 15, 16, 30 };
    const Result<ImageBuffer> filled = fillMasked(image.view(), boxMask({ 120, 60 }, hole).view(), FillMode::Border);
    // Dark above, light below, and the change happens near row 30, also in the middle of the hole.
    QVERIFY(filled->row(20)[4 * 58] < 80);
    QVERIFY(filled->row(40)[4 * 58] > 170);
}

void TstFill::neutral_isMidGrey()
{
    const ImageBuffer mask = boxMask({ 10, 10 }, { 2, 2, 5, 5 });
    const Result<ImageBuffer> filled = fillMasked(uniform({ 10, 10 }, { 1, 2, 3, 255 }).view(), mask.view(), FillMode::Neutral);
    QCOMPARE(int{ filled->row(4)[4 * 4] }, 128);
    QCOMPARE(int{ filled->row(4)[4 * 4 + 2] }, 128);
}

void TstFill::transparentPixels_areNoSource()
{
    // The picture was extended to the right: that part is transparent and black.
    ImageBuffer image = uniform({ 100, 40 }, { 90, 150, 60, 255 });
    paintBox(image, { 50, 0, 50, 40 }, { 0, 0, 0, 0 });
    for (const FillMode mode : { FillMode::Blur, FillMode::Border }) {
        const Result<ImageBuffer> filled = fillMasked(image.view(), boxMask({ 100, 40 }, { 50, 0, 50, 40 }).view(), mode);
        for (const int x : { 52, 75, 99 }) {
            QVERIFY(std::abs(filled->row(20)[4 * x] - 90) <= 2);
            QVERIFY(std::abs(filled->row(20)[4 * x + 1] - 150) <= 2);
            QCOMPARE(int{ filled->row(20)[4 * x + 3] }, 255);
        }
    }
}

void TstFill::fullMask_givesMidGrey()
{
    const Extent extent{ 30, 30 };
    for (const FillMode mode : { FillMode::Blur, FillMode::Border, FillMode::Neutral }) {
        const Result<ImageBuffer> filled = fillMasked(RandomPictures(62).noise(extent, PixelFormat::Rgb8).view(), boxMask(extent, { 0, 0, 30, 30 }).view(), mode);
        for (std::size_t i = 0; i < filled->sizeInBytes(); ++i) QCOMPARE(filled->bytes()[i], std::byte{ 128 });
    }
}

void TstFill::partMask_mixes()
{
    const Result<ImageBuffer> filled = fillMasked(uniform({ 9, 9 }, { 0, 0, 0, 255 }).view(), boxMask({ 9, 9 }, { 3, 3, 3, 3 }, 51).view(), FillMode::Neutral);
    QCOMPARE(int{ filled->row(4)[4 * 4] }, 26);
}

void TstFill::otherSizes_areRefused()
{
    const Result<ImageBuffer> refused = fillMasked(uniform({ 4, 4 }, { 0, 0, 0, 0 }).view(), ImageBuffer({ 4, 5 }, PixelFormat::Gray8).view(), FillMode::Blur);
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().code, ErrorCode::InvalidRequest);
}

QTEST_APPLESS_MAIN(TstFill)
#include "tst_fill.moc"
