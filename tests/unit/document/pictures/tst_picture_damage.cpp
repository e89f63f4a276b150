// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/document/pictures/picture_samples.h"

#include <QTest>

#include <ctime>
#include <functional>
#include <random>
#include <sys/resource.h>

using namespace sfumato;
using namespace sfumato::document;

// Each damaged, odd or hostile file ends in a sentence or in a picture, within a second of processor time and bounded memory.
class TstPictureDamage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void truncated_data();
    void truncated();
    void flippedBits_data();
    void flippedBits();
    void scrambledRuns_data();
    void scrambledRuns();
    void hostile_data();
    void hostile();
    void limits_areHeldAgainstTheHeader();
    void memory_stayedBounded();

private:
    Result<Picture> readQuickly(const std::string& file);

    int m_files = 0;
    int m_refused = 0;
    double m_slowest = 0.0;
};

namespace {

using namespace std::string_literals;

constexpr long kMemoryLimitKib = 900L << 10;

std::string sampleOf(PictureFormat format)
{
    if (format == PictureFormat::Gif) return gif({ 60, 40 }, { { .width = 60, .height = 40, .index = 90 } });
    return encoded(gradient({ 60, 40 }, PixelFormat::Rgba8, format == PictureFormat::Jpeg), format, { "prompt", "{}" });
}

void addFormats()
{
    QTest::addColumn<PictureFormat>("format");
    for (const PictureFormat format : { PictureFormat::Png, PictureFormat::Jpeg, PictureFormat::WebP, PictureFormat::Gif, PictureFormat::Avif }) QTest::newRow(formatName(format).data()) << format;
}

// A JPEG whose frame header claims another size.
std::string jpegClaiming(int width, int height, char frameMarker = '\xC0')
{
    std::string file = encoded(gradient({ 60, 40 }, PixelFormat::Rgb8), PictureFormat::Jpeg);
    const std::size_t at = file.find("\xFF\xC0"s);
    file[at + 1] = frameMarker;
    for (const auto& [offset, value] : { std::pair{ 5, height }, std::pair{ 7, width } }) {
        file[at + static_cast<std::size_t>(offset)] = static_cast<char>(value >> 8);
        file[at + static_cast<std::size_t>(offset) + 1] = static_cast<char>(value & 0xFF);
    }
    return file;
}

std::string gifClaiming(int width, int height)
{
    std::string file = gif({ 4, 4 }, { { .width = 4, .height = 4, .index = 1 } });
    const std::size_t image = 13 + 768 + 8 + 1;
    for (const std::size_t at : { std::size_t{ 6 }, image + 4 }) {
        file[at] = static_cast<char>(width & 0xFF);
        file[at + 1] = static_cast<char>(width >> 8);
        file[at + 2] = static_cast<char>(height & 0xFF);
        file[at + 3] = static_cast<char>(height >> 8);
    }
    return file;
}

std::string webpClaiming(int width, int height)
{
    std::string file = sampleOf(PictureFormat::WebP); // an extended file: VP8X holds the canvas
    const std::size_t at = file.find("VP8X") + 12;
    for (int i = 0; i < 3; ++i) {
        file[at + static_cast<std::size_t>(i)] = static_cast<char>((width - 1) >> (8 * i));
        file[at + 3 + static_cast<std::size_t>(i)] = static_cast<char>((height - 1) >> (8 * i));
    }
    return file;
}

std::string avifClaiming(std::uint32_t width, std::uint32_t height)
{
    std::string file = sampleOf(PictureFormat::Avif);
    for (std::size_t at = file.find("ispe"); at != std::string::npos; at = file.find("ispe", at + 1)) file.replace(at + 8, 8, bigEndian32(width) + bigEndian32(height));
    return file;
}

std::string bmpClaiming(std::int32_t width, std::int32_t height)
{
    std::string file = "BM"s + std::string(12, '\0');
    for (const std::int32_t value : { 40, width, height }) {
        for (int i = 0; i < 4; ++i) file.push_back(static_cast<char>(static_cast<std::uint32_t>(value) >> (8 * i)));
    }
    return file + "\x01\0\x18\0"s + std::string(24 + 300, '\0');
}

// A progressive JPEG whose last scans repeat without end in sight.
std::string jpegOfManyScans()
{
    const std::string file = jpegClaiming(2000, 2000, '\xC2');
    const std::size_t scan = file.find("\xFF\xDA"s);
    std::string scans;
    for (int i = 0; i < 3000; ++i) scans += "\xFF\xDA\0\x08\x01\x01\0\0\0\0"s + std::string(8, '\0');
    return file.substr(0, scan) + scans + "\xFF\xD9"s;
}

using AddFile = std::function<void(const char* name, const std::string& file, bool opens)>;

void addHostilePng(const AddFile& add)
{
    const std::string row = "\0\x11\x22\x33"s;
    add("PNG 0 × 0", png({ .width = 0, .height = 0, .rows = row }), false);
    add("PNG 0 × 5", png({ .width = 0, .height = 5, .rows = row }), false);
    add("PNG 60000²", png({ .width = 60000, .height = 60000, .rows = row }), false);
    add("PNG 4294967295²", png({ .width = 0xFFFFFFFF, .height = 0xFFFFFFFF, .rows = row }), false);
    add("PNG 20000² without data", png({ .width = 20000, .height = 20000, .rows = row }), false);
    add("PNG 65535 × 1", png({ .width = 65535, .rows = std::string(1 + 3 * 65535, '\0') }), true);
    add("PNG 1 × 65535", png({ .height = 65535, .rows = std::string(4 * 65535, '\0') }), true);
    add("PNG too much data", png({ .rows = std::string(5 << 20, '\0') }), true);
    add("PNG unknown colour type", png({ .colorType = 5, .rows = row }), false);
    add("PNG bit depth 3", png({ .bitDepth = 3, .rows = row }), false);
    add("PNG palette missing", png({ .colorType = 3, .rows = "\0\0"s }), false);
    add("PNG palette index too large", png({ .colorType = 3, .beforeData = pngChunk("PLTE", "abc"), .rows = "\0\x09"s }), true);
    add("PNG filter type 9", png({ .rows = "\x09\x11\x22\x33"s }), false);
    add("PNG wrong check sum", png({ .rows = row }).replace(30, 1, "!"), false);
    add("PNG second header", png({ .beforeData = png({ .rows = row }).substr(8, 25), .rows = row }), false);
    add("PNG unknown critical chunk is not ours", png({ .beforeData = pngChunk("ABCD", "x"), .rows = row }), true);
    add("PNG broken EXIF", withPngChunks(png({ .rows = row }), pngChunk("eXIf", "II*\0\xFF\xFF\xFF\xFF"s + std::string(50, '\xFF'))), true);
    add("PNG EXIF loop", withPngChunks(png({ .rows = row }), pngChunk("eXIf", "II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0"s)), true);
    add("PNG profile bomb", withPngChunks(png({ .rows = row }), pngProfileChunk(std::string(100 << 20, '\0'))), true);
    add("PNG profile of 10 MB", withPngChunks(png({ .rows = row }), pngProfileChunk(displayP3Profile() + std::string(10 << 20, '\0'))), true);
    add("PNG ten thousand texts", withPngChunks(png({ .rows = row }), [] {
        std::string chunks;
        for (int i = 0; i < 10'000; ++i) chunks += pngChunk("tEXt", "parameters\0x"s);
        return chunks;
    }()),
        true);
}

void addOtherHostileFiles(const AddFile& add)
{
    add("JPEG 0 × 0", jpegClaiming(0, 0), false);
    add("JPEG 60000²", jpegClaiming(60000, 60000), false);
    add("JPEG 20000² without data", jpegClaiming(20000, 20000), false);
    add("JPEG progressive 20000² without data", jpegClaiming(20000, 20000, '\xC2'), false);
    add("JPEG lossless", jpegClaiming(60, 40, '\xC3'), false);
    add("JPEG many scans", jpegOfManyScans(), false);
    add(
        "JPEG broken profile parts", [] {
            std::string file = withJpegSegments(grayJpeg({ 16, 16 }, 90), {}, std::string(70000, 'p'));
            return file.replace(file.find("ICC_PROFILE") + 12, 1, "\x07");
        }(),
        true);
    add("JPEG broken EXIF", withJpegSegments(grayJpeg({ 16, 16 }, 90), "MM\0*\0\0\0\x08\xFF\xFF"s + std::string(60, '\xFF'), {}), true);
    add("JPEG start alone", "\xFF\xD8\xFF\xE0", false);
    add("GIF 60000²", gifClaiming(60000, 60000), false);
    add("GIF 20000² without data", gifClaiming(20000, 20000), false);
    add("GIF 0 × 0", gifClaiming(0, 0), false);
    add("GIF without frames", gif({ 5, 5 }, {}), false);
    add(
        "GIF endless extensions", gif({ 5, 5 }, {}).substr(0, 781) + [] {
            std::string blocks;
            for (int i = 0; i < 200'000; ++i) blocks += "\x21\xFE\x01x\0"s;
            return blocks;
        }(),
        false);
    add("WebP 16384² canvas", webpClaiming(16777216, 16777216), false);
    add("WebP canvas larger than its picture", webpClaiming(1000, 1000), false);
    add("WebP empty container", "RIFF\x04\0\0\0WEBP"s, false);
    add("AVIF 60000²", avifClaiming(60000, 60000), false);
    add("AVIF 0 × 0", avifClaiming(0, 0), false);
    add("AVIF brand alone", "\0\0\0\x14"
                            "ftypavif\0\0\0\0avif"s,
        false);
    add("BMP 60000²", bmpClaiming(60000, 60000), false);
    add("BMP negative width", bmpClaiming(-10, 10), false);
    add("BMP lowest height", bmpClaiming(10, -2147483647 - 1), false);
    add("BMP 20000² without data", bmpClaiming(20000, 20000), false);
}

} // namespace

void TstPictureDamage::initTestCase()
{
    for (const PictureFormat format : { PictureFormat::Png, PictureFormat::Jpeg, PictureFormat::WebP, PictureFormat::Gif, PictureFormat::Avif }) {
        QVERIFY(readPicture(asBytes(sampleOf(format)), "good").has_value());
    }
}

Result<Picture> TstPictureDamage::readQuickly(const std::string& file)
{
    const std::clock_t start = std::clock();
    Result<Picture> picture = readPicture(asBytes(file), "odd.bin");
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    m_slowest = std::max(m_slowest, seconds);
    ++m_files;
    const auto complain = [](const char* what) { QTest::qFail(what, __FILE__, __LINE__); };
    if (seconds > 1.0) complain("more than a second");
    if (picture) {
        if (picture->image.isEmpty() || (picture->image.format() != PixelFormat::Rgba8 && picture->image.format() != PixelFormat::Rgba16)) complain("a picture without pixels");
        return picture;
    }
    ++m_refused;
    const Error& error = picture.error();
    if (error.code != ErrorCode::FileUnreadable || !error.message.starts_with("odd.bin ") || !error.message.ends_with('.')) complain(error.message.c_str());
    return picture;
}

void TstPictureDamage::truncated_data() { addFormats(); }

void TstPictureDamage::truncated()
{
    QFETCH(PictureFormat, format);
    const std::string file = sampleOf(format);
    int opened = 0;
    for (std::size_t i = 0; i < 40; ++i) opened += readQuickly(file.substr(0, file.size() * i / 40)).has_value() ? 1 : 0;
    // Cut anywhere, the picture data is not all there.
    QCOMPARE(opened, 0);
}

void TstPictureDamage::flippedBits_data() { addFormats(); }

void TstPictureDamage::flippedBits()
{
    QFETCH(PictureFormat, format);
    const std::string file = sampleOf(format);
    std::mt19937 random(71);
    for (int round = 0; round < 200; ++round) {
        std::string damaged = file;
        // The first half of the rounds hits the headers.
        const std::size_t reach = round < 100 ? std::min<std::size_t>(file.size(), 200) : file.size();
        damaged[random() % reach] ^= static_cast<char>(1U << random() % 8);
        [[maybe_unused]] const Result<Picture> either = readQuickly(damaged);
    }
}

void TstPictureDamage::scrambledRuns_data() { addFormats(); }

void TstPictureDamage::scrambledRuns()
{
    QFETCH(PictureFormat, format);
    const std::string file = sampleOf(format);
    std::mt19937 random(72);
    for (int round = 0; round < 60; ++round) {
        std::string damaged = file;
        const std::size_t begin = 12 + random() % (file.size() - 12), size = 1 + random() % 60;
        for (std::size_t i = begin; i < std::min(begin + size, file.size()); ++i) damaged[i] = static_cast<char>(random());
        [[maybe_unused]] const Result<Picture> either = readQuickly(damaged);
    }
}

void TstPictureDamage::hostile_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<bool>("opens");
    const auto add = [](const char* name, const std::string& file, bool opens) { QTest::newRow(name) << QByteArray(file.data(), static_cast<qsizetype>(file.size())) << opens; };
    add("nothing", "", false);
    add("one byte", "\x89", false);
    add("text", "hello, this is a letter", false);
    add("HTML named .png", "<!doctype html><html></html>", false);
    add("signature alone", "\x89PNG\r\n\x1a\n", false);
    add("zip", "PK\x03\x04"s + std::string(100, '\0'), false);
    add("TIFF", "II*\0\x08\0\0\0"s, false);
    addHostilePng(add);
    addOtherHostileFiles(add);
}

void TstPictureDamage::hostile()
{
    QFETCH(QByteArray, file);
    QFETCH(bool, opens);
    const Result<Picture> picture = readQuickly(file.toStdString());
    QVERIFY2(picture.has_value() == opens, picture ? "it was opened" : picture.error().message.c_str());
}

void TstPictureDamage::limits_areHeldAgainstTheHeader()
{
    const std::string file = png({ .width = 3000, .height = 2000, .rows = std::string(std::size_t{ 9001 } * 2000, '\0') });
    PictureLimits limits;
    limits.pixels = 5'999'999;
    const Result<Picture> large = readPicture(asBytes(file), "large.png", limits);
    QVERIFY(!large.has_value());
    QCOMPARE(QString::fromStdString(large.error().message), QStringLiteral("large.png is 3000 × 2000 pixels; the limit is 5 megapixels."));
    limits.pixels = 6'000'000;
    limits.decodedBytes = 23'999'999;
    QVERIFY(!readPicture(asBytes(file), "large.png", limits).has_value());
    limits.decodedBytes = 24'000'000;
    QVERIFY(readPicture(asBytes(file), "large.png", limits).has_value());
}

void TstPictureDamage::memory_stayedBounded()
{
    qInfo("%d files, %d refused, slowest %.2f s", m_files, m_refused, m_slowest);
    QVERIFY(m_files >= 150);
    rusage usage = {};
    QCOMPARE(getrusage(RUSAGE_SELF, &usage), 0);
    qInfo("peak memory %ld MiB", usage.ru_maxrss >> 10);
    QVERIFY(usage.ru_maxrss < kMemoryLimitKib);
}

QTEST_GUILESS_MAIN(TstPictureDamage)
#include "tst_picture_damage.moc"
