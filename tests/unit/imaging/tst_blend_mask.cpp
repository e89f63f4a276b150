// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/blend_mask.h"
#include "tests/unit/imaging/random_pictures.h"

#include <QTest>

using namespace sfumato;
using namespace sfumato::imaging;

class TstBlendMask : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void inside_isZeroWhereNothingWasPainted();
    void inside_isFullTwelvePixelsIn();
    void inside_fadesMonotonouslyAcrossTheEdge();
    void inside_thinStrokesStillReachFullStrength_data();
    void inside_thinStrokesStillReachFullStrength();
    void inside_agreesWithTheRuleTakenLiterally();
    void inside_faintPaintIsPastedInPart();
    void inside_pictureBorderIsNoEdge();
    void outward_coversThePaintAndStopsAtItsReach();
    void centred_isHalfOnTheEdge();
    void fullMask_isFullEverywhere();
    void wrongReach_isRefused();
};

namespace {

ImageBuffer boxMask(Extent extent, const Bounds& box, std::uint8_t value = 255)
{
    ImageBuffer mask(extent, PixelFormat::Gray8);
    for (int y = box.y; y < box.bottom(); ++y) std::fill(mask.row(y) + box.x, mask.row(y) + box.right(), value);
    return mask;
}

double distanceToUnpainted(const ImageBuffer& mask, int px, int py)
{
    double nearest = 1e9;
    for (int y = 0; y < mask.height(); ++y) {
        for (int x = 0; x < mask.width(); ++x) {
            if (mask.row(y)[x] == 0) nearest = std::min(nearest, std::hypot(x - px, y - py));
        }
    }
    return nearest;
}

} // namespace

void TstBlendMask::inside_isZeroWhereNothingWasPainted()
{
    RandomPictures random(31);
    for (int round = 0; round < 300; ++round) {
        const ImageBuffer paint = random.mask({ random.number(1, 120), random.number(1, 120) });
        const Result<ImageBuffer> blend = blendMask(paint.view());
        QVERIFY(blend.has_value());
        for (int y = 0; y < paint.height(); ++y) {
            for (int x = 0; x < paint.width(); ++x) QVERIFY(paint.row(y)[x] != 0 || blend->row(y)[x] == 0);
        }
    }
}

void TstBlendMask::inside_isFullTwelvePixelsIn()
{
    const ImageBuffer paint = boxMask({ 200, 160 }, { 20, 30, 150, 100 });
    const Result<ImageBuffer> blend = blendMask(paint.view());
    for (int y = 30 + 12; y < 130 - 12; ++y) {
        for (int x = 20 + 12; x < 170 - 12; ++x) QCOMPARE(blend->row(y)[x], std::uint8_t{ 255 });
    }
    QVERIFY(blend->row(80)[20] < 8);
    QVERIFY(blend->row(80)[25] > 60 && blend->row(80)[25] < 200);
}

void TstBlendMask::inside_fadesMonotonouslyAcrossTheEdge()
{
    const Result<ImageBuffer> blend = blendMask(boxMask({ 200, 160 }, { 20, 30, 150, 100 }).view());
    for (int x = 20; x < 90; ++x) QVERIFY(blend->row(80)[x] >= blend->row(80)[x - 1]);
    for (int x = 21; x < 90; ++x) QVERIFY(blend->row(80)[x] - blend->row(80)[x - 1] < 45); // no step that the eye sees
}

void TstBlendMask::inside_thinStrokesStillReachFullStrength_data()
{
    QTest::addColumn<int>("thickness");
    for (const int thickness : { 1, 2, 3, 4, 7, 12, 30, 60 }) QTest::addRow("%d px", thickness) << thickness;
}

void TstBlendMask::inside_thinStrokesStillReachFullStrength()
{
    QFETCH(int, thickness);
    const Result<ImageBuffer> blend = blendMask(boxMask({ 200, 120 }, { 0, 20, 200, thickness }).view());
    const int middle = 20 + thickness / 2;
    QCOMPARE(blend->row(middle)[100], std::uint8_t{ 255 });
    // Half of a stroke of any thickness is pasted fully, as far as whole pixels allow.
    int full = 0;
    for (int y = 20; y < 20 + thickness; ++y) full += blend->row(y)[100] == 255 ? 1 : 0;
    QVERIFY(full * 2 >= thickness - 1);
}

void TstBlendMask::inside_agreesWithTheRuleTakenLiterally()
{
    RandomPictures random(32);
    for (int round = 0; round < 12; ++round) {
        const ImageBuffer paint = random.mask({ 48, 40 });
        const Result<ImageBuffer> blend = blendMask(paint.view());
        std::vector<double> distance(48 * 40);
        for (int i = 0; i < 48 * 40; ++i) distance[static_cast<std::size_t>(i)] = distanceToUnpainted(paint, i % 48, i / 48);
        for (int i = 0; i < 48 * 40; ++i) {
            const int x = i % 48, y = i / 48;
            if (paint.row(y)[x] < kFullPaintLevel) continue;
            double radius = 0.0; // of the largest disc inside the paint that covers the pixel
            for (int j = 0; j < 48 * 40; ++j) {
                const double reach = distance[static_cast<std::size_t>(j)];
                if (std::hypot(j % 48 - x, j / 48 - y) < reach) radius = std::max(radius, reach);
            }
            const double fade = std::min(12.0, (2.0 * radius - 1.0) / 4.0), depth = distance[static_cast<std::size_t>(i)] - 0.5;
            if (depth >= fade) QCOMPARE(int{ blend->row(y)[x] }, 255);
            const double t = std::min(depth / fade, 1.0);
            QVERIFY2(std::abs(blend->row(y)[x] / 255.0 - t * t * (3 - 2 * t)) < 0.12, qPrintable(QStringLiteral("%1, %2: %3").arg(x).arg(y).arg(blend->row(y)[x])));
        }
    }
}

void TstBlendMask::inside_faintPaintIsPastedInPart()
{
    const auto valueFor = [](std::uint8_t paint) { return int{ blendMask(boxMask({ 100, 100 }, { 10, 10, 80, 80 }, paint).view())->row(50)[50] }; };
    QCOMPARE(valueFor(kFullPaintLevel), 255);
    QCOMPARE(valueFor(200), 255);
    QVERIFY(valueFor(32) > 100 && valueFor(32) < 155);
    QVERIFY(valueFor(8) > 0 && valueFor(8) < 40);
}

void TstBlendMask::inside_pictureBorderIsNoEdge()
{
    const Result<ImageBuffer> blend = blendMask(boxMask({ 100, 100 }, { 0, 0, 60, 100 }).view());
    QCOMPARE(int{ blend->row(0)[0] }, 255);
    QCOMPARE(int{ blend->row(99)[20] }, 255);
    QVERIFY(blend->row(50)[59] < 8);
}

void TstBlendMask::outward_coversThePaintAndStopsAtItsReach()
{
    RandomPictures random(33);
    for (int round = 0; round < 60; ++round) {
        const BlendEdge edge{ EdgeMode::Outward, random.number(1, 12) };
        const ImageBuffer paint = random.mask({ 70, 60 });
        const Result<ImageBuffer> blend = blendMask(paint.view(), edge);
        for (int y = 0; y < 60; ++y) {
            for (int x = 0; x < 70; ++x) {
                if (paint.row(y)[x] >= kFullPaintLevel) QCOMPARE(int{ blend->row(y)[x] }, 255);
                if (blend->row(y)[x] == 0) continue;
                double nearest = 1e9;
                for (int j = 0; j < 70 * 60; ++j) {
                    if (paint.row(j / 70)[j % 70] != 0) nearest = std::min(nearest, std::hypot(j % 70 - x, j / 70 - y));
                }
                QVERIFY(nearest <= outsideReach(edge));
            }
        }
    }
    QCOMPARE(outsideReach({ EdgeMode::Inside, 8 }), 0);
    QCOMPARE(outsideReach({ EdgeMode::Outward, 8 }), 8);
}

void TstBlendMask::centred_isHalfOnTheEdge()
{
    const BlendEdge edge{ EdgeMode::Centred, 20 };
    const Result<ImageBuffer> blend = blendMask(boxMask({ 200, 200 }, { 50, 50, 100, 100 }).view(), edge);
    const std::uint8_t* row = blend->row(100);
    QVERIFY(std::abs((row[49] + row[50]) / 2 - 128) <= 2);
    QCOMPARE(int{ row[62] }, 255);
    QCOMPARE(int{ row[38] }, 0);
    QCOMPARE(outsideReach(edge), 10);
    for (int x = 38; x < 62; ++x) QVERIFY(row[x + 1] >= row[x]);
}

void TstBlendMask::fullMask_isFullEverywhere()
{
    for (const EdgeMode mode : { EdgeMode::Inside, EdgeMode::Centred, EdgeMode::Outward }) {
        const ImageBuffer paint = boxMask({ 90, 70 }, { 0, 0, 90, 70 });
        QVERIFY(*blendMask(paint.view(), { mode, 8 }) == paint);
    }
}

void TstBlendMask::wrongReach_isRefused()
{
    const Result<ImageBuffer> refused = blendMask(boxMask({ 10, 10 }, { 2, 2, 4, 4 }).view(), { EdgeMode::Outward, 0 });
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().code, ErrorCode::InvalidRequest);
}

QTEST_APPLESS_MAIN(TstBlendMask)
#include "tst_blend_mask.moc"
