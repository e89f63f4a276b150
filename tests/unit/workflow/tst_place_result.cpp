// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/composite.h"
#include "core/workflow/place_result.h"
#include "tests/support/fake_engine.h"
#include "tests/support/random_pictures.h"

#include <QTest>

using namespace sfumato;
using namespace sfumato::workflow;
using sfumato::testing::randomInt;

namespace {

GenerationInputs randomInputs(std::mt19937& random, PixelFormat format)
{
    GenerationInputs inputs;
    const Extent extent{ randomInt(random, 9, 420), randomInt(random, 9, 420) };
    inputs.picture = sfumato::testing::randomPicture(random, extent, format);
    inputs.mask = sfumato::testing::randomMask(random, extent);
    inputs.modelInfo.nativeSize = random() % 2 == 0 ? Extent{ 128, 128 } : Extent{ 256, 256 };
    inputs.job.seed = random();
    inputs.job.strength = randomInt(random, 10, 100) / 100.0;
    inputs.job.inpaint.area = random() % 4 == 0 ? InpaintArea::Whole : InpaintArea::Masked;
    if (random() % 3 == 0) inputs.job.inpaint.feather = randomInt(random, 0, 30);
    if (random() % 3 == 0) inputs.job.inpaint.grow = randomInt(random, 0, 30);
    inputs.job.inpaint.colorMatch = random() % 2 == 0;
    inputs.job.inpaint.fill = static_cast<InpaintFill>(random() % 5);
    return inputs;
}

// Counts on its own, pixel by pixel, what placeResult promises.
std::int64_t differencesOutside(const imaging::Mask& paint, const imaging::Raster& before, const imaging::Raster& after)
{
    const ImageBuffer mask = paint.toImage();
    const ImageBuffer left = before.toImage();
    const ImageBuffer right = after.toImage();
    const auto pixelSize = static_cast<std::size_t>(bytesPerPixel(left.format()));
    std::int64_t count = 0;
    for (int y = 0; y < left.height(); ++y) {
        for (int x = 0; x < left.width(); ++x) {
            const std::byte* first = left.row<std::byte>(y) + static_cast<std::size_t>(x) * pixelSize;
            const std::byte* second = right.row<std::byte>(y) + static_cast<std::size_t>(x) * pixelSize;
            if (mask.row(y)[x] == 0 && !std::equal(first, first + pixelSize, second)) ++count;
        }
    }
    return count;
}

} // namespace

class TstPlaceResult : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void randomInpaints_changeNothingOutside_data();
    void randomInpaints_changeNothingOutside();
    void plainInpaint_takesTheEnginesPixelsInside();
    void wholePictures_areTheEnginesOwn();
    void sameInput_sameBytes();
    void laidOver_keepsLaterEditsOutside();
    void emptyPicture_isAnError();
};

void TstPlaceResult::randomInpaints_changeNothingOutside_data()
{
    QTest::addColumn<int>("format");
    QTest::newRow("8 bit") << static_cast<int>(PixelFormat::Rgba8);
    QTest::newRow("16 bit") << static_cast<int>(PixelFormat::Rgba16);
}

void TstPlaceResult::randomInpaints_changeNothingOutside()
{
    QFETCH(int, format);
    std::mt19937 random(static_cast<unsigned>(format) + 40);
    int changed = 0;
    for (int i = 0; i < 120; ++i) {
        const GenerationInputs inputs = randomInputs(random, static_cast<PixelFormat>(format));
        const auto prepared = prepareGeneration(inputs);
        QVERIFY2(prepared, prepared ? "" : prepared.error().message.c_str());
        const auto placed = placeResult(prepared->placement, sfumato::testing::fakePicture(prepared->request, 0));
        QVERIFY2(placed, placed ? "" : placed.error().message.c_str());
        QCOMPARE(placed->outsideDifferences, std::int64_t{ 0 });
        QCOMPARE(differencesOutside(*inputs.mask, *inputs.picture, placed->picture), std::int64_t{ 0 });
        QCOMPARE(placed->picture.format(), static_cast<PixelFormat>(format));
        QCOMPARE(placed->picture.extent(), inputs.picture->extent());
        changed += !(placed->picture == *inputs.picture);
    }
    QVERIFY(changed > 100);
}

void TstPlaceResult::plainInpaint_takesTheEnginesPixelsInside()
{
    std::mt19937 random(8);
    GenerationInputs inputs = randomInputs(random, PixelFormat::Rgba8);
    inputs.picture = sfumato::testing::randomPicture(random, { 160, 120 }, PixelFormat::Rgba8);
    ImageBuffer hard({ 160, 120 }, PixelFormat::Gray8);
    for (int y = 30; y < 70; ++y) std::fill_n(hard.row(y) + 40, 60, std::uint8_t{ 255 });
    inputs.mask = imaging::Mask(imaging::Raster::fromImage(hard.view()));
    inputs.job.inpaint = { InpaintArea::Whole, std::nullopt, 0, 0, InpaintFill::Original, false };
    const auto prepared = prepareGeneration(inputs);
    QVERIFY(prepared);
    const ImageBuffer made = sfumato::testing::fakePicture(prepared->request, 0);
    const auto placed = placeResult(prepared->placement, made);
    QVERIFY(placed);
    QCOMPARE(placed->changed, (Bounds{ 40, 30, 60, 40 }));
    const ImageBuffer pixels = placed->picture.toImage();
    for (int y = 30; y < 70; ++y) {
        for (int x = 40; x < 100; ++x) {
            QVERIFY(std::equal(made.row(y) + 3 * x, made.row(y) + 3 * x + 3, pixels.row(y) + 4 * x));
            QCOMPARE(pixels.row(y)[4 * x + 3], std::uint8_t{ 255 });
        }
    }
}

void TstPlaceResult::wholePictures_areTheEnginesOwn()
{
    GenerationInputs inputs;
    inputs.job.seed = 1;
    inputs.modelInfo.nativeSize = { 128, 128 };
    const auto prepared = prepareGeneration(inputs);
    QVERIFY(prepared);
    const ImageBuffer made = sfumato::testing::fakePicture(prepared->request, 0);
    const auto placed = placeResult(prepared->placement, made);
    QVERIFY(placed);
    QCOMPARE(placed->picture.extent(), (Extent{ 128, 128 }));
    QCOMPARE(placed->outsideDifferences, std::int64_t{ 0 });
    const ImageBuffer pixels = placed->picture.toImage();
    QVERIFY(std::equal(made.row(77) + 3 * 33, made.row(77) + 3 * 33 + 3, pixels.row(77) + 4 * 33));
}

void TstPlaceResult::sameInput_sameBytes()
{
    std::mt19937 random(21);
    for (int i = 0; i < 10; ++i) {
        const GenerationInputs inputs = randomInputs(random, PixelFormat::Rgba16);
        const auto first = prepareGeneration(inputs);
        const auto second = prepareGeneration(inputs);
        QVERIFY(first && second);
        const auto one = placeResult(first->placement, sfumato::testing::fakePicture(first->request, 0));
        const auto two = placeResult(second->placement, sfumato::testing::fakePicture(second->request, 0));
        QVERIFY(one && two);
        QVERIFY(one->picture == two->picture);
    }
}

void TstPlaceResult::laidOver_keepsLaterEditsOutside()
{
    std::mt19937 random(34);
    for (int i = 0; i < 20; ++i) {
        const GenerationInputs inputs = randomInputs(random, PixelFormat::Rgba8);
        const auto prepared = prepareGeneration(inputs);
        QVERIFY(prepared);
        const auto placed = placeResult(prepared->placement, sfumato::testing::fakePicture(prepared->request, 0));
        QVERIFY(placed);
        QVERIFY(laidOver(*inputs.picture, prepared->placement, *placed) == placed->picture);
        const imaging::Raster later = sfumato::testing::randomPicture(random, inputs.picture->extent(), PixelFormat::Rgba8);
        const imaging::Raster over = laidOver(later, prepared->placement, *placed);
        QCOMPARE(differencesOutside(prepared->placement.paint, later, over), std::int64_t{ 0 });
    }
}

void TstPlaceResult::emptyPicture_isAnError()
{
    const auto placed = placeResult(Placement{}, ImageBuffer{});
    QVERIFY(!placed);
    QCOMPARE(placed.error().code, ErrorCode::InvalidRequest);
}

QTEST_GUILESS_MAIN(TstPlaceResult)
#include "tst_place_result.moc"
