// Weights read by blocks of rows into the network's type: bit for bit what reading them whole and converting them gives.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/weight_reader.h"

#include "core/engine/io/model_files.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/tensor_reading.h"
#include "tests/support/synthetic_weights.h"
#include "tests/unit/engine/halves_file.h"

#include <QTemporaryDir>
#include <QTest>

#include <c10/core/InferenceMode.h>

#include <atomic>
#include <cstring>
#include <string>
#include <vector>

using namespace sfumato;
using namespace sfumato::engine;

namespace {

WeightReader readerOf(const at::Tensor& stored)
{
    return { [stored] { return stored; }, [stored](std::int64_t first, const at::Tensor& rows) { rows.copy_(stored.narrow(0, first, rows.size(0))); }, stored.scalar_type() };
}

bool areSameBits(const at::Tensor& a, const at::Tensor& b)
{
    if (a.scalar_type() != b.scalar_type() || a.sizes() != b.sizes())
        return false;
    return a.nbytes() == 0 || std::memcmp(a.const_data_ptr(), b.const_data_ptr(), a.nbytes()) == 0; // memcmp takes no null pointer, which an empty tensor has
}

const std::vector<std::vector<std::int64_t>> kShapes{ { 7 }, { 5, 3 }, { 1, 200'000 }, { 1000, 321 }, { 33, 40, 3, 3 }, { 300'000 }, { 0, 4 } };

} // namespace

class TstWeightReader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void streamed_equalsConverted_data()
    {
        QTest::addColumn<int>("stored");
        QTest::addColumn<int>("wanted");
        for (const at::ScalarType stored : { at::kFloat, at::kHalf, at::kBFloat16, at::kDouble, at::kFloat8_e4m3fn, at::kFloat8_e5m2 }) {
            for (const at::ScalarType wanted : { at::kFloat, at::kHalf, at::kBFloat16 })
                QTest::addRow("%s to %s", at::toString(stored), at::toString(wanted)) << static_cast<int>(stored) << static_cast<int>(wanted);
        }
    }

    void streamed_equalsConverted()
    {
        QFETCH(int, stored);
        QFETCH(int, wanted);
        const auto type = static_cast<at::ScalarType>(wanted);
        for (const std::vector<std::int64_t>& shape : kShapes) {
            const at::Tensor weight = test::syntheticWeight("weight", shape).to(static_cast<at::ScalarType>(stored));
            at::Tensor target = at::full(shape, 77.0, at::TensorOptions().dtype(type));
            streamRows(readerOf(weight), target);
            QVERIFY(areSameBits(target, weight.to(type)));
        }
    }

    void change_isComputedInFloat32AndRoundedOnce()
    {
        const at::Tensor weight = test::syntheticWeight("weight", { 1000, 321 }).to(at::kHalf), added = test::syntheticWeight("added", { 1000, 321 });
        for (const at::ScalarType type : { at::kFloat, at::kHalf, at::kBFloat16 }) {
            at::Tensor target = at::empty({ 1000, 321 }, at::TensorOptions().dtype(type));
            streamRows(readerOf(weight), target, [&](std::int64_t first, const at::Tensor& rows) { rows.add_(added.narrow(0, first, rows.size(0))); });
            QVERIFY(areSameBits(target, (weight.to(at::kFloat) + added).to(type)));
        }
    }

    void inferenceMode_ofTheCallerHoldsOnEveryThread()
    {
        const c10::InferenceMode inference;
        const at::Tensor weight = test::syntheticWeight("weight", { 1000, 321 }).to(at::kHalf);
        at::Tensor target = at::empty({ 1000, 321 }, at::TensorOptions().dtype(at::kBFloat16));
        std::atomic<int> outside = 0;
        streamRows(readerOf(weight), target, [&](std::int64_t, const at::Tensor& rows) {
            if (!c10::InferenceMode::is_enabled() || !rows.is_inference()) ++outside;
        });
        QCOMPARE(outside.load(), 0);
    }

    void errors_reachTheCaller()
    {
        const WeightReader reader([] { return at::Tensor(); }, [](std::int64_t first, const at::Tensor&) { if (first > 500) throw EngineException(ErrorCode::FileUnreadable, "cut short"); },
            at::kHalf);
        at::Tensor target = at::empty({ 1000, 321 }, at::TensorOptions().dtype(at::kFloat));
        QVERIFY_THROWS_EXCEPTION(EngineException, streamRows(reader, target));
    }

    void filesAreReadByTheirRows()
    {
        const QTemporaryDir folder;
        const auto file = std::make_shared<const SafetensorsFile>(test::writeHalves(folder, 2, 600, 400));
        MappedTensor slice = test::mapped(file, "t1");
        for (const std::int64_t begin : { 0, 1, 100, 599 }) {
            slice.rowBegin = begin;
            slice.rowCount = 600 - begin;
            slice.shape = { slice.rowCount, 400 };
            const WeightReader reader = weightReader(slice);
            at::Tensor target = at::empty(slice.shape, at::TensorOptions().dtype(at::kBFloat16));
            streamRows(reader, target);
            QVERIFY(areSameBits(target, reader().to(at::kBFloat16)));
        }
        slice.transpose = true;
        QVERIFY(!weightReader(slice).hasRows());
    }
};

QTEST_APPLESS_MAIN(TstWeightReader)
#include "tst_weight_reader.moc"
