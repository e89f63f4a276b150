// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/document/pictures/picture_samples.h"

#include <lcms2.h>

#include <QTest>

#include <array>
#include <cmath>

using namespace sfumato;
using namespace sfumato::document;

class TstPictureColor : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void wideGamut_becomesSrgb_data();
    void wideGamut_becomesSrgb();
    void sixteenBits_stayPrecise();
    void srgbProfile_changesNoBit();
    void grayProfile_isApplied();
    void gammaAndChromaticities_areApplied();
    void codedPrimaries_areApplied();
    void brokenProfile_warnsAndOpens_data();
    void brokenProfile_warnsAndOpens();
    void cmyk_becomesRgb();
};

namespace {

// What Little CMS says in double precision, 0..1.
std::vector<double> reference(const std::string& profile, double red, double green, double blue)
{
    cmsHPROFILE from = cmsOpenProfileFromMem(profile.data(), static_cast<cmsUInt32Number>(profile.size())), to = cmsCreate_sRGBProfile();
    cmsHTRANSFORM transform = cmsCreateTransform(from, TYPE_RGB_DBL, to, TYPE_RGB_DBL, INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOOPTIMIZE);
    const double in[3] = { red, green, blue };
    std::vector<double> out(3);
    cmsDoTransform(transform, in, out.data(), 1);
    cmsDeleteTransform(transform);
    cmsCloseProfile(from);
    cmsCloseProfile(to);
    for (double& value : out) value = std::clamp(value, 0.0, 1.0);
    return out;
}

std::string fileWith(PictureFormat format, const ImageBuffer& image, const std::string& profile)
{
    switch (format) {
    case PictureFormat::Png: {
        // Without the sRGB chunk that our writer adds: IHDR, then the profile, then the rest.
        const std::string file = encoded(image, format);
        const std::size_t data = file.find("IDAT") - 4;
        return file.substr(0, 33) + pngProfileChunk(profile) + file.substr(data);
    }
    case PictureFormat::WebP: return withWebpChunk(encoded(image, format, {}, 100), "ICCP", profile);
    case PictureFormat::Avif: return avif(image, {}, profile);
    default: {
        const std::string file = encoded(image, format, {}, 100); // its own profile segment goes
        const std::size_t at = file.find("\xFF\xE2"), size = (std::size_t{ static_cast<unsigned char>(file[at + 2]) } << 8U) + static_cast<unsigned char>(file[at + 3]);
        return withJpegSegments(file.substr(0, at) + file.substr(at + 2 + size), {}, profile);
    }
    }
}

} // namespace

void TstPictureColor::wideGamut_becomesSrgb_data()
{
    QTest::addColumn<PictureFormat>("format");
    QTest::addColumn<int>("tolerance");
    QTest::newRow("PNG") << PictureFormat::Png << 1;
    QTest::newRow("JPEG") << PictureFormat::Jpeg << 6;
    QTest::newRow("WebP") << PictureFormat::WebP << 1;
    QTest::newRow("AVIF") << PictureFormat::Avif << 8;
}

void TstPictureColor::wideGamut_becomesSrgb()
{
    QFETCH(PictureFormat, format);
    QFETCH(int, tolerance);
    const std::string profile = displayP3Profile();
    for (const std::array<std::uint8_t, 3> color : { std::array<std::uint8_t, 3>{ 200, 90, 60 }, { 80, 160, 90 }, { 128, 128, 128 }, { 255, 255, 255 }, { 60, 70, 190 } }) {
        ImageBuffer image({ 16, 16 }, PixelFormat::Rgba8);
        for (int i = 0; i < 256; ++i) {
            std::copy(color.begin(), color.end(), image.row(i / 16) + 4 * (i % 16));
            image.row(i / 16)[4 * (i % 16) + 3] = 255;
        }
        const Result<Picture> picture = readPicture(asBytes(fileWith(format, image, profile)), "sample");
        QVERIFY(picture.has_value());
        QVERIFY(picture->hadProfile);
        const std::vector<double> expected = reference(profile, color[0] / 255.0, color[1] / 255.0, color[2] / 255.0);
        for (std::size_t c = 0; c < 3; ++c) {
            const int value = picture->image.row(8)[4 * 8 + static_cast<int>(c)];
            QVERIFY2(std::abs(value - expected[c] * 255.0) <= tolerance, qPrintable(QStringLiteral("%1 instead of %2").arg(value).arg(expected[c] * 255.0)));
        }
    }
}

void TstPictureColor::sixteenBits_stayPrecise()
{
    const std::string profile = displayP3Profile();
    const ImageBuffer image = gradient({ 33, 17 }, PixelFormat::Rgba16, false);
    const Result<Picture> picture = readPicture(asBytes(fileWith(PictureFormat::Png, image, profile)), "sample");
    QCOMPARE(picture->image.format(), PixelFormat::Rgba16);
    for (int y = 0; y < 17; y += 4) {
        for (int x = 0; x < 33; x += 3) {
            const std::uint16_t* in = image.row<std::uint16_t>(y) + 4 * x;
            const std::uint16_t* out = picture->image.row<std::uint16_t>(y) + 4 * x;
            const std::vector<double> expected = reference(profile, in[0] / 65535.0, in[1] / 65535.0, in[2] / 65535.0);
            for (std::size_t c = 0; c < 3; ++c) QVERIFY2(std::abs(out[c] - expected[c] * 65535.0) < 130.0, qPrintable(QStringLiteral("%1, %2").arg(out[c]).arg(expected[c] * 65535.0)));
            QCOMPARE(out[3], in[3]);
        }
    }
}

void TstPictureColor::srgbProfile_changesNoBit()
{
    cmsHPROFILE srgb = cmsCreate_sRGBProfile();
    cmsUInt32Number size = 0;
    cmsSaveProfileToMem(srgb, nullptr, &size);
    std::string profile(size, '\0');
    cmsSaveProfileToMem(srgb, profile.data(), &size);
    cmsCloseProfile(srgb);
    for (const PixelFormat pixels : { PixelFormat::Rgba8, PixelFormat::Rgba16 }) {
        const ImageBuffer image = gradient({ 64, 64 }, pixels, false);
        QVERIFY(readPicture(asBytes(fileWith(PictureFormat::Png, image, profile)), "sample")->image == image);
    }
}

void TstPictureColor::grayProfile_isApplied()
{
    const std::string file = withJpegSegments(grayJpeg({ 16, 16 }, 128), {}, grayProfile(1.0));
    const Result<Picture> picture = readPicture(asBytes(file), "sample");
    QVERIFY(picture->warnings.empty());
    // Linear 0.502 is 0.735 in sRGB.
    for (int c = 0; c < 3; ++c) QVERIFY(std::abs(picture->image.row(5)[4 * 5 + c] - 188) <= 2);
    // A grey profile on a coloured picture cannot be meant.
    ImageBuffer colored = quarters({ 16, 16 });
    const Result<Picture> odd = readPicture(asBytes(fileWith(PictureFormat::Png, colored, grayProfile(1.0))), "sample");
    QCOMPARE(odd->warnings.size(), std::size_t{ 1 });
    QVERIFY(odd->image == colored);
}

void TstPictureColor::gammaAndChromaticities_areApplied()
{
    const std::string rows = std::string("\0\x80\x80\x80", 4);
    const auto valueWith = [&](const std::string& chunks) {
        const Result<Picture> picture = readPicture(asBytes(png({ .rows = rows }).insert(33, chunks)), "sample");
        return int{ picture->image.row(0)[0] };
    };
    QCOMPARE(valueWith({}), 128);
    QCOMPARE(valueWith(pngChunk("gAMA", bigEndian32(45455))), 128);
    QVERIFY(std::abs(valueWith(pngChunk("gAMA", bigEndian32(100000))) - 188) <= 1);
    QCOMPARE(valueWith(pngChunk("sRGB", std::string(1, '\0')) + pngChunk("gAMA", bigEndian32(100000))), 128);
    QCOMPARE(valueWith(pngChunk("gAMA", bigEndian32(0))), 128);
}

void TstPictureColor::codedPrimaries_areApplied()
{
    using namespace std::string_literals;
    const std::string rows = "\0\xC8\x5A\x3C"s; // 200, 90, 60
    const Result<Picture> picture = readPicture(asBytes(png({ .rows = rows }).insert(33, pngChunk("cICP", "\x0C\x0D\0\x01"s))), "sample");
    const std::vector<double> expected = reference(displayP3Profile(), 200 / 255.0, 90 / 255.0, 60 / 255.0);
    for (std::size_t c = 0; c < 3; ++c) QVERIFY(std::abs(picture->image.row(0)[c] - expected[c] * 255.0) <= 1.0);
}

void TstPictureColor::brokenProfile_warnsAndOpens_data()
{
    QTest::addColumn<QByteArray>("profile");
    const std::string good = displayP3Profile();
    QTest::newRow("noise") << QByteArray(500, 'x');
    QTest::newRow("tiny") << QByteArray("abc");
    QTest::newRow("cut short") << QByteArray(good.data(), static_cast<qsizetype>(good.size() / 2));
    QTest::newRow("header alone") << QByteArray(good.data(), 128);
    std::string wrongTags = good;
    std::fill(wrongTags.begin() + 132, wrongTags.begin() + 200, '\xFF');
    QTest::newRow("tags out of place") << QByteArray(wrongTags.data(), static_cast<qsizetype>(wrongTags.size()));
}

void TstPictureColor::brokenProfile_warnsAndOpens()
{
    QFETCH(QByteArray, profile);
    const ImageBuffer image = gradient({ 20, 20 }, PixelFormat::Rgba8);
    const Result<Picture> picture = readPicture(asBytes(fileWith(PictureFormat::Png, image, profile.toStdString())), "sample.png");
    QVERIFY(picture.has_value());
    QVERIFY(picture->image == image);
    QCOMPARE(picture->warnings.size(), std::size_t{ 1 });
    QVERIFY(picture->warnings.front().starts_with("sample.png: "));
}

void TstPictureColor::cmyk_becomesRgb()
{
    // libjpeg writes Adobe's marker, so 255 means no ink.
    const unsigned char red[4] = { 255, 0, 0, 255 };
    const Result<Picture> picture = readPicture(asBytes(cmykJpeg({ 16, 16 }, red)), "sample");
    QVERIFY(picture.has_value());
    const std::uint8_t* pixel = picture->image.row(8) + 4 * 8;
    QVERIFY(pixel[0] > 245 && pixel[1] < 10 && pixel[2] < 10 && pixel[3] == 255);
    const unsigned char dark[4] = { 255, 255, 255, 60 };
    const Result<Picture> gray = readPicture(asBytes(cmykJpeg({ 16, 16 }, dark)), "sample");
    QVERIFY(std::abs(gray->image.row(8)[4 * 8] - 60) <= 3);
    // A profile for RGB on inks cannot be meant.
    QCOMPARE(readPicture(asBytes(withJpegSegments(cmykJpeg({ 16, 16 }, red), {}, displayP3Profile())), "sample")->warnings.size(), std::size_t{ 1 });
}

QTEST_GUILESS_MAIN(TstPictureColor)
#include "tst_picture_color.moc"
