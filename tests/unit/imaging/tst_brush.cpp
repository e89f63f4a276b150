// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/brush.h"

#include <QTest>

#include <cmath>
#include <numbers>
#include <vector>

using namespace sfumato;
using namespace sfumato::imaging;

class TstBrush : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void singleDab_hasTheAreaOfItsDisc_data();
    void singleDab_hasTheAreaOfItsDisc();
    void dab_isRotationallySymmetric();
    void softness_fallsMonotonously();
    void overlaps_neverGrowDarker();
    void secondStroke_addsToTheFirst();
    void eraser_takesAway();
    void dirtyBounds_holdEveryChange();
    void strokeWithoutChange_reportsNothing();
    void line_isCoveredWithoutGaps();
    void smoothing_endsAtThePen();
    void pressure_scalesTheDab();
    void strangePoints_doNoHarm();
};

namespace {

BrushSettings hardBrush(double size)
{
    BrushSettings settings;
    settings.sizePx = size;
    settings.hardness = 1.0;
    settings.smoothing = 0.0;
    return settings;
}

double paintedArea(const Mask& mask)
{
    const ImageBuffer image = mask.toImage();
    double sum = 0.0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) sum += image.row(y)[x] / 255.0;
    }
    return sum;
}

} // namespace

void TstBrush::singleDab_hasTheAreaOfItsDisc_data()
{
    QTest::addColumn<double>("size");
    QTest::addColumn<double>("x");
    for (const double size : { 1.0, 2.0, 3.5, 8.0, 64.0, 300.0 }) {
        for (const double x : { 200.0, 200.3, 200.5 }) QTest::addRow("%g px at %g", size, x) << size << x;
    }
}

void TstBrush::singleDab_hasTheAreaOfItsDisc()
{
    QFETCH(double, size);
    QFETCH(double, x);
    const std::vector<StrokePoint> point{ { x, 200.0, 1.0 } };
    const double area = paintedArea(paintStroke(Mask({ 400, 400 }), hardBrush(size), point));
    const double exact = std::numbers::pi * size * size / 4.0;
    QVERIFY2(std::abs(area - exact) <= std::max(0.5, 0.06 * exact), qPrintable(QStringLiteral("%1 instead of %2").arg(area).arg(exact)));
}

void TstBrush::dab_isRotationallySymmetric()
{
    BrushSettings settings = hardBrush(41.0);
    settings.hardness = 0.5;
    const std::vector<StrokePoint> centre{ { 32.5, 32.5, 1.0 } };
    const ImageBuffer image = paintStroke(Mask({ 65, 65 }), settings, centre).toImage();
    for (int y = 0; y < 65; ++y) {
        for (int x = 0; x < 65; ++x) {
            QCOMPARE(image.row(y)[x], image.row(x)[y]);
            QCOMPARE(image.row(y)[x], image.row(64 - y)[x]);
        }
    }
    QCOMPARE(image.row(32)[32], std::uint8_t{ 255 });
}

void TstBrush::softness_fallsMonotonously()
{
    BrushSettings settings = hardBrush(100.0);
    settings.hardness = 0.2;
    const std::vector<StrokePoint> centre{ { 100.5, 100.5, 1.0 } };
    const ImageBuffer image = paintStroke(Mask({ 201, 201 }), settings, centre).toImage();
    for (int x = 101; x < 201; ++x) QVERIFY(image.row(100)[x] <= image.row(100)[x - 1]);
    QCOMPARE(image.row(100)[100 + 9], std::uint8_t{ 255 });
    QVERIFY(image.row(100)[100 + 30] > 60 && image.row(100)[100 + 30] < 200);
    QCOMPARE(image.row(100)[100 + 52], std::uint8_t{ 0 });
}

void TstBrush::overlaps_neverGrowDarker()
{
    BrushSettings settings = hardBrush(40.0);
    settings.strength = 0.5;
    std::vector<StrokePoint> points;
    for (int round = 0; round < 5; ++round) {
        points.push_back({ 50.0, 100.0, 1.0 });
        points.push_back({ 150.0, 100.0, 1.0 });
    }
    const ImageBuffer image = paintStroke(Mask({ 200, 200 }), settings, points).toImage();
    const std::uint8_t* row = image.row(100);
    QCOMPARE(int{ *std::max_element(row, row + 200) }, 128);
    QCOMPARE(int{ row[100] }, 128);
}

void TstBrush::secondStroke_addsToTheFirst()
{
    BrushSettings settings = hardBrush(40.0);
    settings.strength = 0.5;
    const std::vector<StrokePoint> point{ { 50.0, 50.0, 1.0 } };
    const Mask once = paintStroke(Mask({ 100, 100 }), settings, point);
    const Mask twice = paintStroke(once, settings, point);
    QCOMPARE(int{ once.valueAt(50, 50) }, 128);
    QCOMPARE(int{ twice.valueAt(50, 50) }, 192);
}

void TstBrush::eraser_takesAway()
{
    const std::vector<StrokePoint> point{ { 50.0, 50.0, 1.0 } };
    const Mask painted = paintStroke(Mask({ 100, 100 }), hardBrush(60.0), point);
    BrushSettings eraser = hardBrush(60.0);
    eraser.erase = true;
    QVERIFY(paintStroke(painted, eraser, point).paintedCount() < 400); // the anti-aliased rim stays faint
    eraser.sizePx = 70.0;
    QVERIFY(paintStroke(painted, eraser, point).isBlank());
    eraser.strength = 0.5;
    QCOMPARE(int{ paintStroke(painted, eraser, point).valueAt(50, 50) }, 127);
}

void TstBrush::dirtyBounds_holdEveryChange()
{
    BrushSettings settings;
    settings.sizePx = 37.0;
    BrushStroke stroke(Mask({ 600, 400 }), settings);
    Mask before = stroke.mask();
    Bounds all;
    for (int i = 0; i <= 30; ++i) {
        const StrokePoint point{ 300.0 + 320.0 * std::cos(i * 0.7), 200.0 + 220.0 * std::sin(i * 1.1), (i % 5) / 4.0 };
        const Bounds dirty = i < 30 ? stroke.extendTo(point) : stroke.finish();
        all = all.united(dirty);
        for (const TileIndex index : replacedTiles(before.raster(), stroke.mask().raster())) {
            const Bounds area = before.raster().tileBounds(index);
            const ImageBuffer old = before.toImage(area), now = stroke.mask().toImage(area);
            for (int y = 0; y < area.height; ++y) {
                for (int x = 0; x < area.width; ++x) QVERIFY(old.row(y)[x] == now.row(y)[x] || dirty.contains(area.x + x, area.y + y));
            }
        }
        before = stroke.mask();
    }
    QCOMPARE(stroke.dirtyBounds(), all);
    QVERIFY(stroke.dirtyBounds().contains(stroke.mask().paintedBounds()));
    QVERIFY(stroke.before().isBlank());
}

void TstBrush::strokeWithoutChange_reportsNothing()
{
    BrushSettings eraser = hardBrush(50.0);
    eraser.erase = true;
    BrushStroke stroke(Mask({ 300, 300 }), eraser);
    QVERIFY(stroke.extendTo({ 100.0, 100.0, 1.0 }).isEmpty());
    QVERIFY(stroke.extendTo({ 200.0, 100.0, 1.0 }).isEmpty());
    QVERIFY(stroke.finish().isEmpty());
    QVERIFY(replacedTiles(stroke.before().raster(), stroke.mask().raster()).empty());

    BrushStroke outside(Mask({ 300, 300 }), hardBrush(50.0));
    QVERIFY(outside.extendTo({ -500.0, 100.0, 1.0 }).isEmpty());
}

void TstBrush::line_isCoveredWithoutGaps()
{
    const std::vector<StrokePoint> points{ { 20.0, 100.0, 1.0 }, { 980.0, 130.0, 1.0 } };
    const Mask mask = paintStroke(Mask({ 1000, 300 }), hardBrush(20.0), points);
    for (int x = 20; x < 980; ++x) QVERIFY(mask.valueAt(x, static_cast<int>(100.0 + (x - 20) * 30.0 / 960.0)) == 255);
}

void TstBrush::smoothing_endsAtThePen()
{
    BrushSettings settings = hardBrush(10.0);
    settings.smoothing = 0.9;
    BrushStroke stroke(Mask({ 300, 100 }), settings);
    for (double x = 20.0; x <= 250.0; x += 10.0) stroke.extendTo({ x, 50.0, 1.0 });
    QCOMPARE(int{ stroke.mask().valueAt(250, 50) }, 0);
    stroke.finish();
    QCOMPARE(int{ stroke.mask().valueAt(250, 50) }, 255);
    QCOMPARE(int{ stroke.mask().valueAt(135, 50) }, 255);
}

void TstBrush::pressure_scalesTheDab()
{
    const auto widthAt = [](double pressure) {
        const std::vector<StrokePoint> point{ { 100.0, 100.0, pressure } };
        return paintStroke(Mask({ 200, 200 }), hardBrush(100.0), point).paintedBounds().width;
    };
    QVERIFY(std::abs(widthAt(1.0) - 100) <= 1);
    QVERIFY(std::abs(widthAt(0.5) - 50) <= 1);
    QVERIFY(widthAt(0.0) >= 1);
    BrushSettings settings = hardBrush(100.0);
    settings.pressureToSize = false;
    settings.pressureToStrength = true;
    const std::vector<StrokePoint> light{ { 100.0, 100.0, 0.25 } };
    const Mask mask = paintStroke(Mask({ 200, 200 }), settings, light);
    QCOMPARE(int{ mask.valueAt(100, 100) }, 64);
    QVERIFY(mask.paintedBounds().width >= 99);
}

void TstBrush::strangePoints_doNoHarm()
{
    const double nan = std::numeric_limits<double>::quiet_NaN(), infinite = std::numeric_limits<double>::infinity();
    BrushStroke stroke(Mask({ 100, 100 }), hardBrush(5000.0));
    QVERIFY(stroke.finish().isEmpty());
    QVERIFY(stroke.extendTo({ nan, 5.0, 1.0 }).isEmpty());
    QVERIFY(stroke.extendTo({ 5.0, infinite, 1.0 }).isEmpty());
    stroke.extendTo({ -1e300, 1e300, nan });
    stroke.extendTo({ 1e300, -1e300, 7.0 });
    stroke.finish();
    QVERIFY(stroke.mask().raster().bounds().contains(stroke.mask().paintedBounds()));

    BrushStroke onNothing(Mask{}, hardBrush(10.0));
    QVERIFY(onNothing.extendTo({ 0.0, 0.0, 1.0 }).isEmpty());
}

QTEST_APPLESS_MAIN(TstBrush)
#include "tst_brush.moc"
