// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/document/pictures/picture_samples.h"

#include "core/imaging/pixel_conversion.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace sfumato;
using namespace sfumato::document;

class TstPictureRoundTrip : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void picture_comesBack_data();
    void picture_comesBack();
    void recipe_comesBack_data();
    void recipe_comesBack();
    void lossless_isExact_data();
    void lossless_isExact();
    void sameInput_givesTheSameBytes_data();
    void sameInput_givesTheSameBytes();
    void jpeg_flattensOnWhite();
    void jpeg_keepsFullChroma();
    void opaqueAlpha_isLeftOut();
    void alpha_canBeDropped();
    void quality_decidesTheSize();
    void recipeTooLongForJpeg_isRefused();
    void unwritable_isRefused();
    void writePicture_readsBackFromTheFile();
    void formats_haveNames();
    void foreignParameters_areRead();
};

namespace {

void addFormats()
{
    QTest::addColumn<PictureFormat>("format");
    for (const PictureFormat format : { PictureFormat::Png, PictureFormat::Jpeg, PictureFormat::WebP, PictureFormat::Avif }) {
        QTest::newRow(formatName(format).data()) << format;
    }
}

int largestDifference(const ImageBuffer& left, const ImageBuffer& right)
{
    int largest = 0;
    for (std::size_t i = 0; i < left.sizeInBytes(); ++i) largest = std::max(largest, std::abs(std::to_integer<int>(left.bytes()[i]) - std::to_integer<int>(right.bytes()[i])));
    return largest;
}

const PictureRecipe kRecipe{ "eine Wiese (sonnig:1.2), 青いボール 🎨\nNegative prompt: grau\nSteps: 25, Sampler: Euler a, Seed: 7",
    R"({"prompt":"Wiese \"hell\" ü 🎨 \\u00e9 \n","seed":7})" };

} // namespace

void TstPictureRoundTrip::picture_comesBack_data() { addFormats(); }

void TstPictureRoundTrip::picture_comesBack()
{
    QFETCH(PictureFormat, format);
    for (const Extent extent : { Extent{ 1, 1 }, Extent{ 3, 50 }, Extent{ 64, 48 }, Extent{ 257, 31 } }) {
        const ImageBuffer image = gradient(extent, PixelFormat::Rgba8, format == PictureFormat::Jpeg);
        const Result<Picture> picture = readPicture(asBytes(encoded(image, format)), "sample");
        QVERIFY2(picture.has_value(), picture ? "" : picture.error().message.c_str());
        QCOMPARE(picture->format, format);
        QCOMPARE(picture->image.extent(), extent);
        QCOMPARE(picture->image.format(), PixelFormat::Rgba8);
        QVERIFY(picture->recipe.isEmpty());
        QVERIFY2(picture->warnings.empty(), picture->warnings.empty() ? "" : picture->warnings.front().c_str());
        // Lossy WebP halves the chroma, which shows where three columns hold the whole gradient.
        const int tolerance = format == PictureFormat::Png ? 0 : format == PictureFormat::WebP ? 48
                                                                                               : 26;
        QVERIFY2(largestDifference(picture->image, image) <= tolerance, qPrintable(QString::number(largestDifference(picture->image, image))));
    }
}

void TstPictureRoundTrip::recipe_comesBack_data() { addFormats(); }

void TstPictureRoundTrip::recipe_comesBack()
{
    QFETCH(PictureFormat, format);
    const ImageBuffer image = gradient({ 20, 20 }, PixelFormat::Rgb8);
    for (const PictureRecipe& recipe : { kRecipe, PictureRecipe{ "plain ascii", "" }, PictureRecipe{ "", R"({"a":1})" }, PictureRecipe{ std::string(20000, 'x') + "é", R"({"b":2})" } }) {
        const Result<Picture> picture = readPicture(asBytes(encoded(image, format, recipe)), "sample");
        QVERIFY(picture.has_value());
        QCOMPARE(picture->recipe.parameters, recipe.parameters);
        QCOMPARE(picture->recipe.job, recipe.job);
    }
}

void TstPictureRoundTrip::lossless_isExact_data()
{
    QTest::addColumn<PictureFormat>("format");
    QTest::addColumn<PixelFormat>("pixels");
    QTest::newRow("PNG 8") << PictureFormat::Png << PixelFormat::Rgba8;
    QTest::newRow("PNG 16") << PictureFormat::Png << PixelFormat::Rgba16;
    QTest::newRow("WebP 100") << PictureFormat::WebP << PixelFormat::Rgba8;
}

void TstPictureRoundTrip::lossless_isExact()
{
    QFETCH(PictureFormat, format);
    QFETCH(PixelFormat, pixels);
    ImageBuffer image = gradient({ 70, 41 }, pixels, false);
    // Colour under full transparency is kept too.
    for (int y = 0; y < 10; ++y) {
        if (pixels == PixelFormat::Rgba16) image.row<std::uint16_t>(y)[4 * y + 3] = 0;
        else
            image.row(y)[4 * y + 3] = 0;
    }
    const Result<Picture> picture = readPicture(asBytes(encoded(image, format, {}, 100)), "sample");
    QVERIFY(picture.has_value());
    QVERIFY(picture->hasAlpha);
    QVERIFY(picture->image == image);
}

void TstPictureRoundTrip::sameInput_givesTheSameBytes_data() { addFormats(); }

void TstPictureRoundTrip::sameInput_givesTheSameBytes()
{
    QFETCH(PictureFormat, format);
    const ImageBuffer image = gradient({ 120, 90 }, PixelFormat::Rgba8);
    const std::string first = encoded(image, format, kRecipe);
    QVERIFY(!first.empty());
    QTest::qWait(1100); // a clock in the file would show
    QVERIFY(first == encoded(image, format, kRecipe));
}

void TstPictureRoundTrip::jpeg_flattensOnWhite()
{
    ImageBuffer image({ 16, 16 }, PixelFormat::Rgba8); // black, fully transparent
    const Result<Picture> picture = readPicture(asBytes(encoded(image, PictureFormat::Jpeg)), "sample");
    QVERIFY(!picture->hasAlpha);
    QCOMPARE(int{ picture->image.row(8)[4 * 8] }, 255);
}

void TstPictureRoundTrip::jpeg_keepsFullChroma()
{
    // One-pixel stripes of red and blue of equal brightness: halved chroma would mix them.
    ImageBuffer image({ 64, 64 }, PixelFormat::Rgb8);
    for (int y = 0; y < 64; ++y) {
        for (int x = 0; x < 64; ++x) image.row(y)[3 * x + (x % 2 == 0 ? 0 : 2)] = 200;
    }
    const Result<Picture> picture = readPicture(asBytes(encoded(image, PictureFormat::Jpeg)), "sample");
    QVERIFY(picture->image.row(30)[4 * 30] > 150 && picture->image.row(30)[4 * 30 + 2] < 60);
    QVERIFY(picture->image.row(30)[4 * 31] < 60 && picture->image.row(30)[4 * 31 + 2] > 150);
}

void TstPictureRoundTrip::opaqueAlpha_isLeftOut()
{
    for (const PictureFormat format : { PictureFormat::Png, PictureFormat::WebP, PictureFormat::Avif }) {
        QVERIFY(!readPicture(asBytes(encoded(gradient({ 20, 20 }, PixelFormat::Rgba8), format)), "sample")->hasAlpha);
        QVERIFY(readPicture(asBytes(encoded(gradient({ 20, 20 }, PixelFormat::Rgba8, false), format)), "sample")->hasAlpha);
    }
}

void TstPictureRoundTrip::alpha_canBeDropped()
{
    PictureEncoding encoding;
    encoding.keepAlpha = false;
    for (const PixelFormat pixels : { PixelFormat::Rgba8, PixelFormat::Rgba16 }) {
        const ImageBuffer image = gradient({ 20, 20 }, pixels, false);
        const Result<std::vector<std::byte>> bytes = encodePicture(image.view(), encoding);
        const Result<Picture> picture = readPicture(*bytes, "sample");
        QVERIFY(!picture->hasAlpha);
        QVERIFY(picture->image == gradient({ 20, 20 }, pixels, true));
    }
}

void TstPictureRoundTrip::quality_decidesTheSize()
{
    const ImageBuffer image = gradient({ 200, 200 }, PixelFormat::Rgb8);
    for (const PictureFormat format : { PictureFormat::Jpeg, PictureFormat::WebP, PictureFormat::Avif }) {
        const std::size_t small = encoded(image, format, {}, 20).size(), usual = encoded(image, format).size();
        QVERIFY(small < usual);
        QVERIFY(usual == encoded(image, format, {}, defaultQuality(format)).size());
    }
    QVERIFY(encoded(image, PictureFormat::Jpeg, {}, 0).empty());
    QVERIFY(encoded(image, PictureFormat::Jpeg, {}, 101).empty());
}

void TstPictureRoundTrip::recipeTooLongForJpeg_isRefused()
{
    PictureEncoding encoding;
    encoding.format = PictureFormat::Jpeg;
    encoding.recipe.job = "{\"x\":\"" + std::string(70000, 'a') + "\"}";
    const Result<std::vector<std::byte>> refused = encodePicture(gradient({ 8, 8 }, PixelFormat::Rgb8).view(), encoding);
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().code, ErrorCode::InvalidRequest);
    encoding.format = PictureFormat::Png;
    QVERIFY(encodePicture(gradient({ 8, 8 }, PixelFormat::Rgb8).view(), encoding).has_value());
}

void TstPictureRoundTrip::unwritable_isRefused()
{
    PictureEncoding encoding;
    encoding.format = PictureFormat::Gif;
    QVERIFY(!encodePicture(gradient({ 8, 8 }, PixelFormat::Rgb8).view(), encoding).has_value());
    encoding.format = PictureFormat::WebP;
    const Result<std::vector<std::byte>> tooWide = encodePicture(ImageBuffer({ 16384, 1 }, PixelFormat::Rgb8).view(), encoding);
    QVERIFY(!tooWide.has_value());
    QVERIFY(tooWide.error().message.find("16383") != std::string::npos);
    QVERIFY(!encodePicture(ImageBuffer().view(), encoding).has_value());
    QVERIFY(!encodePicture(ImageBuffer({ 2, 2 }, PixelFormat::GrayF32).view(), encoding).has_value());
}

void TstPictureRoundTrip::writePicture_readsBackFromTheFile()
{
    const QTemporaryDir folder;
    const std::filesystem::path path = std::filesystem::path(folder.path().toStdString()) / "Blüte.png";
    const ImageBuffer image = gradient({ 40, 30 }, PixelFormat::Rgba16, false);
    QVERIFY(writePicture(path, image.view(), {}).has_value());
    const Result<Picture> picture = readPicture(path);
    QVERIFY(picture.has_value());
    QVERIFY(picture->image == image);
    const Result<void> again = writePicture(path, image.view(), {});
    QVERIFY(!again.has_value());
    QCOMPARE(again.error().code, ErrorCode::InvalidRequest);
    QVERIFY(writePicture(path, image.view(), {}, ExistingFile::Replace).has_value());
    QCOMPARE(std::distance(std::filesystem::directory_iterator(path.parent_path()), std::filesystem::directory_iterator{}), std::ptrdiff_t{ 1 });
}

void TstPictureRoundTrip::formats_haveNames()
{
    QCOMPARE(formatFromExtension(".JPEG").value(), PictureFormat::Jpeg);
    QCOMPARE(formatFromExtension("jpg").value(), PictureFormat::Jpeg);
    QCOMPARE(formatFromExtension("WebP").value(), PictureFormat::WebP);
    QVERIFY(!formatFromExtension("tiff").has_value());
    QVERIFY(!formatFromExtension("").has_value());
    QCOMPARE(mimeType(PictureFormat::Avif), std::string_view("image/avif"));
    const Result<PictureHeader> header = readPictureHeader(asBytes(encoded(gradient({ 33, 22 }, PixelFormat::Rgba16), PictureFormat::Png)), "sample");
    QCOMPARE(header->extent, (Extent{ 33, 22 }));
    QCOMPARE(header->bitsPerSample, 16);
}

void TstPictureRoundTrip::foreignParameters_areRead()
{
    const std::string plain = encoded(gradient({ 9, 9 }, PixelFormat::Rgb8), PictureFormat::Png);
    const auto parametersOf = [](const std::string& file) { return readPicture(asBytes(file), "sample")->recipe.parameters; };
    using namespace std::string_literals;
    QCOMPARE(parametersOf(withPngChunks(plain, pngChunk("tEXt", "parameters\0a caf\xE9"s))), "a café"s);
    QCOMPARE(parametersOf(withPngChunks(plain, pngChunk("tEXt", "parameters\0a caf\xC3\xA9"s))), "a café"s);
    QCOMPARE(parametersOf(withPngChunks(plain, pngChunk("zTXt", "parameters\0\0"s + deflated("Steps: 20")))), "Steps: 20"s);
    QCOMPARE(parametersOf(withPngChunks(plain, pngChunk("iTXt", "parameters\0\1\0en\0key\0"s + deflated("日本")))), "日本"s);
    QCOMPARE(parametersOf(withPngChunks(plain, pngChunk("tEXt", "Software\0other"s))), ""s);
    QCOMPARE(parametersOf(withPngChunks(plain, pngChunk("zTXt", "parameters\0\0broken"s))), ""s);
    // EXIF as other writers leave it: little-endian UTF-16 with and without a mark, plain ASCII.
    const auto exif = [](const std::string& comment) {
        const auto size = static_cast<char>(comment.size());
        return "II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x1A\0\0\0\0\0\0\0\x01\0\x86\x92\x07\0"s + size + "\0\0\0\x2C\0\0\0\0\0\0\0"s + comment;
    };
    const std::string jpeg = encoded(gradient({ 9, 9 }, PixelFormat::Rgb8), PictureFormat::Jpeg);
    const auto cleanJpeg = grayJpeg({ 8, 8 }, 100);
    QVERIFY(!jpeg.empty());
    QCOMPARE(parametersOf(withJpegSegments(cleanJpeg, exif("UNICODE\0h\0i\0"s), {})), "hi"s);
    QCOMPARE(parametersOf(withJpegSegments(cleanJpeg, exif("UNICODE\0\xFE\xFF\0h\0i"s), {})), "hi"s);
    QCOMPARE(parametersOf(withJpegSegments(cleanJpeg, exif("UNICODE\0\0h\0i"s), {})), "hi"s);
    QCOMPARE(parametersOf(withJpegSegments(cleanJpeg, exif("ASCII\0\0\0hi there"s), {})), "hi there"s);
}

QTEST_GUILESS_MAIN(TstPictureRoundTrip)
#include "tst_picture_round_trip.moc"
