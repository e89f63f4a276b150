// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/pixel_conversion.h"
#include "core/imaging/resample.h"
#include "core/workflow/editor_defaults.h"
#include "core/workflow/prepare_generation.h"
#include "core/workflow/resolution_plan.h"
#include "core/workflow/steps.h"
#include "tests/support/random_pictures.h"

#include <QTest>

#include <algorithm>

using namespace sfumato;
using namespace sfumato::workflow;
using engine::GenerationMode;

namespace {

GenerationInputs inputsWith(Extent extent, const Bounds& painted, Extent native = { 128, 128 })
{
    std::mt19937 random(3);
    GenerationInputs inputs;
    inputs.job.seed = 7;
    inputs.picture = sfumato::testing::randomPicture(random, extent, PixelFormat::Rgba8);
    inputs.modelInfo.nativeSize = native;
    if (!painted.isEmpty()) {
        imaging::Mask mask(extent);
        mask.raster().edit(painted, [](ImageSpan pixels, const Bounds&) {
            for (int y = 0; y < pixels.extent.height; ++y) std::fill_n(pixels.row(y), pixels.extent.width, std::uint8_t{ 255 });
        });
        inputs.mask = mask;
    }
    return inputs;
}

// Prepares and aborts the test with the sentence when that fails.
PreparedGeneration prepared(const GenerationInputs& inputs)
{
    auto result = prepareGeneration(inputs);
    if (!result) qFatal("%s", result.error().message.c_str());
    return std::move(*result);
}

void setPlain(InpaintSettings& inpaint)
{
    inpaint = { InpaintArea::Whole, std::nullopt, 0, 0, InpaintFill::Original, false };
}

bool isHard(const ImageBuffer& mask)
{
    return std::all_of(mask.bytes(), mask.bytes() + mask.sizeInBytes(), [](std::byte level) { return level == std::byte{ 0 } || level == std::byte{ 255 }; });
}

} // namespace

class TstPrepareGeneration : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void mode_followsWhatIsGiven();
    void textToImage_sizes();
    void imageToImage_sizes();
    void plainInpaint_isTheReference();
    void plainInpaint_hardMaskOfAnotherSizeStaysHard();
    void maskedInpaint_cropsAndCoversCells();
    void maskedInpaint_requestMaskHoldsThePaint();
    void greyMask_staysGrey();
    void noisyMask_isCleaned();
    void fills_changeOnlyTheInside();
    void imageSize_resizesTheEditedPicture();
    void decidedJob_givesTheSameBytes();
    void settings_reachTheRequest();
    void badInputs_areNamed_data();
    void badInputs_areNamed();
    void steps_followTheReference();
    void editorDefaults_differInVariationsAndFormat();
};

void TstPrepareGeneration::mode_followsWhatIsGiven()
{
    JobDescription job;
    QCOMPARE(effectiveMode(job, false, false), GenerationMode::TextToImage);
    QCOMPARE(effectiveMode(job, true, false), GenerationMode::ImageToImage);
    QCOMPARE(effectiveMode(job, true, true), GenerationMode::Inpainting);
    job.mode = GenerationMode::TextToImage;
    QCOMPARE(effectiveMode(job, true, true), GenerationMode::TextToImage);
}

void TstPrepareGeneration::textToImage_sizes()
{
    GenerationInputs inputs = inputsWith({ 100, 100 }, {});
    inputs.picture.reset();
    QCOMPARE(prepared(inputs).request.size, (Extent{ 128, 128 }));
    inputs.job.imageSize = SizePreset::Landscape43;
    QCOMPARE(prepared(inputs).request.size, (Extent{ 128, 96 }));
    inputs.job.imageSize = SizePreset::Square;
    QCOMPARE(prepared(inputs).request.size, (Extent{ 64, 64 }));
    inputs.modelInfo.nativeSize = { 1024, 1024 };
    QCOMPARE(prepared(inputs).request.size, (Extent{ 512, 512 }));
    inputs.job.imageSize = Extent{ 640, 72 };
    const PreparedGeneration explicitSize = prepared(inputs);
    QCOMPARE(explicitSize.request.size, (Extent{ 640, 72 }));
    QVERIFY(explicitSize.request.image.isEmpty() && explicitSize.request.mask.isEmpty());
    QCOMPARE(explicitSize.placement.outputSize, (Extent{ 640, 72 }));
}

void TstPrepareGeneration::imageToImage_sizes()
{
    GenerationInputs inputs = inputsWith({ 100, 75 }, {});
    QCOMPARE(prepared(inputs).request.size, (Extent{ 104, 72 }));
    inputs.job.imageSize = Extent{ 256, 256 };
    QCOMPARE(prepared(inputs).request.size, (Extent{ 256, 256 }));
    inputs.job.preserveAspectRatio = true;
    const PreparedGeneration fitted = prepared(inputs);
    QCOMPARE(fitted.request.size, (Extent{ 256, 192 }));
    QCOMPARE(fitted.request.image.extent(), fitted.request.size);
    QCOMPARE(fitted.request.image.format(), PixelFormat::Rgb8);
    QVERIFY(fitted.placement.base.isEmpty());
    // Too large and too small pictures keep their proportions.
    QCOMPARE(roundedExtent({ 8192, 4096 }), (Extent{ 4096, 2048 }));
    QCOMPARE(roundedExtent({ 32, 48 }), (Extent{ 64, 96 }));
}

void TstPrepareGeneration::plainInpaint_isTheReference()
{
    GenerationInputs inputs = inputsWith({ 160, 120 }, { 33, 21, 50, 40 });
    setPlain(inputs.job.inpaint);
    const PreparedGeneration result = prepared(inputs);
    QCOMPARE(result.request.size, (Extent{ 160, 120 }));
    QVERIFY(result.request.image == imaging::flattened(inputs.picture->toImage().view()));
    QVERIFY(result.request.mask == inputs.mask->toImage());
    QVERIFY(result.placement.blend == inputs.mask->toImage());
    QVERIFY(result.placement.sampled.isEmpty());
    QVERIFY(!result.context);
    QVERIFY(!result.request.noiseFill);
}

void TstPrepareGeneration::plainInpaint_hardMaskOfAnotherSizeStaysHard()
{
    GenerationInputs inputs = inputsWith({ 160, 120 }, {});
    inputs.mask = inputsWith({ 77, 53 }, { 10, 10, 31, 17 }).mask;
    setPlain(inputs.job.inpaint);
    const PreparedGeneration result = prepared(inputs);
    QCOMPARE(result.placement.paint.extent(), (Extent{ 160, 120 }));
    QVERIFY(isHard(result.request.mask));
    QVERIFY(isHard(result.placement.blend));
}

void TstPrepareGeneration::maskedInpaint_cropsAndCoversCells()
{
    const GenerationInputs inputs = inputsWith({ 900, 700 }, { 400, 300, 60, 50 });
    const PreparedGeneration result = prepared(inputs);
    QVERIFY(result.context);
    QVERIFY(result.placement.crop.width < 400);
    QCOMPARE(result.request.image.extent(), result.request.size);
    QCOMPARE(result.request.mask.extent(), result.request.size);
    QCOMPARE(result.placement.blend.extent(), result.placement.crop.extent());
    const ImageBuffer& mask = result.request.mask;
    for (int y = 0; y < mask.height(); ++y) {
        for (int x = 0; x < mask.width(); ++x) QCOMPARE(mask.row(y)[x], mask.row(y / 8 * 8)[x / 8 * 8]);
    }
    QCOMPARE(mask.row(0)[0], std::uint8_t{ 0 });
}

void TstPrepareGeneration::maskedInpaint_requestMaskHoldsThePaint()
{
    std::mt19937 random(11);
    for (int i = 0; i < 30; ++i) {
        GenerationInputs inputs = inputsWith({ sfumato::testing::randomInt(random, 100, 500), sfumato::testing::randomInt(random, 100, 500) }, {});
        inputs.mask = sfumato::testing::randomMask(random, inputs.picture->extent());
        const PreparedGeneration result = prepared(inputs);
        const auto paint = imaging::resample(result.placement.paint.toImage(result.placement.crop).view(), result.request.size, imaging::ResampleFilter::Area);
        QVERIFY(paint);
        for (int y = 0; y < paint->height(); ++y) {
            for (int x = 0; x < paint->width(); ++x) QVERIFY(result.request.mask.row(y)[x] + 24 >= paint->row(y)[x]);
        }
        for (int y = 0; y < result.placement.blend.height(); ++y) {
            for (int x = 0; x < result.placement.blend.width(); ++x) {
                const bool isPainted = result.placement.paint.valueAt(result.placement.crop.x + x, result.placement.crop.y + y) > 0;
                QVERIFY(isPainted || result.placement.blend.row(y)[x] == 0);
            }
        }
    }
}

void TstPrepareGeneration::greyMask_staysGrey()
{
    GenerationInputs inputs = inputsWith({ 160, 120 }, { 33, 21, 50, 40 });
    inputs.mask->raster().edit({ 33, 21, 50, 40 }, [](ImageSpan pixels, const Bounds&) {
        for (int y = 0; y < pixels.extent.height; ++y) std::fill_n(pixels.row(y), pixels.extent.width, std::uint8_t{ 100 });
    });
    setPlain(inputs.job.inpaint);
    const PreparedGeneration result = prepared(inputs);
    QCOMPARE(result.request.mask.row(40)[50], std::uint8_t{ 100 });
    QCOMPARE(result.placement.blend.row(40)[50], std::uint8_t{ 255 }); // at least 25 % of paint is pasted fully
}

void TstPrepareGeneration::noisyMask_isCleaned()
{
    GenerationInputs inputs = inputsWith({ 160, 120 }, { 33, 21, 50, 40 });
    const imaging::Mask clean = *inputs.mask;
    inputs.mask->raster().edit({ 0, 0, 160, 120 }, [](ImageSpan pixels, const Bounds&) {
        for (int y = 0; y < pixels.extent.height; ++y) {
            for (int x = 0; x < pixels.extent.width; ++x) pixels.row(y)[x] = static_cast<std::uint8_t>(pixels.row(y)[x] == 0 ? (x + y) % 8 : 248 + (x + y) % 8);
        }
    });
    QVERIFY(prepared(inputs).placement.paint == clean);
}

void TstPrepareGeneration::fills_changeOnlyTheInside()
{
    GenerationInputs inputs = inputsWith({ 160, 120 }, { 33, 21, 50, 40 });
    setPlain(inputs.job.inpaint);
    const ImageBuffer original = prepared(inputs).request.image;
    for (const InpaintFill fill : { InpaintFill::Blur, InpaintFill::Border, InpaintFill::Neutral }) {
        inputs.job.inpaint.fill = fill;
        const ImageBuffer filled = prepared(inputs).request.image;
        QVERIFY(!(filled == original));
        for (int y = 0; y < filled.height(); ++y) {
            for (int x = 0; x < filled.width(); ++x) {
                const bool isInside = Bounds{ 33, 21, 50, 40 }.contains(x, y);
                QVERIFY(isInside || std::equal(filled.row(y) + 3 * x, filled.row(y) + 3 * x + 3, original.row(y) + 3 * x));
            }
        }
    }
    inputs.job.inpaint.fill = InpaintFill::Noise;
    const PreparedGeneration noise = prepared(inputs);
    QVERIFY(noise.request.noiseFill);
    QVERIFY(noise.request.image == original);
}

void TstPrepareGeneration::imageSize_resizesTheEditedPicture()
{
    GenerationInputs inputs = inputsWith({ 160, 120 }, { 33, 21, 50, 40 });
    inputs.job.imageSize = Extent{ 320, 240 };
    const PreparedGeneration result = prepared(inputs);
    QCOMPARE(result.placement.base.extent(), (Extent{ 320, 240 }));
    QCOMPARE(result.placement.outputSize, (Extent{ 320, 240 }));
    const Bounds painted = result.placement.paint.paintedBounds();
    QVERIFY(std::abs(painted.x - 66) <= 1 && std::abs(painted.width - 100) <= 2);
}

void TstPrepareGeneration::decidedJob_givesTheSameBytes()
{
    std::mt19937 random(13);
    for (int i = 0; i < 10; ++i) {
        GenerationInputs inputs = inputsWith({ sfumato::testing::randomInt(random, 80, 600), sfumato::testing::randomInt(random, 80, 600) }, {});
        inputs.mask = sfumato::testing::randomMask(random, inputs.picture->extent());
        inputs.job.strength = sfumato::testing::randomInt(random, 10, 100) / 100.0;
        const PreparedGeneration first = prepared(inputs);
        inputs.job = first.job;
        const PreparedGeneration again = prepared(inputs);
        QVERIFY(again.job == first.job);
        QVERIFY(again.request.image == first.request.image);
        QVERIFY(again.request.mask == first.request.mask);
        QVERIFY(again.placement.blend == first.placement.blend);
        QVERIFY(again.placement.sampled == first.placement.sampled);
        QCOMPARE(again.placement.crop, first.placement.crop);
    }
}

void TstPrepareGeneration::settings_reachTheRequest()
{
    GenerationInputs inputs = inputsWith({ 160, 120 }, { 33, 21, 50, 40 });
    JobDescription& job = inputs.job;
    job.prompt = "a blue ball";
    job.negativePrompt = "blurred";
    job.steps = 12;
    job.guidanceScale = 5.5;
    job.guidanceRescale = 0.25;
    job.guidanceInterval = GuidanceInterval{ 0.5, 6.0 };
    job.strength = 0.6;
    job.scheduler = "euler";
    job.imageCount = 3;
    job.clipSkip = 2;
    job.precision = engine::Precision::Float32;
    job.device = "cpu";
    inputs.model = { "/models/a.safetensors", "/models/vae.safetensors" };
    job.refiner = RefinerSettings{ "r", 0.7 };
    inputs.refiner = engine::ModelSource{ "/models/r.safetensors", {} };
    const PreparedGeneration result = prepared(inputs);
    const engine::GenerationRequest& request = result.request;
    QCOMPARE(request.prompt, job.prompt);
    QCOMPARE(request.negativePrompt, job.negativePrompt);
    QCOMPARE(request.sampling.steps, 12);
    QCOMPARE(request.sampling.guidanceScale, 5.5);
    QCOMPARE(request.sampling.guidanceRescale, 0.25);
    QCOMPARE(request.sampling.guidanceLowest, 0.5);
    QCOMPARE(request.sampling.guidanceHighest, 6.0);
    QCOMPARE(request.sampling.strength, 0.6);
    QCOMPARE(request.sampling.seed, std::uint64_t{ 7 });
    QCOMPARE(request.sampling.imageCount, 3);
    QCOMPARE(request.sampling.scheduler, std::string("euler"));
    QCOMPARE(request.clipSkip, 2);
    QCOMPARE(request.precision, engine::Precision::Float32);
    QCOMPARE(request.device, std::string("cpu"));
    QVERIFY(request.model == inputs.model);
    QVERIFY(request.refiner == (engine::RefinerReference{ *inputs.refiner, 0.7 }));
    QCOMPARE(result.stepsThatRun, 7);
}

void TstPrepareGeneration::badInputs_areNamed_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("field");
    QTest::newRow("no seed") << QStringLiteral("seed") << QStringLiteral("seed");
    QTest::newRow("no picture") << QStringLiteral("picture") << QStringLiteral("image_url");
    QTest::newRow("no mask") << QStringLiteral("mask") << QStringLiteral("mask_url");
    QTest::newRow("blank mask") << QStringLiteral("blank") << QStringLiteral("mask_url");
    QTest::newRow("no refiner") << QStringLiteral("refiner") << QStringLiteral("refiner");
    QTest::newRow("no step") << QStringLiteral("strength") << QStringLiteral("strength");
}

void TstPrepareGeneration::badInputs_areNamed()
{
    QFETCH(QString, what);
    QFETCH(QString, field);
    GenerationInputs inputs = inputsWith({ 160, 120 }, { 33, 21, 50, 40 });
    inputs.job.mode = GenerationMode::Inpainting;
    QVERIFY(prepareGeneration(inputs));
    if (what == QLatin1String("seed")) inputs.job.seed.reset();
    if (what == QLatin1String("picture")) inputs.picture.reset();
    if (what == QLatin1String("mask")) inputs.mask.reset();
    if (what == QLatin1String("blank")) inputs.mask = imaging::Mask({ 160, 120 });
    if (what == QLatin1String("refiner")) inputs.job.refiner = RefinerSettings{ "r", 0.8 };
    if (what == QLatin1String("strength")) inputs.job.strength = 0.03;
    const auto result = prepareGeneration(inputs);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::InvalidRequest);
    QCOMPARE(QString::fromStdString(result.error().detail), field);
    QVERIFY(result.error().message.find(field.toStdString()) != std::string::npos);
}

void TstPrepareGeneration::steps_followTheReference()
{
    const auto running = [](GenerationMode mode, int steps, double strength, engine::Compatibility compatibility = engine::Compatibility::Diffusers) {
        JobDescription job;
        job.steps = steps;
        job.strength = strength;
        job.compatibility = compatibility;
        return stepsThatRun(mode, job);
    };
    QCOMPARE(running(GenerationMode::Inpainting, 25, 0.95), 23);
    QCOMPARE(running(GenerationMode::ImageToImage, 50, 0.6), 30);
    QCOMPARE(running(GenerationMode::ImageToImage, 10, 0.05), 0);
    QCOMPARE(running(GenerationMode::Inpainting, 30, 1.0), 30);
    QCOMPARE(running(GenerationMode::TextToImage, 30, 0.5), 30);
    QCOMPARE(running(GenerationMode::ImageToImage, 20, 0.5, engine::Compatibility::A1111), 11);
    QCOMPARE(running(GenerationMode::ImageToImage, 20, 0.5, engine::Compatibility::ComfyUi), 20);
    QCOMPARE(strengthPhrase(0.29), StrengthPhrase::TouchUp);
    QCOMPARE(strengthPhrase(0.3), StrengthPhrase::Restyle);
    QCOMPARE(strengthPhrase(0.6), StrengthPhrase::NewContent);
    QCOMPARE(strengthPhrase(0.95), StrengthPhrase::StartFresh);
}

void TstPrepareGeneration::editorDefaults_differInVariationsAndFormat()
{
    JobDescription job = editorDefaults();
    QCOMPARE(job.imageCount, 3);
    job.imageCount = 1;
    job.format = OutputFormat::Jpeg;
    QVERIFY(job == JobDescription{});
    QVERIFY(withSeed(job).seed.has_value());
    job.seed = 9;
    QCOMPARE(*withSeed(job).seed, std::uint64_t{ 9 });
}

QTEST_GUILESS_MAIN(TstPrepareGeneration)
#include "tst_prepare_generation.moc"
