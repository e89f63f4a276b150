// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/model_files.h"
#include "core/engine/models/autoencoder_kl.h"
#include "core/engine/models/clip_text_encoder.h"
#include "core/engine/models/unet_2d_condition_model.h"
#include "core/engine/nn/cancellation.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/norm_kernels.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/parallel.h"
#include "core/engine/nn/weights.h"
#include "tests/support/network_shapes.h"
#include "tests/support/synthetic_weights.h"

#include <QTest>

#include <c10/core/InferenceMode.h>

#include <atomic>
#include <numeric>
#include <vector>

using namespace sfumato;
using namespace sfumato::engine;

namespace {

UnetConfig smallUnet()
{
    UnetConfig config;
    config.modelChannels = 64;
    config.timeWidth = 128;
    config.contextWidth = 64;
    config.addedWidth = 0;
    config.downBlocks = { { 64, 1, { 0 }, true }, { 128, 2, { 1 }, false } };
    config.midBlock = UnetBlockConfig{ 128, 2, { 1 }, false };
    config.upBlocks = { { 128, 2, { 1, 1 }, true }, { 64, 1, { 0, 0 }, false } };
    return config;
}

Weights weightsOf(const std::vector<test::NamedShape>& shapes, at::ScalarType dtype = at::kFloat)
{
    return { test::syntheticSources(shapes), "synthetic weights", LoadOptions{ dtype, at::kCPU, {}, {} } };
}

std::uint64_t parameterCount(const std::vector<test::NamedShape>& shapes)
{
    return std::accumulate(shapes.begin(), shapes.end(), std::uint64_t{ 0 }, [](std::uint64_t sum, const test::NamedShape& entry) {
        return sum + static_cast<std::uint64_t>(std::accumulate(entry.shape.begin(), entry.shape.end(), std::int64_t{ 1 }, std::multiplies<>()));
    });
}

} // namespace

class TstNetworks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void shapes_haveThePublishedSizes();
    void unet_countsHeadsByRule();
    void unet_refusesHeadsThatDoNotDivide();
    void unet_refusesOtherFiles();
    void unet_batchEqualsSinglePictures();
    void unet_stopsWithinOneBlock();
    void autoencoder_stops();
    void textEncoder_poolsTheFirstEndToken();
    void textEncoder_refusesUnknownActivations();
    void parallelFor_coversTheRangeOnce();
    void groupNorm_bfloat16AgreesWithFloat32_data();
    void groupNorm_bfloat16AgreesWithFloat32();
};

void TstNetworks::shapes_haveThePublishedSizes()
{
    QCOMPARE(parameterCount(test::unetShapes(test::sdxlBaseConfig())), 2'567'463'684u);
    QCOMPARE(parameterCount(test::autoencoderShapes()), 83'653'863u);
    QCOMPARE(parameterCount(test::textEncoderShapes(ClipTextConfig{})), 123'060'480u);
    QCOMPARE(parameterCount(test::textEncoderShapes({ 1280, 20, 32, 5120, 77, 49408, 1280, ClipActivation::Gelu })), 694'659'840u);
}

void TstNetworks::unet_countsHeadsByRule()
{
    const UnetConfig config = detectUnet(weightsOf(test::unetShapes(test::sdxlBaseConfig())), {});
    QCOMPARE(config.downBlocks[1].heads, 10);
    QCOMPARE(config.midBlock->heads, 20);
    QCOMPARE(config.upBlocks[0].heads, 20);
    QCOMPARE(config.downBlocks[2].depths, (std::vector<std::int64_t>{ 10, 10 }));
    QCOMPARE(config.addedWidth, 2816);
}

void TstNetworks::unet_refusesHeadsThatDoNotDivide()
{
    ModelHints hints;
    hints.attentionHeads = { 1, 3 };
    QVERIFY_THROWS_EXCEPTION(EngineException, static_cast<void>(detectUnet(weightsOf(test::unetShapes(smallUnet())), hints)));
}

void TstNetworks::unet_refusesOtherFiles()
{
    QVERIFY_THROWS_EXCEPTION(EngineException, static_cast<void>(detectUnet(weightsOf(test::autoencoderShapes({ { 32, 64 }, 1, 4 })), {})));
}

void TstNetworks::unet_batchEqualsSinglePictures()
{
    const c10::InferenceMode inference;
    const Unet2dConditionModel unet(weightsOf(test::unetShapes(smallUnet())), smallUnet());
    const at::Tensor sample = test::syntheticInput("input.x", { 2, 4, 7, 9 });
    const at::Tensor context = test::syntheticInput("input.context", { 2, 77, 64 });
    const at::Tensor both = unet.forward(sample, 10.0, context, {}, {});
    for (std::int64_t i = 0; i < 2; ++i) {
        const at::Tensor one = unet.forward(sample.narrow(0, i, 1), 10.0, context.narrow(0, i, 1), {}, {});
        QVERIFY(at::abs(one - both.narrow(0, i, 1)).max().item<double>() < 1e-4);
    }
}

void TstNetworks::unet_stopsWithinOneBlock()
{
    const c10::InferenceMode inference;
    const Unet2dConditionModel unet(weightsOf(test::unetShapes(smallUnet())), smallUnet());
    std::stop_source stop;
    int blocksAfterStop = 0;
    const auto observe = [&](std::string_view block, const at::Tensor&) {
        blocksAfterStop += stop.stop_requested() ? 1 : 0;
        if (block == "down_blocks.0")
            stop.request_stop();
    };
    const auto run = [&] {
        static_cast<void>(unet.forward(test::syntheticInput("input.x", { 1, 4, 8, 8 }), 10.0, test::syntheticInput("input.context", { 1, 77, 64 }), {}, stop.get_token(), {}, observe));
    };
    QVERIFY_THROWS_EXCEPTION(CancelledException, run());
    QCOMPARE(blocksAfterStop, 0);
}

void TstNetworks::autoencoder_stops()
{
    const c10::InferenceMode inference;
    const AutoencoderKl autoencoder(weightsOf(test::autoencoderShapes({ { 32, 32 }, 1, 4 })));
    std::stop_source stop;
    stop.request_stop();
    QVERIFY_THROWS_EXCEPTION(CancelledException, static_cast<void>(autoencoder.decode(test::syntheticInput("input.z", { 1, 4, 4, 4 }), stop.get_token())));
    QVERIFY_THROWS_EXCEPTION(CancelledException, static_cast<void>(autoencoder.encodeMean(test::syntheticInput("input.pixels", { 1, 3, 8, 8 }), stop.get_token())));
    QCOMPARE(autoencoder.scale(), 2);
}

void TstNetworks::textEncoder_poolsTheFirstEndToken()
{
    const c10::InferenceMode inference;
    const ClipTextEncoder encoder(weightsOf(test::textEncoderShapes({ 64, 1, 2, 128, 77, 49500, 32, ClipActivation::Gelu })), ClipActivation::Gelu);
    at::Tensor ids = at::full({ 1, 77 }, 49407, at::kLong);
    ids.select(1, 0).fill_(49406);
    ids.select(1, 1).fill_(49450); // a learned token has a larger id than the end token
    const at::Tensor pooled = encoder.forward(ids, 1, {}).pooled;
    at::Tensor changed = ids.clone();
    changed.select(1, 3).fill_(5); // behind the first end token, which sees only what is before it
    QVERIFY(at::abs(encoder.forward(changed, 1, {}).pooled - pooled).max().item<double>() < 1e-6);
    changed.select(1, 1).fill_(5);
    QVERIFY(at::abs(encoder.forward(changed, 1, {}).pooled - pooled).max().item<double>() > 1e-3);
}

void TstNetworks::textEncoder_refusesUnknownActivations()
{
    QVERIFY(clipActivationFromName("quick_gelu") == ClipActivation::QuickGelu);
    QVERIFY_THROWS_EXCEPTION(EngineException, static_cast<void>(clipActivationFromName("relu")));
}

void TstNetworks::parallelFor_coversTheRangeOnce()
{
    std::vector<std::atomic<int>> visits(10'007);
    parallelFor(static_cast<std::int64_t>(visits.size()), 16, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i)
            ++visits[static_cast<std::size_t>(i)];
    });
    for (const std::atomic<int>& visit : visits)
        QCOMPARE(visit.load(), 1);
}

void TstNetworks::groupNorm_bfloat16AgreesWithFloat32_data()
{
    QTest::addColumn<int>("channels");
    QTest::addColumn<int>("side");
    QTest::addColumn<bool>("silu");
    QTest::addColumn<double>("offset"); // a large mean is what one-pass variances suffer from
    QTest::newRow("odd size") << 96 << 13 << true << 0.0;
    QTest::newRow("without silu") << 320 << 8 << false << 1.0;
    QTest::newRow("large mean") << 64 << 33 << true << 20.0;
    QTest::newRow("one position") << 32 << 1 << true << 0.0;
}

void TstNetworks::groupNorm_bfloat16AgreesWithFloat32()
{
    QFETCH(int, channels);
    QFETCH(int, side);
    QFETCH(bool, silu);
    QFETCH(double, offset);
    const at::Tensor x = (test::syntheticInput("x", { 2, channels, side, side }) * 3.0 + offset).to(at::kBFloat16);
    const at::Tensor weight = test::syntheticWeight("norm.weight", { channels }).to(at::kBFloat16);
    const at::Tensor bias = test::syntheticWeight("norm.bias", { channels }).to(at::kBFloat16);
    QVERIFY(canNormalizeGroups(x));
    at::Tensor expected = at::group_norm(x.to(at::kFloat), 32, weight.to(at::kFloat), bias.to(at::kFloat), 1e-5);
    if (silu)
        expected = at::silu(expected);
    const at::Tensor actual = normalizeGroups(x, weight, bias, 1e-5, silu).to(at::kFloat);
    const at::Tensor error = at::abs(actual - expected) / (at::abs(expected) + 0.05);
    QVERIFY2(error.max().item<double>() < 0.006, std::to_string(error.max().item<double>()).c_str()); // half a unit of bfloat16 is 0.0039
}

QTEST_APPLESS_MAIN(TstNetworks)

#include "tst_networks.moc"
