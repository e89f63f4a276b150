// Control preprocessors: against OpenCV's Python module where the recipe is exact (tests/parity/make_control_preprocess_references.py), by properties everywhere.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/safetensors_file.h"
#include "core/imaging/control_preprocess.h"
#include "tests/unit/imaging/random_pictures.h"

#include <QTest>

#include <set>

using namespace sfumato;
using namespace sfumato::imaging;

class TstControlPreprocess : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void exactRecipes_equalOpenCv_data();
    void exactRecipes_equalOpenCv();
    void everyPreprocessor_keepsSizeAndRepeats();
    void lineFinders_areGreyAndEmptyOnFlatPictures();
    void pictureFormats_giveTheSame();
    void softEdge_isStrongestOnTheEdgeAndFollowsContrast();
    void segments_areFlatAndFollowTheShapes();
    void segments_leaveNoSmallRegions();
    void parameters_areClampedAndDescribed();
    void emptyPicture_isRefused();
    void onePixel_isWellBehaved();
};

namespace {

constexpr Extent kReferenceExtent{ 72, 56 };

std::uint8_t referenceSample(int x, int y, int c)
{
    constexpr std::array<std::uint8_t, 3> disc{ 220, 60, 40 }, box{ 30, 30, 60 };
    const auto channel = static_cast<std::size_t>(c);
    if (x - y == 20) return 10;
    if (x >= 44 && x < 62 && y >= 10 && y < 34) return box[channel];
    if ((x - 24) * (x - 24) + (y - 30) * (y - 30) < 196) return disc[channel];
    return static_cast<std::uint8_t>((3 * x + 2 * y + 50 * c) % 200 + ((73 * x + 151 * y + 31 * c) ^ (x * y)) % 23);
}

// The rule is that of the script.
ImageBuffer referencePicture()
{
    ImageBuffer picture(kReferenceExtent, PixelFormat::Rgb8);
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            for (int c = 0; c < 3; ++c) picture.row(y)[3 * x + c] = referenceSample(x, y, c);
        }
    }
    return picture;
}

std::vector<std::uint8_t> referenceSamples(const QByteArray& name)
{
    const auto file = engine::SafetensorsFile::open(SFUMATO_SOURCE_DIR "/tests/parity/references/control_preprocess.safetensors");
    const engine::TensorEntry* entry = file ? file->find(name.toStdString()) : nullptr;
    if (!entry) return {};
    std::vector<std::uint8_t> samples(entry->sizeInBytes());
    if (!file->read(*entry, std::as_writable_bytes(std::span(samples)))) return {};
    return samples;
}

ImageBuffer boxPicture(Extent extent, const Bounds& box, std::array<std::uint8_t, 4> ground, std::array<std::uint8_t, 4> color)
{
    ImageBuffer picture = uniform(extent, ground);
    for (int y = box.y; y < box.bottom(); ++y) {
        for (int x = box.x; x < box.right(); ++x) std::copy(color.begin(), color.end(), picture.row(y) + 4 * x);
    }
    return picture;
}

bool isGrey(const ImageBuffer& picture)
{
    for (std::size_t i = 0; i < picture.sizeInBytes(); i += 3)
        if (picture.bytes()[i] != picture.bytes()[i + 1] || picture.bytes()[i] != picture.bytes()[i + 2]) return false;
    return true;
}

bool isBlack(const ImageBuffer& picture)
{
    return std::all_of(picture.bytes(), picture.bytes() + picture.sizeInBytes(), [](std::byte value) { return value == std::byte{ 0 }; });
}

std::set<std::array<std::uint8_t, 3>> colorsOf(const ImageBuffer& picture)
{
    std::set<std::array<std::uint8_t, 3>> colors;
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) colors.insert({ picture.row(y)[3 * x], picture.row(y)[3 * x + 1], picture.row(y)[3 * x + 2] });
    }
    return colors;
}

ImageBuffer made(ImageView picture, ControlPreprocessor preprocessor)
{
    return *preprocessControl(picture, ControlPreprocessing::withDefaults(preprocessor));
}

} // namespace

void TstControlPreprocess::exactRecipes_equalOpenCv_data()
{
    QTest::addColumn<ControlPreprocessing>("how");
    QTest::addColumn<int>("mostDifference"); // of any sample: sums of floating-point numbers differ in the last bit between builds of OpenCV
    using P = ControlPreprocessor;
    QTest::addRow("canny/100/200") << ControlPreprocessing::withDefaults(P::Canny) << 0;
    QTest::addRow("canny/30/90") << ControlPreprocessing{ P::Canny, { 30, 90 } } << 0;
    QTest::addRow("lineart/6/8") << ControlPreprocessing::withDefaults(P::LineArt) << 1;
    QTest::addRow("lineart/2/20") << ControlPreprocessing{ P::LineArt, { 2, 20 } } << 1;
    QTest::addRow("scribble/32") << ControlPreprocessing::withDefaults(P::Scribble) << 0;
    QTest::addRow("scribble_threshold/127") << ControlPreprocessing::withDefaults(P::ScribbleThreshold) << 0;
    QTest::addRow("tile/4") << ControlPreprocessing{ P::Tile, { 4, 0 } } << 0;
    QTest::addRow("blur/9") << ControlPreprocessing::withDefaults(P::Blur) << 0;
    QTest::addRow("blur/2.5") << ControlPreprocessing{ P::Blur, { 2.5, 0 } } << 0;
    QTest::addRow("luminance/1") << ControlPreprocessing::withDefaults(P::Luminance) << 0;
    QTest::addRow("luminance/0.6") << ControlPreprocessing{ P::Luminance, { 0.6, 0 } } << 0;
    QTest::addRow("intensity/1.8") << ControlPreprocessing{ P::Intensity, { 1.8, 0 } } << 0;
    QTest::addRow("color_grid/8") << ControlPreprocessing{ P::ColorGrid, { 8, 0 } } << 0;
    QTest::addRow("invert") << ControlPreprocessing::withDefaults(P::Invert) << 0;
    QTest::addRow("threshold/127") << ControlPreprocessing::withDefaults(P::Threshold) << 0;
}

void TstControlPreprocess::exactRecipes_equalOpenCv()
{
    QFETCH(ControlPreprocessing, how);
    QFETCH(int, mostDifference);
    const std::vector<std::uint8_t> reference = referenceSamples(QTest::currentDataTag());
    const Result<ImageBuffer> result = preprocessControl(referencePicture().view(), how);
    QVERIFY(result.has_value());
    QCOMPARE(result->format(), PixelFormat::Rgb8);
    const auto pixels = static_cast<std::size_t>(kReferenceExtent.area());
    const std::size_t channels = reference.size() / pixels;
    QVERIFY(channels == 1 || channels == 3);
    int most = 0;
    std::size_t differing = 0;
    for (std::size_t i = 0; i < pixels * 3; ++i) {
        const int expected = channels == 1 ? reference[i / 3] : reference[i];
        const int difference = std::abs(std::to_integer<int>(result->bytes()[i]) - expected);
        most = std::max(most, difference);
        differing += difference > 0;
    }
    qInfo("largest difference %d, %zu of %zu samples differ", most, differing, pixels * 3);
    QVERIFY(most <= mostDifference);
}

void TstControlPreprocess::everyPreprocessor_keepsSizeAndRepeats()
{
    RandomPictures random(91);
    for (const PreprocessorDescription& entry : controlPreprocessors()) {
        for (int round = 0; round < 6; ++round) {
            const Extent extent{ random.number(1, 90), random.number(1, 90) };
            const ImageBuffer picture = random.noise(extent, PixelFormat::Rgba8);
            const ImageBuffer first = made(picture.view(), entry.preprocessor);
            QCOMPARE(first.extent(), extent);
            QCOMPARE(first.format(), PixelFormat::Rgb8);
            QVERIFY(first == made(picture.view(), entry.preprocessor));
        }
    }
}

void TstControlPreprocess::lineFinders_areGreyAndEmptyOnFlatPictures()
{
    const ImageBuffer noise = RandomPictures(92).noise({ 60, 40 }, PixelFormat::Rgb8);
    for (const auto preprocessor : { ControlPreprocessor::Canny, ControlPreprocessor::SoftEdge, ControlPreprocessor::LineArt, ControlPreprocessor::Scribble }) {
        QVERIFY(isGrey(made(noise.view(), preprocessor)));
        QVERIFY(!isBlack(made(noise.view(), preprocessor)));
        for (const std::array<std::uint8_t, 4>& color : { std::array<std::uint8_t, 4>{ 0, 0, 0, 255 }, { 255, 255, 255, 255 }, { 200, 30, 90, 255 } })
            QVERIFY(isBlack(made(uniform({ 60, 40 }, color).view(), preprocessor)));
    }
    for (const auto preprocessor : { ControlPreprocessor::Luminance, ControlPreprocessor::Intensity, ControlPreprocessor::ScribbleThreshold, ControlPreprocessor::Threshold })
        QVERIFY(isGrey(made(noise.view(), preprocessor)));
}

void TstControlPreprocess::pictureFormats_giveTheSame()
{
    const ImageBuffer rgb = referencePicture();
    ImageBuffer rgba(rgb.extent(), PixelFormat::Rgba8), deep(rgb.extent(), PixelFormat::Rgba16);
    for (int y = 0; y < rgb.height(); ++y) {
        for (int i = 0; i < 4 * rgb.width(); ++i) {
            const std::uint8_t value = i % 4 == 3 ? 255 : rgb.row(y)[3 * (i / 4) + i % 4];
            rgba.row(y)[i] = value;
            deep.row<std::uint16_t>(y)[i] = static_cast<std::uint16_t>(value * 257);
        }
    }
    for (const PreprocessorDescription& entry : controlPreprocessors()) {
        const ImageBuffer expected = made(rgb.view(), entry.preprocessor);
        QVERIFY(made(rgba.view(), entry.preprocessor) == expected);
        QVERIFY(made(deep.view(), entry.preprocessor) == expected);
    }
    // Transparent parts lie on white.
    QVERIFY(made(uniform({ 5, 5 }, { 10, 20, 30, 0 }).view(), ControlPreprocessor::None) == made(uniform({ 5, 5 }, { 255, 255, 255, 255 }).view(), ControlPreprocessor::None));
}

void TstControlPreprocess::softEdge_isStrongestOnTheEdgeAndFollowsContrast()
{
    const auto profile = [](std::uint8_t level) {
        return made(boxPicture({ 80, 40 }, { 40, 0, 40, 40 }, { 0, 0, 0, 255 }, { level, level, level, 255 }).view(), ControlPreprocessor::SoftEdge);
    };
    const ImageBuffer weak = profile(60), strong = profile(120);
    const auto at = [](const ImageBuffer& image, int x) { return int{ image.row(20)[3 * x] }; };
    for (int x = 41; x < 55; ++x) QVERIFY(at(weak, x) <= at(weak, x - 1));
    QVERIFY(at(weak, 40) > 60);
    QVERIFY(std::abs(at(strong, 40) - 2 * at(weak, 40)) <= 2);
    QCOMPARE(at(weak, 5), 0);
    QCOMPARE(at(weak, 75), 0);
}

void TstControlPreprocess::segments_areFlatAndFollowTheShapes()
{
    ImageBuffer picture = boxPicture({ 200, 120 }, { 60, 30, 80, 60 }, { 40, 90, 200, 255 }, { 230, 180, 40, 255 });
    RandomPictures random(93);
    for (std::size_t i = 0; i < picture.sizeInBytes(); ++i)
        if (i % 4 != 3) picture.bytes()[i] = static_cast<std::byte>(std::clamp(std::to_integer<int>(picture.bytes()[i]) + random.number(-6, 6), 0, 255));
    const ImageBuffer flat = made(picture.view(), ControlPreprocessor::Segments);
    QCOMPARE(colorsOf(flat).size(), std::size_t{ 2 });
    const auto pixel = [&](int x, int y) { return flat.row(y) + 3 * x; };
    QVERIFY(std::abs(pixel(100, 60)[0] - 230) <= 2 && std::abs(pixel(100, 60)[2] - 40) <= 2);
    QVERIFY(std::abs(pixel(5, 5)[0] - 40) <= 2 && std::abs(pixel(5, 5)[2] - 200) <= 2);
    QVERIFY(!std::equal(pixel(59, 60), pixel(59, 60) + 3, pixel(60, 60)));
}

void TstControlPreprocess::segments_leaveNoSmallRegions()
{
    const ImageBuffer noise = RandomPictures(94).noise({ 120, 90 }, PixelFormat::Rgb8);
    const Result<ImageBuffer> flat = preprocessControl(noise.view(), { ControlPreprocessor::Segments, { 4, 5 } });
    QVERIFY(colorsOf(*flat).size() <= 20); // 5 % each
    const Result<ImageBuffer> fine = preprocessControl(noise.view(), { ControlPreprocessor::Segments, { 4, 0 } });
    QVERIFY(colorsOf(*fine).size() > 1000);
}

void TstControlPreprocess::parameters_areClampedAndDescribed()
{
    const ImageBuffer picture = referencePicture();
    for (const PreprocessorDescription& entry : controlPreprocessors()) {
        QVERIFY(&describePreprocessor(entry.preprocessor) == &entry);
        QVERIFY(entry.parameters.size() <= kMostPreprocessorParameters);
        ControlPreprocessing low{ entry.preprocessor, {} }, high = low, beyond = low;
        for (std::size_t i = 0; i < entry.parameters.size(); ++i) {
            const PreprocessorParameter& parameter = entry.parameters[i];
            QVERIFY(parameter.least < parameter.most && parameter.fallback >= parameter.least && parameter.fallback <= parameter.most && parameter.step > 0);
            low.parameters[i] = parameter.least;
            high.parameters[i] = parameter.most;
            beyond.parameters[i] = 1e9;
        }
        QVERIFY(preprocessControl(picture.view(), low).has_value());
        QVERIFY(*preprocessControl(picture.view(), high) == *preprocessControl(picture.view(), beyond));
    }
}

void TstControlPreprocess::emptyPicture_isRefused()
{
    const Result<ImageBuffer> refused = preprocessControl(ImageBuffer().view(), ControlPreprocessing::withDefaults(ControlPreprocessor::Canny));
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().code, ErrorCode::InvalidRequest);
}

void TstControlPreprocess::onePixel_isWellBehaved()
{
    for (const PreprocessorDescription& entry : controlPreprocessors()) QCOMPARE(made(uniform({ 1, 1 }, { 9, 99, 199, 255 }).view(), entry.preprocessor).extent(), (Extent{ 1, 1 }));
}

QTEST_APPLESS_MAIN(TstControlPreprocess)
#include "tst_control_preprocess.moc"
