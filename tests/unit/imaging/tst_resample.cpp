// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/resample.h"
#include "tests/unit/imaging/random_pictures.h"

#include <QTest>

using namespace sfumato;
using namespace sfumato::imaging;

class TstResample : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void uniformColour_staysExact_data();
    void uniformColour_staysExact();
    void sameSize_isIdentity();
    void reduction_averages();
    void enlargement_keepsARamp();
    void transparentColour_doesNotBleed();
    void hiddenColour_survives();
    void nearest_copiesSamples();
    void mixedDirections_giveTheTargetSize();
    void emptySizes_areRefused();
    void fittedExtent_keepsProportions();
};

void TstResample::uniformColour_staysExact_data()
{
    QTest::addColumn<ResampleFilter>("filter");
    QTest::addRow("automatic") << ResampleFilter::Automatic;
    QTest::addRow("nearest") << ResampleFilter::Nearest;
    QTest::addRow("bilinear") << ResampleFilter::Bilinear;
    QTest::addRow("bicubic") << ResampleFilter::Bicubic;
    QTest::addRow("area") << ResampleFilter::Area;
    QTest::addRow("lanczos") << ResampleFilter::Lanczos;
}

void TstResample::uniformColour_staysExact()
{
    QFETCH(ResampleFilter, filter);
    for (const Extent target : { Extent{ 1, 1 }, Extent{ 7, 90 }, Extent{ 100, 3 }, Extent{ 64, 64 }, Extent{ 33, 35 } }) {
        for (const std::uint8_t alpha : { std::uint8_t{ 255 }, std::uint8_t{ 77 }, std::uint8_t{ 0 } }) {
            const Result<ImageBuffer> image = resample(uniform({ 34, 34 }, { 200, 100, 3, alpha }).view(), target, filter);
            QVERIFY(image.has_value());
            QVERIFY(*image == uniform(target, { 200, 100, 3, alpha }));
        }
    }
}

void TstResample::sameSize_isIdentity()
{
    RandomPictures random(41);
    for (const PixelFormat format : { PixelFormat::Gray8, PixelFormat::Rgb8, PixelFormat::Rgba8, PixelFormat::Rgba16 }) {
        const ImageBuffer image = random.noise({ 33, 21 }, format);
        QVERIFY(*resample(image.view(), { 33, 21 }) == image);
    }
}

void TstResample::reduction_averages()
{
    const ImageBuffer image = RandomPictures(42).noise({ 40, 40 }, PixelFormat::Gray8);
    const Result<ImageBuffer> half = resample(image.view(), { 20, 20 });
    for (int y = 0; y < 20; ++y) {
        for (int x = 0; x < 20; ++x) {
            const int sum = image.row(2 * y)[2 * x] + image.row(2 * y)[2 * x + 1] + image.row(2 * y + 1)[2 * x] + image.row(2 * y + 1)[2 * x + 1];
            QVERIFY(std::abs(half->row(y)[x] - sum / 4.0) <= 0.76);
        }
    }
}

void TstResample::enlargement_keepsARamp()
{
    ImageBuffer ramp({ 32, 4 }, PixelFormat::Rgba16);
    for (int x = 0; x < 32; ++x) {
        for (int y = 0; y < 4; ++y) {
            std::uint16_t* pixel = ramp.row<std::uint16_t>(y) + 4 * x;
            pixel[0] = static_cast<std::uint16_t>(2000 * x);
            pixel[3] = 65535;
        }
    }
    const Result<ImageBuffer> large = resample(ramp.view(), { 128, 16 });
    for (int x = 20; x < 108; ++x) QVERIFY(std::abs(large->row<std::uint16_t>(8)[4 * x] - 2000.0 * ((x + 0.5) / 4.0 - 0.5)) < 60.0);
}

void TstResample::transparentColour_doesNotBleed()
{
    // Opaque red beside transparent green: whatever the size, what shows stays red.
    ImageBuffer image = uniform({ 16, 16 }, { 255, 0, 0, 255 });
    for (int y = 0; y < 16; ++y) {
        for (int x = 8; x < 16; ++x) {
            const std::uint8_t green[4] = { 0, 255, 0, 0 };
            std::copy(green, green + 4, image.row(y) + 4 * x);
        }
    }
    for (const Extent target : { Extent{ 5, 5 }, Extent{ 16, 7 }, Extent{ 61, 61 } }) {
        for (const ResampleFilter filter : { ResampleFilter::Automatic, ResampleFilter::Bilinear, ResampleFilter::Bicubic }) {
            const Result<ImageBuffer> result = resample(image.view(), target, filter);
            for (int y = 0; y < target.height; ++y) {
                for (int x = 0; x < target.width; ++x) {
                    const std::uint8_t* pixel = result->row(y) + 4 * x;
                    if (pixel[3] > 8) QVERIFY(pixel[0] > 250 && pixel[1] < 5);
                }
            }
        }
    }
}

void TstResample::hiddenColour_survives()
{
    const Result<ImageBuffer> image = resample(uniform({ 10, 10 }, { 12, 34, 56, 0 }).view(), { 23, 5 });
    QVERIFY(*image == uniform({ 23, 5 }, { 12, 34, 56, 0 }));
}

void TstResample::nearest_copiesSamples()
{
    const ImageBuffer image = RandomPictures(43).noise({ 8, 8 }, PixelFormat::Rgba8);
    const Result<ImageBuffer> large = resample(image.view(), { 24, 24 }, ResampleFilter::Nearest);
    for (int y = 0; y < 24; ++y) {
        for (int x = 0; x < 24; ++x) QVERIFY(std::equal(large->row(y) + 4 * x, large->row(y) + 4 * x + 4, image.row(y / 3) + 4 * (x / 3)));
    }
}

void TstResample::mixedDirections_giveTheTargetSize()
{
    RandomPictures random(44);
    for (int round = 0; round < 40; ++round) {
        const ImageBuffer image = random.noise({ random.number(1, 60), random.number(1, 60) }, round % 2 == 0 ? PixelFormat::Rgba8 : PixelFormat::Gray8);
        const Extent target{ random.number(1, 90), random.number(1, 90) };
        const Result<ImageBuffer> result = resample(image.view(), target);
        QVERIFY(result.has_value());
        QCOMPARE(result->extent(), target);
        QCOMPARE(result->format(), image.format());
    }
}

void TstResample::emptySizes_areRefused()
{
    QVERIFY(!resample(ImageBuffer().view(), { 10, 10 }).has_value());
    const Result<ImageBuffer> refused = resample(uniform({ 2, 2 }, { 0, 0, 0, 0 }).view(), { 0, 10 });
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().code, ErrorCode::InvalidRequest);
    QVERIFY(refused.error().message.find("0 × 10") != std::string::npos);
}

void TstResample::fittedExtent_keepsProportions()
{
    QCOMPARE(fittedExtent({ 3000, 2000 }, { 1024, 1024 }), (Extent{ 1024, 683 }));
    QCOMPARE(fittedExtent({ 10, 10 }, { 300, 200 }), (Extent{ 200, 200 }));
    QCOMPARE(fittedExtent({ 65535, 1 }, { 100, 100 }), (Extent{ 100, 1 }));
    QCOMPARE(fittedExtent({}, { 100, 100 }), (Extent{ 1, 1 }));
}

QTEST_APPLESS_MAIN(TstResample)
#include "tst_resample.moc"
