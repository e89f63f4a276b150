// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/document/pictures/picture_samples.h"

#include "core/imaging/pixel_conversion.h"

#include <QBuffer>
#include <QImage>
#include <QTest>

using namespace sfumato;
using namespace sfumato::document;

class TstPictureVariants : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void png_greyWithAlpha();
    void png_greyOfFewBits();
    void png_paletteWithTransparency();
    void png_transparentColour();
    void png_sixteenBitGrey();
    void png_interlaced();
    void png_animatedShowsItsFirstFrame();
    void png_hugeTextIsPassedOver();
    void gif_firstFrameOnItsScreen();
    void gif_manyFrames();
    void gif_agreesWithQt();
    void webp_animatedShowsItsFirstFrame();
    void avif_alphaAndTenBits();
    void bmp_isRead();
    void wrongExtension_doesNotMatter();
    void jpegPadding_isSkipped();
};

namespace {

using namespace std::string_literals;

Picture opened(const std::string& file)
{
    Result<Picture> picture = readPicture(asBytes(file), "sample");
    if (!picture) qWarning("%s", picture.error().message.c_str());
    return picture ? std::move(*picture) : Picture{};
}

std::array<int, 4> pixelOf(const Picture& picture, int x, int y)
{
    if (!Bounds::ofExtent(picture.image.extent()).contains(x, y)) return { -1, -1, -1, -1 };
    const std::uint8_t* pixel = picture.image.row(y) + 4 * x;
    return { pixel[0], pixel[1], pixel[2], pixel[3] };
}

using Rgba = std::array<int, 4>;

} // namespace

void TstPictureVariants::png_greyWithAlpha()
{
    const Picture picture = opened(png({ .width = 2, .colorType = 4, .rows = "\0\x64\x80\xC8\x00"s }));
    QVERIFY(picture.hasAlpha);
    QCOMPARE(pixelOf(picture, 0, 0), (Rgba{ 100, 100, 100, 128 }));
    QCOMPARE(pixelOf(picture, 1, 0), (Rgba{ 200, 200, 200, 0 })); // the hidden level stays
}

void TstPictureVariants::png_greyOfFewBits()
{
    QCOMPARE(pixelOf(opened(png({ .width = 8, .bitDepth = 1, .colorType = 0, .rows = "\0\xA0"s })), 2, 0), (Rgba{ 255, 255, 255, 255 }));
    QCOMPARE(pixelOf(opened(png({ .width = 2, .bitDepth = 4, .colorType = 0, .rows = "\0\x80"s })), 0, 0), (Rgba{ 136, 136, 136, 255 }));
}

void TstPictureVariants::png_paletteWithTransparency()
{
    const std::string chunks = pngChunk("PLTE", "\xFF\0\0\0\xFF\0\0\0\xFF"s) + pngChunk("tRNS", "\xFF\x40"s);
    const Picture picture = opened(png({ .width = 3, .colorType = 3, .beforeData = chunks, .rows = "\0\0\x01\x02"s }));
    QVERIFY(picture.hasAlpha);
    QCOMPARE(pixelOf(picture, 0, 0), (Rgba{ 255, 0, 0, 255 }));
    QCOMPARE(pixelOf(picture, 1, 0), (Rgba{ 0, 255, 0, 64 }));
    QCOMPARE(pixelOf(picture, 2, 0), (Rgba{ 0, 0, 255, 255 }));
}

void TstPictureVariants::png_transparentColour()
{
    const Picture picture = opened(png({ .width = 2, .beforeData = pngChunk("tRNS", "\0\x0A\0\x14\0\x1E"s), .rows = "\0\x0A\x14\x1E\x0A\x14\x1F"s }));
    QCOMPARE(pixelOf(picture, 0, 0), (Rgba{ 10, 20, 30, 0 }));
    QCOMPARE(pixelOf(picture, 1, 0), (Rgba{ 10, 20, 31, 255 }));
}

void TstPictureVariants::png_sixteenBitGrey()
{
    const Picture picture = opened(png({ .width = 1, .bitDepth = 16, .colorType = 0, .rows = "\0\x12\x34"s }));
    QCOMPARE(picture.image.format(), PixelFormat::Rgba16);
    QCOMPARE(int{ picture.image.row<std::uint16_t>(0)[2] }, 0x1234);
    QCOMPARE(int{ picture.image.row<std::uint16_t>(0)[3] }, 65535);
}

void TstPictureVariants::png_interlaced()
{
    for (const Extent extent : { Extent{ 1, 1 }, Extent{ 3, 5 }, Extent{ 29, 17 } }) {
        const ImageBuffer image = gradient(extent, PixelFormat::Rgb8);
        const Picture picture = opened(png({ .width = static_cast<std::uint32_t>(extent.width), .height = static_cast<std::uint32_t>(extent.height), .interlaced = true, .rows = adam7Rows(image) }));
        QVERIFY(imaging::convertPixels(picture.image.view(), PixelFormat::Rgb8) == image);
    }
}

void TstPictureVariants::png_animatedShowsItsFirstFrame()
{
    const std::string control = bigEndian32(0) + bigEndian32(1) + bigEndian32(1) + bigEndian32(0) + bigEndian32(0) + "\0\x01\0\x0A\0\0"s;
    const std::string second = bigEndian32(1) + control.substr(4);
    const std::string file = png({ .beforeData = pngChunk("acTL", bigEndian32(2) + bigEndian32(0)) + pngChunk("fcTL", control), .rows = "\0\x11\x22\x33"s, .afterData = pngChunk("fcTL", second) + pngChunk("fdAT", bigEndian32(2) + deflated("\0\xFF\xFF\xFF"s)) });
    QCOMPARE(pixelOf(opened(file), 0, 0), (Rgba{ 0x11, 0x22, 0x33, 255 }));
}

void TstPictureVariants::png_hugeTextIsPassedOver()
{
    const std::string rows = "\0\x11\x22\x33"s;
    const Picture large = opened(png({ .beforeData = pngChunk("tEXt", "parameters\0"s + std::string(64 << 20, 'x')), .rows = rows }));
    QCOMPARE(pixelOf(large, 0, 0), (Rgba{ 0x11, 0x22, 0x33, 255 }));
    QVERIFY(large.recipe.isEmpty());
    const Picture bomb = opened(png({ .beforeData = pngChunk("zTXt", "parameters\0\0"s + deflated(std::string(200 << 20, 'x'))), .rows = rows }));
    QCOMPARE(pixelOf(bomb, 0, 0), (Rgba{ 0x11, 0x22, 0x33, 255 }));
    QVERIFY(bomb.recipe.isEmpty());
}

void TstPictureVariants::gif_firstFrameOnItsScreen()
{
    const Picture whole = opened(gif({ 6, 4 }, { { .width = 6, .height = 4, .index = 90 }, { .width = 6, .height = 4, .index = 200 } }));
    QVERIFY(!whole.hasAlpha);
    QCOMPARE(pixelOf(whole, 5, 3), (Rgba{ 90, 90, 90, 255 }));
    const Picture part = opened(gif({ 6, 4 }, { { .x = 2, .y = 1, .width = 3, .height = 2, .index = 90 } }));
    QVERIFY(part.hasAlpha);
    QCOMPARE(pixelOf(part, 0, 0), (Rgba{ 0, 0, 0, 0 }));
    QCOMPARE(pixelOf(part, 2, 1), (Rgba{ 90, 90, 90, 255 }));
    const Picture clear = opened(gif({ 2, 2 }, { { .width = 2, .height = 2, .index = 7, .transparentIndex = 7 } }));
    QCOMPARE(pixelOf(clear, 1, 1), (Rgba{ 7, 7, 7, 0 }));
    QCOMPARE(opened(gif({ 2, 2 }, { { .x = 5, .y = 5, .width = 3, .height = 3 } })).image.extent(), (Extent{ 8, 8 }));
}

void TstPictureVariants::gif_manyFrames()
{
    const std::vector<GifFrameParts> frames(100'000, { .index = 33 });
    QCOMPARE(pixelOf(opened(gif({ 1, 1 }, frames)), 0, 0), (Rgba{ 33, 33, 33, 255 }));
}

void TstPictureVariants::gif_agreesWithQt()
{
    // The LZW table is exercised by a code stream that a real encoder would write: 64 × 64 pixels of one index as strings of growing length.
    std::string packed;
    std::uint32_t bits = 0;
    int bitCount = 0, codeSize = 3, next = 6, left = 64 * 64;
    const auto put = [&](int code) {
        bits |= static_cast<std::uint32_t>(code) << bitCount;
        for (bitCount += codeSize; bitCount >= 8; bitCount -= 8, bits >>= 8U) packed.push_back(static_cast<char>(bits & 0xFFU));
    };
    put(4);
    put(1);
    --left;
    for (int length = 2; left > 0; ++length) {
        const int run = std::min(length, left);
        put(run == length ? next : run == 1 ? 1
                                            : 6 + run - 2); // each new code is one pixel longer than the last
        left -= run;
        if (++next == 1 << codeSize && codeSize < 12) ++codeSize;
    }
    put(5);
    if (bitCount > 0) packed.push_back(static_cast<char>(bits & 0xFFU));
    std::string file = "GIF89a\x40\0\x40\0\x81\0\0"s + "\0\0\0\x0A\x64\xC8\xFF\0\0\0\xFF\0"s + "\x2C\0\0\0\0\x40\0\x40\0\0\x02"s;
    for (std::size_t at = 0; at < packed.size(); at += 255) file += static_cast<char>(packed.substr(at, 255).size()) + packed.substr(at, 255);
    file += "\0\x3B"s;
    const QImage reference = QImage::fromData(QByteArray(file.data(), static_cast<qsizetype>(file.size())), "GIF");
    if (!reference.isNull()) QCOMPARE(reference.pixel(63, 63), qRgb(10, 100, 200));
    const Picture picture = opened(file);
    for (int y = 0; y < 64; ++y) {
        for (int x = 0; x < 64; ++x) QCOMPARE(pixelOf(picture, x, y), (Rgba{ 10, 100, 200, 255 }));
    }
}

void TstPictureVariants::webp_animatedShowsItsFirstFrame()
{
    const Picture picture = opened(animatedWebp({ 20, 12 }, 3));
    QCOMPARE(picture.image.extent(), (Extent{ 20, 12 }));
    QCOMPARE(pixelOf(picture, 10, 6), (Rgba{ 40, 100, 200, 255 }));
}

void TstPictureVariants::avif_alphaAndTenBits()
{
    const ImageBuffer image = gradient({ 40, 24 }, PixelFormat::Rgba16, false);
    const Picture picture = opened(avif(image, {}, {}, 10));
    QCOMPARE(picture.image.format(), PixelFormat::Rgba16);
    QVERIFY(picture.hasAlpha);
    QVERIFY(std::abs(picture.image.row<std::uint16_t>(12)[4 * 5 + 3] - image.row<std::uint16_t>(12)[4 * 5 + 3]) < 200);
    QVERIFY(std::abs(picture.image.row<std::uint16_t>(12)[4 * 30] - image.row<std::uint16_t>(12)[4 * 30]) < 3000);
}

void TstPictureVariants::bmp_isRead()
{
    QImage source(5, 3, QImage::Format_RGB32);
    source.fill(qRgb(10, 20, 30));
    source.setPixel(4, 0, qRgb(200, 100, 50));
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QVERIFY(source.save(&buffer, "BMP"));
    const Picture picture = opened(bytes.toStdString());
    QCOMPARE(picture.format, PictureFormat::Bmp);
    QCOMPARE(pixelOf(picture, 4, 0), (Rgba{ 200, 100, 50, 255 }));
    QCOMPARE(pixelOf(picture, 0, 2), (Rgba{ 10, 20, 30, 255 }));
}

void TstPictureVariants::wrongExtension_doesNotMatter()
{
    const std::string file = encoded(gradient({ 10, 10 }, PixelFormat::Rgb8), PictureFormat::WebP);
    const Result<Picture> picture = readPicture(asBytes(file), "photo.jpg");
    QCOMPARE(picture->format, PictureFormat::WebP);
}

void TstPictureVariants::jpegPadding_isSkipped()
{
    const std::string file = encoded(gradient({ 16, 16 }, PixelFormat::Rgb8), PictureFormat::Jpeg);
    QCOMPARE(opened(file.substr(0, 2) + "\xFF\xFF\xFF\xFF" + file.substr(2)).image, opened(file).image);
    QCOMPARE(opened(file + std::string(5000, '\0')).image, opened(file).image);
}

QTEST_GUILESS_MAIN(TstPictureVariants)
#include "tst_picture_variants.moc"
