// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/pixel_conversion.h"
#include "core/imaging/resample.h"
#include "core/workflow/controls/control_picture.h"
#include "core/workflow/prepare_generation.h"
#include "tests/support/random_pictures.h"

#include <QTest>

using namespace sfumato;
using namespace sfumato::workflow;
using engine::GenerationMode;
using imaging::ControlPreprocessing;
using imaging::ControlPreprocessor;

namespace {

imaging::Raster picture(Extent extent, unsigned seed = 5)
{
    std::mt19937 random(seed);
    return sfumato::testing::randomPicture(random, extent, PixelFormat::Rgba8);
}

ControlReference plainControl(ControlType type)
{
    ControlReference control;
    control.model = "c.safetensors";
    control.type = type;
    control.preprocess = ControlPreprocessing{};
    return control;
}

GenerationInputs inputsWith(const ControlReference& control, const imaging::Raster& own, const imaging::Raster& controlPicture)
{
    GenerationInputs inputs;
    inputs.job.seed = 7;
    inputs.job.controls = { control };
    inputs.picture = own;
    inputs.modelInfo.nativeSize = { 128, 128 };
    inputs.controls = { { "/models/c.safetensors", {}, controlPicture } };
    return inputs;
}

imaging::Mask boxMask(Extent extent, const Bounds& painted)
{
    imaging::Mask mask(extent);
    mask.raster().edit(painted, [](ImageSpan pixels, const Bounds&) {
        for (int y = 0; y < pixels.extent.height; ++y) std::fill_n(pixels.row(y), pixels.extent.width, std::uint8_t{ 255 });
    });
    return mask;
}

PreparedGeneration prepared(const GenerationInputs& inputs)
{
    auto result = prepareGeneration(inputs);
    if (!result) qFatal("%s", result.error().message.c_str());
    return std::move(*result);
}

} // namespace

class TstControlPicture : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachType_hasItsPreprocessor()
    {
        QCOMPARE(preprocessorFor(ControlType::Line), ControlPreprocessor::Canny);
        QCOMPARE(preprocessorFor(ControlType::SoftEdge), ControlPreprocessor::SoftEdge);
        for (const auto type : { ControlType::Pose, ControlType::Depth, ControlType::Normal, ControlType::Inpaint, ControlType::Reference })
            QCOMPARE(preprocessorFor(type), ControlPreprocessor::None);
        ControlReference control = plainControl(ControlType::Line);
        QCOMPARE(effectivePreprocessing(control).preprocessor, ControlPreprocessor::None);
        control.preprocess.reset();
        QVERIFY(effectivePreprocessing(control) == ControlPreprocessing::withDefaults(ControlPreprocessor::Canny));
    }

    void canvas_seenThroughAnArea_isWhatTheSamplerStartsFrom()
    {
        const imaging::Raster canvas = picture({ 300, 200 });
        GenerationInputs inputs = inputsWith(plainControl(ControlType::Depth), canvas, canvas);
        inputs.mask = boxMask(canvas.extent(), { 200, 20, 50, 40 });
        const PreparedGeneration result = prepared(inputs);
        QVERIFY(result.placement.crop != canvas.bounds());
        QCOMPARE(result.request.controls.size(), std::size_t{ 1 });
        QVERIFY(result.request.controls.front().image == result.request.image);
        QCOMPARE(result.request.controls.front().model, std::filesystem::path("/models/c.safetensors"));
        QVERIFY(result.job.controls == inputs.job.controls);
    }

    void otherSizes_areStretchedToTheOutput()
    {
        const imaging::Raster canvas = picture({ 192, 128 }), small = picture({ 64, 100 }, 6);
        for (const auto mode : { GenerationMode::TextToImage, GenerationMode::ImageToImage }) {
            GenerationInputs inputs = inputsWith(plainControl(ControlType::Depth), canvas, small);
            inputs.job.mode = mode;
            const PreparedGeneration result = prepared(inputs);
            const auto expected = imaging::resample(imaging::flattened(small.toImage().view()).view(), result.request.size);
            QVERIFY(result.request.controls.front().image == *expected);
        }
    }

    void preprocessing_worksAtTheSizeOfTheModel()
    {
        const imaging::Raster canvas = picture({ 300, 200 });
        ControlReference control = plainControl(ControlType::Line);
        control.preprocess.reset();
        GenerationInputs inputs = inputsWith(control, canvas, canvas);
        inputs.mask = boxMask(canvas.extent(), { 200, 20, 50, 40 });
        const PreparedGeneration result = prepared(inputs);
        const auto expected = imaging::preprocessControl(result.request.image.view(), ControlPreprocessing::withDefaults(ControlPreprocessor::Canny));
        QVERIFY(result.request.controls.front().image == *expected);
    }

    void inpaintType_seesBlackUnderTheMask()
    {
        const imaging::Raster canvas = picture({ 300, 200 });
        GenerationInputs inputs = inputsWith(plainControl(ControlType::Inpaint), canvas, canvas);
        inputs.mask = boxMask(canvas.extent(), { 200, 20, 50, 40 });
        const PreparedGeneration result = prepared(inputs);
        const ImageBuffer& seen = result.request.controls.front().image;
        int masked = 0;
        for (int y = 0; y < seen.height(); ++y) {
            for (int x = 0; x < seen.width(); ++x) {
                const bool isMasked = result.request.mask.row(y)[x] >= 128;
                masked += isMasked;
                for (int c = 0; c < 3; ++c) QCOMPARE(int{ seen.row(y)[3 * x + c] }, isMasked ? 0 : int{ result.request.image.row(y)[3 * x + c] });
            }
        }
        QVERIFY(masked > 0);
    }

    void reference_keepsItsOwnSize()
    {
        const imaging::Raster canvas = picture({ 192, 128 }), face = picture({ 50, 90 }, 6);
        const PreparedGeneration result = prepared(inputsWith(plainControl(ControlType::Reference), canvas, face));
        QVERIFY(result.request.controls.front().image == imaging::flattened(face.toImage().view()));
    }

    void values_areHandedOn()
    {
        ControlReference control = plainControl(ControlType::Depth);
        control.weight = 0.6;
        control.start = 0.1;
        control.end = 0.8;
        GenerationInputs inputs = inputsWith(control, picture({ 192, 128 }), picture({ 192, 128 }));
        inputs.controls.front().imageEncoder = "/models/vit.safetensors";
        const engine::ControlReference made = prepared(inputs).request.controls.front();
        QCOMPARE(made.weight, 0.6);
        QCOMPARE(made.start, 0.1);
        QCOMPARE(made.end, 0.8);
        QCOMPARE(made.type, ControlType::Depth);
        QCOMPARE(made.imageEncoder, std::filesystem::path("/models/vit.safetensors"));
    }

    void missingPicture_isASentence()
    {
        GenerationInputs inputs = inputsWith(plainControl(ControlType::Depth), picture({ 192, 128 }), {});
        inputs.controls.front().picture.reset();
        const auto refused = prepareGeneration(inputs);
        QVERIFY(!refused);
        QCOMPARE(refused.error().detail, std::string("controls[0].image_url"));
        inputs.controls.clear();
        QVERIFY(!prepareGeneration(inputs));
    }
};

QTEST_APPLESS_MAIN(TstControlPicture)
#include "tst_control_picture.moc"
