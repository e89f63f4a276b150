// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/document/pictures/picture_samples.h"

#include <QTest>

#include <cstdlib>
#include <utility>

using namespace sfumato;
using namespace sfumato::document;

class TstPictureOrientation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyOrientation_comesUpright_data();
    void everyOrientation_comesUpright();
    void impossibleOrientation_isIgnored();
    void wideSamples_turnToo();
};

namespace {

constexpr Extent kStored{ 48, 32 };

// Where the stored pixel (x, y) is seen (CIPA DC-008, tag 0x0112).
std::pair<int, int> seenAt(int orientation, int x, int y)
{
    const int right = kStored.width - 1 - x, below = kStored.height - 1 - y;
    switch (orientation) {
    case 2: return { right, y };
    case 3: return { right, below };
    case 4: return { x, below };
    case 5: return { y, x };
    case 6: return { below, x };
    case 7: return { below, right };
    case 8: return { y, right };
    default: return { x, y };
    }
}

std::string fileWith(PictureFormat format, int orientation)
{
    const ImageBuffer image = quarters(kStored);
    const std::string exif = exifOrientation(orientation);
    switch (format) {
    case PictureFormat::Png: return withPngChunks(encoded(image, format), pngChunk("eXIf", exif));
    case PictureFormat::WebP: return withWebpChunk(encoded(image, format), "EXIF", exif);
    case PictureFormat::Avif: return avif(image, exif, {});
    default: return withJpegSegments(encoded(image, format), exif, {});
    }
}

} // namespace

void TstPictureOrientation::everyOrientation_comesUpright_data()
{
    QTest::addColumn<PictureFormat>("format");
    QTest::addColumn<int>("orientation");
    for (const PictureFormat format : { PictureFormat::Png, PictureFormat::Jpeg, PictureFormat::WebP, PictureFormat::Avif }) {
        for (int orientation = 1; orientation <= 8; ++orientation) QTest::addRow("%s %d", formatName(format).data(), orientation) << format << orientation;
    }
}

void TstPictureOrientation::everyOrientation_comesUpright()
{
    QFETCH(PictureFormat, format);
    QFETCH(int, orientation);
    const Result<Picture> picture = readPicture(asBytes(fileWith(format, orientation)), "sample");
    QVERIFY(picture.has_value());
    QCOMPARE(picture->image.extent(), orientation >= 5 ? (Extent{ kStored.height, kStored.width }) : kStored);
    const ImageBuffer stored = quarters(kStored);
    for (const int y : { 0, 11, 20, 31 }) {
        for (const int x : { 0, 17, 30, 47 }) {
            const auto [seenX, seenY] = seenAt(orientation, x, y);
            for (int c = 0; c < 3; ++c) QVERIFY(std::abs(int{ picture->image.row(seenY)[4 * seenX + c] } - int{ stored.row(y)[4 * x + c] }) < 40);
        }
    }
}

void TstPictureOrientation::impossibleOrientation_isIgnored()
{
    for (const int orientation : { 0, 9, 4711 }) {
        const Result<Picture> picture = readPicture(asBytes(fileWith(PictureFormat::Png, orientation)), "sample");
        QVERIFY(picture->image == quarters(kStored));
    }
}

void TstPictureOrientation::wideSamples_turnToo()
{
    const ImageBuffer image = gradient({ 5, 3 }, PixelFormat::Rgba16, false);
    const Result<Picture> picture = readPicture(asBytes(withPngChunks(encoded(image, PictureFormat::Png), pngChunk("eXIf", exifOrientation(6)))), "sample");
    QCOMPARE(picture->image.extent(), (Extent{ 3, 5 }));
    for (int y = 0; y < 3; ++y) {
        for (int x = 0; x < 5; ++x) QVERIFY(std::equal(image.row<std::uint16_t>(y) + 4 * x, image.row<std::uint16_t>(y) + 4 * x + 4, picture->image.row<std::uint16_t>(x) + 4 * (2 - y)));
    }
}

QTEST_GUILESS_MAIN(TstPictureOrientation)
#include "tst_picture_orientation.moc"
