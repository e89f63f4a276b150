// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/weights.h"

#include "core/engine/io/model_files.h"
#include "core/engine/nn/cancellation.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "tests/unit/engine/halves_file.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <string>
#include <vector>

using namespace sfumato;
using namespace sfumato::engine;
using sfumato::test::mapped;
using sfumato::test::writeHalves;

namespace {

WeightSource source(const std::string& name, std::vector<std::int64_t> shape, float value = 1.0f)
{
    return { name, shape, 8, [shape, value] { return at::full(shape, value, at::TensorOptions().dtype(at::kFloat)); } };
}

Error finishError(const Weights& weights)
{
    try {
        weights.finish();
    } catch (const EngineException& exception) {
        return exception.error();
    }
    return { ErrorCode::Internal, "no error", {} };
}

} // namespace

class TstWeights : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void names_areFoundBelowAPrefix();
    void finish_passesWhenEverythingFits();
    void finish_namesEveryProblemAtOnce();
    void finish_refusesUnknownTensors();
    void take_converts();
    void take_appliesScaleOfEightBitWeights();
    void take_stopsWhenAsked();
    void take_reportsProgress();
    void mapped_readsRowsAndTransposes();
};

void TstWeights::names_areFoundBelowAPrefix()
{
    const Weights weights({ source("a.0.weight", { 2 }), source("a.1.weight", { 3, 4 }), source("a.3.weight", { 1 }), source("ab.weight", { 1 }) }, "file", {});
    QVERIFY(weights.has("a.0.weight"));
    QVERIFY(!weights.has("a.0"));
    QVERIFY(weights.hasScope("a"));
    QVERIFY(!weights.hasScope("b"));
    QVERIFY(weights.scoped("a", 1).has("weight"));
    QVERIFY(weights.scoped("a").scoped("0").has("weight"));
    QCOMPARE(weights.count("a"), 2); // 2 is missing
    QCOMPARE(weights.sizeOf("a.1.weight", 1), 4);
    QCOMPARE(weights.sizeOf("a.1.weight", 2), 0);
    QVERIFY(weights.shapeOf("missing").empty());
}

void TstWeights::finish_passesWhenEverythingFits()
{
    const Weights weights({ source("x.weight", { 2, 3 }) }, "file", {});
    QVERIFY(weights.scoped("x").take("weight", { 2, 3 }).defined());
    QCOMPARE(finishError(weights).message, std::string("no error"));
}

void TstWeights::finish_namesEveryProblemAtOnce()
{
    const Weights weights({ source("shape.weight", { 2, 3 }), source("extra.weight", { 1 }) }, "model.safetensors", {});
    QVERIFY(!weights.take("gone.weight", { 1 }).defined());
    QVERIFY(!weights.take("gone.bias", { 1 }).defined());
    QVERIFY(!weights.take("shape.weight", { 3, 2 }).defined());
    const Error error = finishError(weights);
    QCOMPARE(error.code, ErrorCode::WeightMissing);
    for (const char* part : { "model.safetensors", "2 tensors are missing: gone.weight, gone.bias", "shape.weight is [2, 3], expected [3, 2]", "extra.weight" })
        QVERIFY2(error.message.find(part) != std::string::npos, error.message.c_str());
    QVERIFY(error.detail.find("extra.weight") != std::string::npos);
}

void TstWeights::finish_refusesUnknownTensors()
{
    const Weights weights({ source("extra.weight", { 1 }) }, "model.safetensors", {});
    QCOMPARE(finishError(weights).code, ErrorCode::UnsupportedModel);
}

void TstWeights::take_converts()
{
    LoadOptions options;
    options.dtype = at::kBFloat16;
    const Weights weights({ source("w", { 2, 2 }, 1.5f) }, "file", options);
    const at::Tensor tensor = weights.take("w", { 2, 2 });
    QVERIFY(tensor.scalar_type() == at::kBFloat16);
    QVERIFY(tensor.is_contiguous());
    QCOMPARE(tensor.sum().item<float>(), 6.0f);
}

void TstWeights::take_appliesScaleOfEightBitWeights()
{
    const Weights weights({ source("x.weight", { 2, 2 }, 2.0f), source("x.scale_weight", {}, 0.25f), source("x.scale_input", {}, 9.0f), source("scaled_fp8", { 0 }) }, "file", {});
    QCOMPARE(weights.take("x.weight", { 2, 2 }).sum().item<float>(), 2.0f);
    QCOMPARE(finishError(weights).message, std::string("no error"));
}

void TstWeights::take_stopsWhenAsked()
{
    std::stop_source stop;
    LoadOptions options;
    options.stop = stop.get_token();
    const Weights weights({ source("w", { 1 }) }, "file", options);
    stop.request_stop();
    QVERIFY_THROWS_EXCEPTION(CancelledException, static_cast<void>(weights.take("w", { 1 })));
}

void TstWeights::take_reportsProgress()
{
    std::vector<std::uint64_t> reports;
    LoadOptions options;
    options.progress = [&](std::uint64_t bytes) { reports.push_back(bytes); };
    const Weights weights({ source("a", { 1 }), source("b", { 1 }) }, "file", options);
    static_cast<void>(weights.take("a", { 1 }));
    static_cast<void>(weights.take("b", { 1 }));
    QCOMPARE(reports, (std::vector<std::uint64_t>{ 8, 16 }));
}

void TstWeights::mapped_readsRowsAndTransposes()
{
    const QTemporaryDir folder;
    const auto file = std::make_shared<const SafetensorsFile>(writeHalves(folder, 2, 6, 4));
    MappedTensor rows = mapped(file, "t0");
    rows.shape = { 2, 4 };
    rows.rowBegin = 2;
    rows.rowCount = 2;
    MappedTensor transposed = mapped(file, "t1");
    transposed.shape = { 4, 6 };
    transposed.transpose = true;
    const Weights weights(std::vector<MappedTensor>{ rows, transposed }, "halves.safetensors", LoadOptions{});
    const at::Tensor slice = weights.take("t0", { 2, 4 });
    const at::Tensor turned = weights.take("t1", { 4, 6 });
    QCOMPARE(slice.select(0, 0).select(0, 0).item<float>(), 8.0f); // row 2 begins with value 8
    QCOMPARE(turned.select(0, 3).select(0, 5).item<float>(), 23.0f);
    QVERIFY(turned.is_contiguous());
}

QTEST_APPLESS_MAIN(TstWeights)

#include "tst_weights.moc"
