// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/color_match.h"
#include "tests/unit/imaging/random_pictures.h"

#include <QTest>

using namespace sfumato;
using namespace sfumato::imaging;

class TstColorMatch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalPictures_keepEveryBit();
    void uniformShift_isRemovedInsideToo();
    void slowGradient_isFollowed();
    void largeShift_isLimited();
    void otherContent_isNoColourShift();
    void noMaskOrNoRing_changesNothing();
    void depthAndAlpha_areKept();
    void otherSizes_areRefused();
};

namespace {

constexpr Extent kExtent{ 240, 200 };

// A smooth picture with some detail.
ImageBuffer scene(PixelFormat format = PixelFormat::Rgb8)
{
    ImageBuffer image(kExtent, format);
    for (int y = 0; y < kExtent.height; ++y) {
        for (int x = 0; x < kExtent.width; ++x) {
            const int values[3] = { 70 + x / 3, 90 + y / 3, 120 + (x + y) / 8 + 10 * ((x / 7 + y / 5) % 2) };
            for (int c = 0; c < 3; ++c) {
                if (format == PixelFormat::Rgba16) image.row<std::uint16_t>(y)[4 * x + c] = static_cast<std::uint16_t>(257 * values[c] + 13);
                else
                    image.row(y)[channelCount(format) * x + c] = static_cast<std::uint8_t>(values[c]);
            }
            if (format == PixelFormat::Rgba16) image.row<std::uint16_t>(y)[4 * x + 3] = static_cast<std::uint16_t>(65535 - x);
        }
    }
    return image;
}

ImageBuffer centreMask()
{
    ImageBuffer mask(kExtent, PixelFormat::Gray8);
    for (int y = 75; y < 125; ++y) std::fill(mask.row(y) + 90, mask.row(y) + 150, std::uint8_t{ 255 });
    return mask;
}

template <typename Shift>
ImageBuffer shifted(ImageBuffer image, Shift shift)
{
    for (int y = 0; y < kExtent.height; ++y) {
        for (int i = 0; i < 3 * kExtent.width; ++i) image.row(y)[i] = static_cast<std::uint8_t>(std::clamp(image.row(y)[i] + shift(i / 3, y, i % 3), 0, 255));
    }
    return image;
}

double meanDifference(const ImageBuffer& left, const ImageBuffer& right, const Bounds& area)
{
    double sum = 0.0;
    for (int y = area.y; y < area.bottom(); ++y) {
        for (int i = 3 * area.x; i < 3 * area.right(); ++i) sum += std::abs(left.row(y)[i] - right.row(y)[i]);
    }
    return sum / (3.0 * static_cast<double>(area.extent().area()));
}

constexpr Bounds kInside{ 90, 75, 60, 50 };

} // namespace

void TstColorMatch::equalPictures_keepEveryBit()
{
    const ImageBuffer image = scene();
    QVERIFY(*matchColors(image.view(), image.view(), centreMask().view()) == image);
}

void TstColorMatch::uniformShift_isRemovedInsideToo()
{
    const ImageBuffer original = scene();
    const ImageBuffer generated = shifted(original, [](int, int, int channel) { return channel == 0 ? 8 : -5; });
    const Result<ImageBuffer> matched = matchColors(generated.view(), original.view(), centreMask().view());
    QVERIFY(matched.has_value());
    QVERIFY(meanDifference(generated, original, kInside) > 5.0);
    QVERIFY2(meanDifference(*matched, original, kInside) < 1.0, qPrintable(QString::number(meanDifference(*matched, original, kInside))));
}

void TstColorMatch::slowGradient_isFollowed()
{
    const ImageBuffer original = scene();
    const ImageBuffer generated = shifted(original, [](int x, int, int) { return (x - 120) / 12; });
    const Result<ImageBuffer> matched = matchColors(generated.view(), original.view(), centreMask().view());
    QVERIFY(meanDifference(*matched, original, { 60, 50, 120, 100 }) < 0.6 * meanDifference(generated, original, { 60, 50, 120, 100 }));
}

void TstColorMatch::largeShift_isLimited()
{
    const ImageBuffer original = scene();
    const ImageBuffer generated = shifted(original, [](int, int, int) { return 40; }); // about 16 L
    const Result<ImageBuffer> matched = matchColors(generated.view(), original.view(), centreMask().view());
    const double moved = meanDifference(*matched, generated, kInside);
    QVERIFY2(moved > 15.0 && moved < 25.0, qPrintable(QString::number(moved))); // 8 L
}

void TstColorMatch::otherContent_isNoColourShift()
{
    const ImageBuffer original = scene();
    // A new black object reaches into part of the ring; elsewhere both agree.
    const ImageBuffer generated = shifted(original, [](int x, int y, int) { return x > 160 && y > 60 && y < 140 ? -255 : 0; });
    const Result<ImageBuffer> matched = matchColors(generated.view(), original.view(), centreMask().view());
    QVERIFY(meanDifference(*matched, generated, kInside) < 0.5);
}

void TstColorMatch::noMaskOrNoRing_changesNothing()
{
    const ImageBuffer original = scene();
    const ImageBuffer generated = shifted(original, [](int, int, int) { return 10; });
    const ImageBuffer empty(kExtent, PixelFormat::Gray8);
    QVERIFY(*matchColors(generated.view(), original.view(), empty.view()) == generated);
    ImageBuffer full = empty;
    std::memset(full.bytes(), 255, full.sizeInBytes());
    QVERIFY(*matchColors(generated.view(), original.view(), full.view()) == generated);
    const ImageBuffer nothing;
    QVERIFY(matchColors(nothing.view(), nothing.view(), ImageBuffer({}, PixelFormat::Gray8).view()).has_value());
}

void TstColorMatch::depthAndAlpha_areKept()
{
    const ImageBuffer original = scene(PixelFormat::Rgba16);
    ImageBuffer generated = original;
    for (int y = 0; y < kExtent.height; ++y) {
        for (int x = 0; x < kExtent.width; ++x) generated.row<std::uint16_t>(y)[4 * x] = static_cast<std::uint16_t>(generated.row<std::uint16_t>(y)[4 * x] + 1000);
    }
    const Result<ImageBuffer> matched = matchColors(generated.view(), original.view(), centreMask().view());
    QCOMPARE(matched->format(), PixelFormat::Rgba16);
    double sum = 0.0;
    for (int y = 75; y < 125; ++y) {
        for (int x = 90; x < 150; ++x) {
            QCOMPARE(matched->row<std::uint16_t>(y)[4 * x + 3], original.row<std::uint16_t>(y)[4 * x + 3]);
            sum += std::abs(matched->row<std::uint16_t>(y)[4 * x] - original.row<std::uint16_t>(y)[4 * x]);
        }
    }
    QVERIFY(sum / (50 * 60) < 200.0);
}

void TstColorMatch::otherSizes_areRefused()
{
    const ImageBuffer image = scene();
    const Result<ImageBuffer> refused = matchColors(image.view(), image.view(), ImageBuffer({ 3, 3 }, PixelFormat::Gray8).view());
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().code, ErrorCode::InvalidRequest);
}

QTEST_APPLESS_MAIN(TstColorMatch)
#include "tst_color_match.moc"
