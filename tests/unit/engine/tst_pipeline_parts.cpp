// Masks at latent resolution, tiles, previews, pixel conversions and the request check.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/ops.h"
#include "core/engine/pipeline/image_tensors.h"
#include "core/engine/pipeline/inpaint_mask.h"
#include "core/engine/pipeline/latent_preview.h"
#include "core/engine/pipeline/tiling.h"
#include "core/engine/runtime/request_check.h"

#include <ATen/Context.h>
#include <ATen/ops/rand.h>
#include <c10/core/InferenceMode.h>

#include <QTest>

#include <functional>

using namespace sfumato;
using namespace sfumato::engine;

namespace {

ImageBuffer grayImage(Extent extent, const std::function<int(int, int)>& value)
{
    ImageBuffer image(extent, PixelFormat::Gray8);
    for (int y = 0; y < extent.height; ++y)
        for (int x = 0; x < extent.width; ++x) image.row(y)[x] = static_cast<std::uint8_t>(value(x, y));
    return image;
}

GenerationRequest validRequest()
{
    GenerationRequest request;
    request.size = { 128, 64 };
    return request;
}

} // namespace

class TstPipelineParts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { at::manual_seed(20); }

    void hardMask_isSampledByNearestNeighbour()
    {
        // The reference takes the top left pixel of each cell, whatever the rest of the cell holds.
        const InpaintMask mask(grayImage({ 64, 64 }, [](int x, int y) { return x == 8 && y == 16 ? 255 : 0; }), at::kCPU);
        QVERIFY(mask.isHard());
        const at::Tensor cells = mask.freeAt(0, 20);
        QCOMPARE(cells.sum().item<double>(), 1.0);
        QCOMPARE(cells[0][0][2][1].item<double>(), 1.0);
        QVERIFY(cells.equal(mask.freeAt(19, 20)));
    }

    void greyPaint_delaysItsCell()
    {
        const InpaintMask mask(grayImage({ 64, 64 }, [](int x, int) { return x < 32 ? 255 : 128; }), at::kCPU);
        QVERIFY(!mask.isHard());
        for (int step = 0; step < 10; ++step) {
            const at::Tensor free = mask.freeAt(step, 10);
            QCOMPARE(free[0][0][0][0].item<double>(), 1.0);                   // full paint is free from the start
            QCOMPARE(free[0][0][0][7].item<double>(), step >= 5 ? 1.0 : 0.0); // half paint from half way on
        }
    }

    void unpaintedCells_areNeverFree()
    {
        const InpaintMask mask(grayImage({ 64, 64 }, [](int x, int) { return x < 8 ? 100 : 0; }), at::kCPU);
        for (int step = 0; step < 50; ++step) QCOMPARE(mask.freeAt(step, 50)[0][0].narrow(1, 1, 7).sum().item<double>(), 0.0);
    }

    void tiles_ofAPointwiseNetworkEqualOnePass()
    {
        const at::Tensor input = at::rand({ 1, 4, 150, 97 }, at::kFloat);
        const auto enlarge = [](const at::Tensor& tile) { return at::upsample_nearest2d(tile * 3.0 - 1.0, { tile.size(2) * 8, tile.size(3) * 8 }); };
        const at::Tensor tiled = evaluateTiled(input, decodeTiles(), enlarge, {});
        const at::Tensor whole = enlarge(input);
        QCOMPARE(tiled.sizes(), whole.sizes());
        QVERIFY((tiled - whole).abs().max().item<double>() < 1e-5);
        const auto shrink = [](const at::Tensor& tile) { return at::avg_pool2d(tile, { 8, 8 }, { 8, 8 }); };
        QVERIFY((evaluateTiled(whole, encodeTiles(), shrink, {}) - shrink(whole)).abs().max().item<double>() < 1e-5);
    }

    void preview_learnsALinearAutoencoder()
    {
        const at::Tensor matrix = at::eye(4, at::kFloat).narrow(1, 0, 3) * 0.7 + at::full({ 4, 3 }, 0.2);
        const auto encode = [&](const at::Tensor& pixels) {
            const at::Tensor cells = at::avg_pool2d(pixels, { 8, 8 }, { 8, 8 });
            return at::matmul(matrix, cells.flatten(2)).reshape({ 1, 4, cells.size(2), cells.size(3) });
        };
        const LatentPreview preview = LatentPreview::learning(encode);
        const at::Tensor pixels = at::upsample_nearest2d(at::rand({ 1, 3, 6, 5 }, at::kFloat) * 1.6 - 0.8, { 48, 40 });
        const ImageBuffer shown = preview.render(encode(pixels)), wanted = toRgb8(at::avg_pool2d(pixels, { 8, 8 }, { 8, 8 }));
        QCOMPARE(shown.extent(), wanted.extent());
        for (int y = 0; y < shown.height(); ++y)
            for (int i = 0; i < shown.width() * 3; ++i) QVERIFY(std::abs(shown.row(y)[i] - wanted.row(y)[i]) <= 8);
    }

    void publishedPreview_isTheConstantMap()
    {
        const ImageBuffer grey = LatentPreview::forFamily(ModelFamily::Sdxl).render(at::zeros({ 1, 4, 1, 1 }, at::kFloat));
        QCOMPARE(grey.row(0)[0], std::uint8_t{ 141 }); // the bias alone: (0.1084 + 1) / 2 · 255
        QCOMPARE(grey.row(0)[1], std::uint8_t{ 125 });
        QCOMPARE(grey.row(0)[2], std::uint8_t{ 127 });
    }

    void pixels_roundTripAndClamp()
    {
        ImageBuffer image({ 256, 1 }, PixelFormat::Rgb8);
        for (int i = 0; i < 768; ++i) image.row(0)[i] = static_cast<std::uint8_t>(i / 3);
        QVERIFY(toRgb8(toPixelTensor(image)) == image);
        QCOMPARE(toRgb8(at::full({ 1, 3, 1, 1 }, 7.0)).row(0)[0], std::uint8_t{ 255 });
        QCOMPARE(toRgb8(at::full({ 1, 3, 1, 1 }, -7.0)).row(0)[0], std::uint8_t{ 0 });
    }

    void request_isRefusedByField_data()
    {
        QTest::addColumn<std::function<void(GenerationRequest&)>>("spoil");
        QTest::addColumn<QString>("field");
        const auto row = [](const char* name, const char* field, std::function<void(GenerationRequest&)> spoil) { QTest::newRow(name) << spoil << QString::fromLatin1(field); };
        row("size not a multiple", "image_size", [](auto& r) { r.size = { 100, 64 }; });
        row("size too small", "image_size", [](auto& r) { r.size = { 56, 64 }; });
        row("size too large", "image_size", [](auto& r) { r.size = { 4104, 64 }; });
        row("scheduler", "scheduler", [](auto& r) { r.sampling.scheduler = "euler_b"; });
        row("steps", "num_inference_steps", [](auto& r) { r.sampling.steps = 151; });
        row("images", "num_images", [](auto& r) { r.sampling.imageCount = 0; });
        row("guidance", "guidance_scale", [](auto& r) { r.sampling.guidanceScale = 0.5; });
        row("guidance rescale", "guidance_rescale", [](auto& r) { r.sampling.guidanceRescale = 1.1; });
        row("guidance interval upside down", "guidance_interval.highest", [](auto& r) { r.sampling.guidanceLowest = 2.0; r.sampling.guidanceHighest = 1.0; });
        row("perturbed attention", "pag_scale", [](auto& r) { r.sampling.perturbed.scale = -1; });
        row("its fall", "pag_adaptive_scale", [](auto& r) { r.sampling.perturbed.adaptiveScale = 1.5; });
        row("FreeU", "freeu.b2", [](auto& r) { r.sampling.freeU = FreeU{ .b2 = 3.5 }; });
        row("FreeU version", "freeu.version", [](auto& r) { r.sampling.freeU = FreeU{ .version = 3 }; });
        row("sharpness", "sharpness", [](auto& r) { r.sampling.sharpness = 31; });
        row("adaptive guidance", "adaptive_guidance", [](auto& r) { r.sampling.adaptiveGuidance = std::nan(""); });
        row("size emphasis", "adm_guidance.end", [](auto& r) { r.sampling.sizeEmphasis = SizeEmphasis{ .end = 1.1 }; });
        row("guidance not a number", "guidance_scale", [](auto& r) { r.sampling.guidanceScale = std::nan(""); });
        row("clip skip", "clip_skip", [](auto& r) { r.clipSkip = 5; });
        row("seed", "seed", [](auto& r) { r.sampling.seed = ~std::uint64_t{ 0 }; });
        row("strength", "strength", [](auto& r) { r.mode = GenerationMode::ImageToImage; r.image = ImageBuffer(r.size, PixelFormat::Rgb8); r.sampling.strength = 0; });
        row("image missing", "image", [](auto& r) { r.mode = GenerationMode::ImageToImage; });
        row("mask of another size", "mask", [](auto& r) {
            r.mode = GenerationMode::Inpainting;
            r.image = ImageBuffer(r.size, PixelFormat::Rgb8);
            r.mask = ImageBuffer({ 64, 64 }, PixelFormat::Gray8);
        });
    }
    void request_isRefusedByField()
    {
        QFETCH(std::function<void(GenerationRequest&)>, spoil);
        QFETCH(QString, field);
        GenerationRequest request = validRequest();
        QVERIFY(checkRequest(request));
        spoil(request);
        const auto checked = checkRequest(request);
        QVERIFY(!checked);
        QCOMPARE(checked.error().code, ErrorCode::InvalidRequest);
        QCOMPARE(QString::fromStdString(checked.error().detail), field);
        QVERIFY(checked.error().message.ends_with('.'));
    }

private:
    c10::InferenceMode m_inference;
};

QTEST_APPLESS_MAIN(TstPipelineParts)
#include "tst_pipeline_parts.moc"
