// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/mask_shaping.h"
#include "tests/unit/imaging/random_pictures.h"

#include <QTest>

#include <set>

using namespace sfumato;
using namespace sfumato::imaging;

class TstMaskShaping : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void grow_isTheGreatestValueWithinADisc();
    void grow_ofGreyMasks_isCloseAndNeverSmaller();
    void shrink_isTheReverseOnTheComplement();
    void emptyAndFull_stay();
    void feather_keepsTheMassAndIsSmooth_data();
    void feather_keepsTheMassAndIsSmooth();
    void feather_atThePictureBorder_staysFull();
    void feather_ofTinyPictures_works();
};

namespace {

std::uint8_t greatestWithin(const ImageBuffer& mask, int cx, int cy, int radius)
{
    std::uint8_t greatest = 0;
    for (int y = std::max(0, cy - radius); y <= std::min(mask.height() - 1, cy + radius); ++y) {
        for (int x = std::max(0, cx - radius); x <= std::min(mask.width() - 1, cx + radius); ++x) {
            if ((x - cx) * (x - cx) + (y - cy) * (y - cy) <= radius * radius) greatest = std::max(greatest, mask.row(y)[x]);
        }
    }
    return greatest;
}

std::size_t levelCount(const ImageBuffer& mask)
{
    return std::set<std::byte>(mask.bytes(), mask.bytes() + mask.sizeInBytes()).size();
}

} // namespace

void TstMaskShaping::grow_isTheGreatestValueWithinADisc()
{
    RandomPictures random(51);
    int compared = 0;
    for (int round = 0; round < 60; ++round) {
        const ImageBuffer mask = random.mask({ random.number(1, 70), random.number(1, 70) });
        if (levelCount(mask) > 16) continue;
        const int px = random.number(0, 25);
        const Result<ImageBuffer> grown = growMask(mask.view(), px);
        QVERIFY(grown.has_value());
        for (int y = 0; y < mask.height(); ++y) {
            for (int x = 0; x < mask.width(); ++x) QCOMPARE(grown->row(y)[x], greatestWithin(mask, x, y, px));
        }
        ++compared;
    }
    QVERIFY(compared > 20);
}

void TstMaskShaping::grow_ofGreyMasks_isCloseAndNeverSmaller()
{
    ImageBuffer ramp({ 200, 40 }, PixelFormat::Gray8);
    for (int y = 0; y < 40; ++y) {
        for (int x = 0; x < 200; ++x) ramp.row(y)[x] = static_cast<std::uint8_t>(x);
    }
    const Result<ImageBuffer> grown = growMask(ramp.view(), 10);
    for (int y = 0; y < 40; ++y) {
        for (int x = 0; x < 200; ++x) {
            const int exact = greatestWithin(ramp, x, y, 10);
            QVERIFY(grown->row(y)[x] >= ramp.row(y)[x]);
            QVERIFY(grown->row(y)[x] <= exact && grown->row(y)[x] >= exact - 14);
        }
    }
}

void TstMaskShaping::shrink_isTheReverseOnTheComplement()
{
    RandomPictures random(52);
    for (int round = 0; round < 20; ++round) {
        const ImageBuffer mask = random.mask({ 60, 50 });
        ImageBuffer complement = mask;
        for (std::size_t i = 0; i < complement.sizeInBytes(); ++i) complement.bytes()[i] = ~complement.bytes()[i];
        Result<ImageBuffer> shrunk = growMask(mask.view(), -5);
        const Result<ImageBuffer> grown = growMask(complement.view(), 5);
        for (std::size_t i = 0; i < complement.sizeInBytes(); ++i) QCOMPARE(shrunk->bytes()[i], ~grown->bytes()[i]);
    }
}

void TstMaskShaping::emptyAndFull_stay()
{
    const ImageBuffer empty({ 40, 30 }, PixelFormat::Gray8);
    ImageBuffer full = empty;
    std::memset(full.bytes(), 255, full.sizeInBytes());
    for (const int px : { -200, -1, 0, 1, 200, 1'000'000 }) {
        QVERIFY(*growMask(empty.view(), px) == empty);
        QVERIFY(*growMask(full.view(), px) == full);
    }
    for (const double px : { 0.0, 3.0, 64.0 }) {
        QVERIFY(*featherMask(empty.view(), px) == empty);
        QVERIFY(*featherMask(full.view(), px) == full);
    }
}

void TstMaskShaping::feather_keepsTheMassAndIsSmooth_data()
{
    QTest::addColumn<double>("px");
    for (const double px : { 2.0, 15.0, 17.0, 40.0, 90.0 }) QTest::addRow("%g px", px) << px;
}

void TstMaskShaping::feather_keepsTheMassAndIsSmooth()
{
    QFETCH(double, px);
    ImageBuffer mask({ 600, 20 }, PixelFormat::Gray8);
    for (int y = 0; y < 20; ++y) std::fill(mask.row(y) + 300, mask.row(y) + 600, std::uint8_t{ 255 });
    const Result<ImageBuffer> soft = featherMask(mask.view(), px);
    for (int x = 0; x < 600; ++x) {
        // A step under a Gaussian is the normal distribution.
        const double exact = 255.0 * 0.5 * std::erfc(-(x + 0.5 - 300.0) / (px / 2.0) / std::sqrt(2.0));
        QVERIFY2(std::abs(soft->row(10)[x] - exact) < 5.0, qPrintable(QStringLiteral("%1: %2, %3").arg(x).arg(soft->row(10)[x]).arg(exact)));
    }
}

void TstMaskShaping::feather_atThePictureBorder_staysFull()
{
    ImageBuffer mask({ 100, 100 }, PixelFormat::Gray8);
    for (int y = 0; y < 100; ++y) std::fill(mask.row(y), mask.row(y) + 50, std::uint8_t{ 255 });
    for (const double px : { 10.0, 30.0 }) {
        const Result<ImageBuffer> soft = featherMask(mask.view(), px);
        QCOMPARE(int{ soft->row(0)[0] }, 255);
        QCOMPARE(soft->row(0)[50], soft->row(60)[50]);
    }
}

void TstMaskShaping::feather_ofTinyPictures_works()
{
    ImageBuffer mask({ 1, 3 }, PixelFormat::Gray8);
    mask.row(1)[0] = 255;
    for (const double px : { 1.0, 20.0, 300.0 }) QVERIFY(featherMask(mask.view(), px).has_value());
    QVERIFY(featherMask(ImageBuffer({ 0, 0 }, PixelFormat::Gray8).view(), 5.0).has_value());
}

QTEST_APPLESS_MAIN(TstMaskShaping)
#include "tst_mask_shaping.moc"
