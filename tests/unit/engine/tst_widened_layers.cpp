// Layers with 16-bit weights on a processor without instructions for them: as exact as float32 with one rounding at the end.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/attention.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/widened_layers.h"
#include "core/engine/runtime/devices.h"
#include "tests/support/synthetic_weights.h"

#include <QTest>

#include <c10/core/InferenceMode.h>

#include <string>

using namespace sfumato;
using namespace sfumato::engine;

namespace {

Linear linearOf(std::int64_t in, std::int64_t out, at::ScalarType dtype, bool hasBias)
{
    Linear layer;
    layer.inputWidth = in;
    layer.outputWidth = out;
    layer.weight = test::syntheticWeight("linear.weight", { out, in }).to(dtype);
    if (hasBias) layer.bias = test::syntheticWeight("linear.bias", { out }).to(dtype);
    return layer;
}

at::Tensor inFloat(const Linear& layer, const at::Tensor& x)
{
    return at::linear(x.to(at::kFloat), layer.weight.to(at::kFloat), layer.bias.defined() ? layer.bias.to(at::kFloat) : at::Tensor());
}

double relativeError(const at::Tensor& actual, const at::Tensor& expected)
{
    return (at::abs(actual.to(at::kFloat) - expected).max() / at::abs(expected).max()).item<double>();
}

// Half a unit in the last place of the type's numbers next to the largest one.
double roundingOf(at::ScalarType dtype) { return dtype == at::kBFloat16 ? 1.0 / 256 : 1.0 / 2048; }

} // namespace

class TstWidenedLayers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void linear_equalsFloat32_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<qint64>("rows");
        QTest::addColumn<qint64>("in");
        QTest::addColumn<qint64>("out");
        QTest::addColumn<bool>("hasBias");
        for (const at::ScalarType dtype : { at::kBFloat16, at::kHalf }) {
            const std::string name = at::toString(dtype);
            QTest::addRow("%s, one row", name.c_str()) << static_cast<int>(dtype) << qint64{ 1 } << qint64{ 96 } << qint64{ 40 } << true;
            QTest::addRow("%s, no bias", name.c_str()) << static_cast<int>(dtype) << qint64{ 77 } << qint64{ 320 } << qint64{ 640 } << false;
            QTest::addRow("%s, several blocks, the last one short", name.c_str()) << static_cast<int>(dtype) << qint64{ 33 } << qint64{ 1280 } << qint64{ 1000 } << true;
        }
    }

    void linear_equalsFloat32()
    {
        QFETCH(int, type);
        QFETCH(qint64, rows);
        QFETCH(qint64, in);
        QFETCH(qint64, out);
        QFETCH(bool, hasBias);
        const auto dtype = static_cast<at::ScalarType>(type);
        const c10::InferenceMode inference;
        const Linear layer = linearOf(in, out, dtype, hasBias);
        const at::Tensor x = test::syntheticInput("x", { 2, rows, in }).to(dtype);
        const at::Tensor expected = inFloat(layer, x);
        const at::Tensor actual = widenedLinear(layer, x);
        QCOMPARE(actual.scalar_type(), at::kFloat);
        QVERIFY(actual.sizes() == expected.sizes());
        QVERIFY(relativeError(actual, expected) < 1e-5);
        // A view that is not contiguous gives the same.
        const at::Tensor turned = test::syntheticInput("x", { 2, rows, in }).to(dtype).transpose(1, 2).contiguous().transpose(1, 2);
        QVERIFY(widenedLinear(layer, turned).equal(actual));
    }

    void layers_roundOnce()
    {
        const c10::InferenceMode inference;
        for (const at::ScalarType dtype : { at::kBFloat16, at::kHalf }) {
            const Linear layer = linearOf(320, 320, dtype, true);
            if (!mustWiden(layer.weight)) QSKIP("this processor has instructions for 16-bit numbers, which round in their own way");
            const at::Tensor x = test::syntheticInput("x", { 1, 50, 320 }).to(dtype), other = test::syntheticInput("other", { 1, 50, 320 }).to(dtype);
            const at::Tensor product = inFloat(layer, x), wide = other.to(at::kFloat);
            for (const auto& [actual, expected] : { std::pair(forward(layer, x), product), std::pair(forward(layer, x, Activation::Gelu), at::gelu(product)),
                     std::pair(forwardAdd(layer, x, other), product + wide), std::pair(forwardMultiply(layer, x, other), product * wide) }) {
                QCOMPARE(actual.scalar_type(), dtype);
                QVERIFY(relativeError(actual, expected) <= roundingOf(dtype));
            }
        }
    }

    void convolution_equalsFloat32()
    {
        const c10::InferenceMode inference;
        for (const std::int64_t stride : { 1, 2 }) {
            Conv2d layer;
            layer.stride = stride;
            layer.weight = test::syntheticWeight("conv.weight", { 24, 16, 3, 3 }).to(at::kBFloat16).contiguous(at::MemoryFormat::ChannelsLast);
            layer.bias = test::syntheticWeight("conv.bias", { 24 }).to(at::kBFloat16);
            const at::Tensor x = test::syntheticInput("x", { 2, 16, 13, 9 }).to(at::kBFloat16).contiguous(at::MemoryFormat::ChannelsLast);
            const at::Tensor expected = at::conv2d(x.to(at::kFloat), layer.weight.to(at::kFloat), layer.bias.to(at::kFloat), stride, 1);
            const at::Tensor actual = widenedConvolution(layer, x);
            QCOMPARE(actual.scalar_type(), at::kBFloat16);
            QVERIFY(actual.is_contiguous(at::MemoryFormat::ChannelsLast));
            QVERIFY(relativeError(actual, expected) <= roundingOf(at::kBFloat16));
        }
    }

    void attention_roundsOnce()
    {
        const c10::InferenceMode inference;
        const at::Tensor q = test::syntheticInput("q", { 2, 40, 128 }).to(at::kBFloat16), k = test::syntheticInput("k", { 2, 77, 128 }).to(at::kBFloat16), v = test::syntheticInput("v", { 2, 77, 128 }).to(at::kBFloat16);
        if (!mustWiden(q)) QSKIP("this processor has instructions for bfloat16, which round in their own way");
        const at::Tensor expected = attention(q.to(at::kFloat), k.to(at::kFloat), v.to(at::kFloat), 2, AttentionMask::None);
        const at::Tensor actual = attention(q, k, v, 2, AttentionMask::None);
        QCOMPARE(actual.scalar_type(), at::kBFloat16);
        QVERIFY(relativeError(actual, expected) <= roundingOf(at::kBFloat16));
    }

    void float32_isNeverWidened()
    {
        QVERIFY(!mustWiden(at::zeros({ 2, 2 })));
        QVERIFY(!mustWiden(at::zeros({ 2, 2 }, at::kDouble)));
    }

    void precision_staysInMemory()
    {
        QCOMPARE(choosePrecision(Precision::Auto, at::kCPU, 1'000'000), at::kFloat);
        QCOMPARE(choosePrecision(Precision::Auto, at::kCPU, 1'000'000'000'000), at::kBFloat16);
        QCOMPARE(choosePrecision(Precision::Float32, at::kCPU, 1'000'000'000'000), at::kFloat);
    }
};

QTEST_APPLESS_MAIN(TstWidenedLayers)
#include "tst_widened_layers.moc"
