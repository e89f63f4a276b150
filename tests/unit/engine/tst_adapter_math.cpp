// The change of a weight by every kind of adapter, against the numeric cases of tests/data/adapter_vectors.tsv.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/adapters/adapter_math.h"
#include "core/engine/nn/ops.h"

#include <ATen/ops/allclose.h>
#include <ATen/ops/equal.h>

#include <QFile>
#include <QTest>

#include <cmath>
#include <string>
#include <vector>

using namespace sfumato::engine;
using Role = AdapterRole;

namespace {

constexpr double kTolerance = 2e-5; // the table is computed in float64, the engine in float32

// Every tensor of the table: T(c, shape)[n] = sin(0.37·n + c).
at::Tensor wave(double phase, const std::vector<std::int64_t>& shape)
{
    std::int64_t count = 1;
    for (const std::int64_t side : shape) count *= side;
    return at::sin(at::arange(count, at::kDouble) * 0.37 + phase).to(at::kFloat).reshape(shape);
}

std::vector<std::int64_t> shapeOf(const QString& text)
{
    std::vector<std::int64_t> shape;
    for (const QString& side : text.split(u'x')) shape.push_back(side.toLongLong());
    return shape;
}

AdapterTensors loraParts(const std::vector<std::int64_t>& shape, bool hasCore)
{
    AdapterTensors adapter{ AdapterKind::Lora, {}, std::nullopt, std::nullopt };
    const std::int64_t rank = 2;
    const bool isConvolution = shape.size() == 4;
    adapter.parts[Role::Up] = wave(1, isConvolution ? std::vector<std::int64_t>{ shape[0], rank, 1, 1 } : std::vector{ shape[0], rank });
    if (!isConvolution) adapter.parts[Role::Down] = wave(2, { rank, shape[1] });
    else
        adapter.parts[Role::Down] = wave(2, hasCore ? std::vector<std::int64_t>{ rank, shape[1], 1, 1 } : std::vector{ rank, shape[1], shape[2], shape[3] });
    if (hasCore) adapter.parts[Role::Mid] = wave(3, { rank, rank, shape[2], shape[3] });
    return adapter;
}

AdapterTensors lohaParts(const std::vector<std::int64_t>& shape)
{
    AdapterTensors adapter{ AdapterKind::Loha, {}, std::nullopt, std::nullopt };
    const std::int64_t rank = 2;
    const bool hasCore = shape.size() == 4;
    const std::vector<std::int64_t> a = hasCore ? std::vector{ rank, shape[0] } : std::vector{ shape[0], rank };
    adapter.parts = { { Role::HadaW1A, wave(1, a) }, { Role::HadaW1B, wave(2, { rank, shape[1] }) }, { Role::HadaW2A, wave(3, a) }, { Role::HadaW2B, wave(4, { rank, shape[1] }) } };
    if (!hasCore) return adapter;
    adapter.parts[Role::HadaT1] = wave(5, { rank, rank, shape[2], shape[3] });
    adapter.parts[Role::HadaT2] = wave(6, { rank, rank, shape[2], shape[3] });
    return adapter;
}

AdapterTensors lokrParts(const std::vector<std::int64_t>& shape, bool isWhole)
{
    AdapterTensors adapter{ AdapterKind::Lokr, {}, std::nullopt, std::nullopt };
    const std::int64_t rank = 2;
    if (shape.size() == 4) {
        adapter.parts = { { Role::LokrW1, wave(1, { 2, 2 }) }, { Role::LokrW2A, wave(2, { rank, shape[0] / 2 }) }, { Role::LokrW2B, wave(3, { rank, shape[1] / 2 }) },
            { Role::LokrT2, wave(5, { rank, rank, shape[2], shape[3] }) } };
        return adapter;
    }
    adapter.parts[Role::LokrW1] = wave(1, { 2, 4 });
    if (isWhole) adapter.parts[Role::LokrW2] = wave(2, { 3, 2 });
    else {
        adapter.parts[Role::LokrW2A] = wave(2, { 3, rank });
        adapter.parts[Role::LokrW2B] = wave(3, { rank, 2 });
    }
    return adapter;
}

AdapterTensors partsOf(const QString& name, const std::vector<std::int64_t>& shape)
{
    if (name.startsWith(u"loha")) return lohaParts(shape);
    if (name.startsWith(u"lokr")) return lokrParts(shape, name.contains(u"both full"));
    AdapterTensors adapter;
    if (name.startsWith(u"oft") || name.startsWith(u"boft")) {
        adapter.kind = name.startsWith(u"boft") ? AdapterKind::Boft : AdapterKind::Oft;
        adapter.parts[Role::OftBlocks] = wave(1, adapter.kind == AdapterKind::Boft ? std::vector<std::int64_t>{ 2, 2, 4, 4 } : std::vector<std::int64_t>{ 2, 3, 3 }) * 0.2;
        return adapter;
    }
    adapter = loraParts(shape, name.contains(u"mid"));
    if (name.contains(u"out axis")) adapter.parts[Role::DoraScale] = wave(4, { shape[0], 1 }) + 2;
    if (name.contains(u"in axis")) adapter.parts[Role::DoraScale] = wave(4, { 1, shape[1] }) + 2;
    return adapter;
}

} // namespace

class AdapterMathTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void table_data();
    void table();
    void peftMagnitudeEqualsOutAxisAtFullStrength();
    void gloraReadsTheWeight();
    void ia3ScalesRowsOrColumns();
    void differencesAndReplacements();
    void rankStabilisedScaleReplacesAlpha();
};

void AdapterMathTest::table_data()
{
    QTest::addColumn<QStringList>("row");
    QFile file(QStringLiteral(SFUMATO_SOURCE_DIR "/tests/data/adapter_vectors.tsv"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    int rows = 0;
    for (const QString& line : QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts)) {
        const QStringList columns = line.split(u'\t');
        // Another program's rule, which normalises DoRA by the unchanged weight.
        if (line.startsWith(u'#') || columns.front() == QLatin1String("case") || columns.back() == QLatin1String("ComfyUI rule")) continue;
        QTest::newRow(qPrintable(QStringLiteral("%1 %2").arg(++rows).arg(columns.front()))) << columns;
    }
    QVERIFY(rows >= 14);
}

void AdapterMathTest::table()
{
    QFETCH(QStringList, row);
    const QString name = row[0];
    const std::vector<std::int64_t> shape = shapeOf(row[1]);
    AdapterTensors adapter = partsOf(name, shape);
    if (row[2] != QLatin1String("None")) adapter.alpha = row[2].toDouble();
    double strength = row[3].toDouble();
    if (adapter.kind == AdapterKind::Oft) {
        *adapter.alpha /= static_cast<double>(shape[0]); // the table bounds ‖Q‖ by alpha itself, and applies the strength twice
        strength *= strength;
    }
    const at::Tensor base = wave(0.1, shape);
    const at::Tensor merged = adaptedWeight(base.clone(), adapter, strength);
    QCOMPARE(merged.sizes(), base.sizes());
    const at::Tensor values = merged.flatten().to(at::kDouble);
    for (int i = 0; i < 4; ++i) QVERIFY2(std::abs(values[i].item<double>() - row[4 + i].toDouble()) < kTolerance, qPrintable(QStringLiteral("value %1: %2").arg(i).arg(values[i].item<double>())));
    QVERIFY(std::abs(values.sum().item<double>() - row[8].toDouble()) < 1e-3);
    const double norm = (values - base.flatten().to(at::kDouble)).norm().item<double>();
    QVERIFY(std::abs(norm - row[9].toDouble()) < kTolerance * (1 + norm));
}

void AdapterMathTest::peftMagnitudeEqualsOutAxisAtFullStrength()
{
    AdapterTensors lycoris = loraParts({ 6, 8 }, false), peft = lycoris;
    lycoris.parts[Role::DoraScale] = wave(4, { 6, 1 }) + 2;
    peft.parts[Role::Magnitude] = (wave(4, { 6, 1 }) + 2).flatten();
    QVERIFY(at::allclose(adaptedWeight(wave(0.1, { 6, 8 }), lycoris, 1.0), adaptedWeight(wave(0.1, { 6, 8 }), peft, 1.0)));
    QVERIFY(!at::allclose(adaptedWeight(wave(0.1, { 6, 8 }), lycoris, 0.5), adaptedWeight(wave(0.1, { 6, 8 }), peft, 0.5)));
}

void AdapterMathTest::gloraReadsTheWeight()
{
    AdapterTensors adapter{ AdapterKind::Glora, { { Role::GloraA1, wave(1, { 8, 2 }) }, { Role::GloraA2, wave(2, { 2, 8 }) }, { Role::GloraB1, wave(3, { 6, 2 }) }, { Role::GloraB2, wave(4, { 2, 8 }) } }, 1.0, std::nullopt };
    const at::Tensor base = wave(0.1, { 6, 8 });
    const at::Tensor change = at::matmul(at::matmul(base, adapter.parts[Role::GloraA1]), adapter.parts[Role::GloraA2]) + at::matmul(adapter.parts[Role::GloraB1], adapter.parts[Role::GloraB2]);
    QVERIFY(at::allclose(adaptedWeight(base.clone(), adapter, 0.7), base + change * (0.7 * 0.5), 1e-5, 1e-6));

    const at::Tensor kernel = wave(0.1, { 6, 8, 3, 3 });
    adapter.parts[Role::GloraB2] = wave(4, { 2, 8, 3, 3 });
    const at::Tensor merged = adaptedWeight(kernel.clone(), adapter, 1.0);
    const at::Tensor centre = kernel.select(3, 1).select(2, 1);
    const at::Tensor expected = centre + (at::matmul(at::matmul(centre, adapter.parts[Role::GloraA1]), adapter.parts[Role::GloraA2]) + at::matmul(adapter.parts[Role::GloraB1], adapter.parts[Role::GloraB2].select(3, 1).select(2, 1))) * 0.5;
    QVERIFY(at::allclose(merged.select(3, 1).select(2, 1), expected, 1e-5, 1e-6));
}

void AdapterMathTest::ia3ScalesRowsOrColumns()
{
    const at::Tensor base = wave(0.1, { 6, 8 });
    AdapterTensors rows{ AdapterKind::Ia3, { { Role::Ia3Weight, wave(1, { 6 }) }, { Role::OnInput, at::full({}, 0.0) } }, std::nullopt, std::nullopt };
    QVERIFY(at::allclose(adaptedWeight(base.clone(), rows, 0.5), base * (1 + 0.5 * wave(1, { 6, 1 }))));
    AdapterTensors columns{ AdapterKind::Ia3, { { Role::Ia3Weight, wave(1, { 8 }) }, { Role::OnInput, at::full({}, 1.0) } }, std::nullopt, std::nullopt };
    QVERIFY(at::allclose(adaptedWeight(base.clone(), columns, 0.5), base * (1 + 0.5 * wave(1, { 1, 8 }))));
    const at::Tensor kernel = wave(0.1, { 6, 8, 3, 3 });
    columns.parts[Role::Ia3Weight] = wave(1, { 1, 8, 1, 1 });
    QVERIFY(at::allclose(adaptedWeight(kernel.clone(), columns, 1.0), kernel * (1 + wave(1, { 1, 8, 1, 1 }))));
}

void AdapterMathTest::differencesAndReplacements()
{
    const at::Tensor base = wave(0.1, { 6 });
    const AdapterTensors difference{ AdapterKind::Difference, { { Role::Diff, wave(1, { 6 }) }, { Role::DiffBias, wave(2, { 6 }) } }, std::nullopt, std::nullopt };
    QVERIFY(at::allclose(adaptedWeight(base.clone(), difference, -0.5), base - 0.5 * wave(1, { 6 })));
    QVERIFY(at::allclose(adaptedBias(base.clone(), difference, 0.25), base + 0.25 * wave(2, { 6 })));
    const AdapterTensors replacement{ AdapterKind::Replacement, { { Role::SetWeight, wave(1, { 6 }) } }, std::nullopt, std::nullopt };
    QVERIFY(at::equal(adaptedWeight(base.clone(), replacement, 0.3), wave(1, { 6 })));
    QVERIFY(at::equal(adaptedBias(base.clone(), replacement, 0.3), base));
}

void AdapterMathTest::rankStabilisedScaleReplacesAlpha()
{
    AdapterTensors adapter = loraParts({ 6, 8 }, false);
    adapter.alpha = 4.0;
    const at::Tensor product = at::matmul(adapter.parts[Role::Up], adapter.parts[Role::Down]);
    QVERIFY(at::allclose(adaptedWeight(at::zeros({ 6, 8 }), adapter, 1.0), product * 2.0));
    adapter.scale = 4.0 / std::sqrt(2.0);
    QVERIFY(at::allclose(adaptedWeight(at::zeros({ 6, 8 }), adapter, 1.0), product * (4.0 / std::sqrt(2.0)), 1e-5, 1e-6)); // float32 products, scaled before or after
}

QTEST_APPLESS_MAIN(AdapterMathTest)
#include "tst_adapter_math.moc"
