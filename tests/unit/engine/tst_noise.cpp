// Seeded noise and the noise schedule.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/noise_schedule.h"
#include "core/engine/sampling/noise_source.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/equal.h>

#include <QTest>

#include <array>
#include <cmath>

using namespace sfumato::engine;

class TstNoise : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // torch.randn(1, 4, 128, 128, generator=torch.Generator().manual_seed(seed)): first values and sum.
    void draw_equalsTorch_data()
    {
        QTest::addColumn<quint64>("seed");
        QTest::addColumn<QList<double>>("first");
        QTest::addColumn<double>("sum");
        QTest::newRow("0") << quint64{ 0 } << QList<double>{ -1.1258398, -1.1523602, -0.25057858, -0.43387881 } << -243.911985;
        QTest::newRow("42") << quint64{ 42 } << QList<double>{ 1.9269153, 1.4872841, 0.9007172, -2.105521 } << -3.099229;
    }
    void draw_equalsTorch()
    {
        QFETCH(quint64, seed);
        QFETCH(QList<double>, first);
        QFETCH(double, sum);
        SeededNoise noise(seed);
        const at::Tensor values = noise.draw({ 1, 4, 128, 128 });
        QCOMPARE(values.scalar_type(), at::kFloat);
        for (qsizetype i = 0; i < first.size(); ++i) {
            QVERIFY(std::abs(static_cast<double>(values.const_data_ptr<float>()[i]) - first[i]) <= 1e-6 * std::abs(first[i]));
        }
        QVERIFY(std::abs(values.to(at::kDouble).sum().item<double>() - sum) <= 2e-3);
    }

    void batches_areTheImagesOneByOne()
    {
        constexpr std::array<std::uint64_t, 3> kSeeds{ 7, 8, (std::uint64_t{ 1 } << 63) - 1 };
        SeededNoise batch(kSeeds);
        std::vector<at::Tensor> firstDraws;
        std::vector<at::Tensor> secondDraws;
        for (const std::uint64_t seed : kSeeds) {
            SeededNoise single(seed);
            firstDraws.push_back(single.draw({ 1, 4, 13, 17 }));
            secondDraws.push_back(single.draw({ 1, 4, 13, 17 }));
        }
        QVERIFY(at::equal(batch.draw({ 3, 4, 13, 17 }), at::cat(firstDraws)));
        QVERIFY(at::equal(batch.draw({ 3, 4, 13, 17 }), at::cat(secondDraws)));
        QVERIFY(!at::equal(firstDraws[0], firstDraws[1]));
        QVERIFY(!at::equal(firstDraws[0], secondDraws[0]));
    }

    void schedule_hasThePublishedLevels()
    {
        const NoiseSchedule schedule({ PredictionType::Epsilon, false });
        constexpr std::array<std::pair<std::size_t, double>, 7> kSigmas{
            { { 0, 0.02916716 }, { 1, 0.041314 }, { 10, 0.098291 }, { 100, 0.343931 }, { 500, 1.618279 }, { 900, 8.346597 }, { 999, 14.6146412 } }
        };
        for (const auto& [timestep, sigma] : kSigmas) QVERIFY(std::abs(static_cast<double>(schedule.sigmas()[timestep]) - sigma) <= 2e-5 * sigma);
        QVERIFY(std::abs(static_cast<double>(schedule.alphasCumprod().front()) - 0.99915) < 1e-6);
        QVERIFY(std::abs(static_cast<double>(schedule.alphasCumprod().back()) - 0.0046600985) < 1e-8);
    }

    void zeroTerminalSnr_endsInPureNoise()
    {
        const NoiseSchedule velocity({ PredictionType::VPrediction, true });
        QCOMPARE(velocity.alphasCumprod().back(), 0.0F);
        QVERIFY(std::abs(velocity.sigmas().back() - 4096.0F) < 0.01F);
        QVERIFY(std::abs(velocity.sigmas()[998] - 2254.24F) < 0.5F);
        QVERIFY(std::abs(velocity.sigmas().front() - 0.029167F) < 1e-5F);
        const NoiseSchedule epsilon({ PredictionType::Epsilon, true });
        QVERIFY(epsilon.alphasCumprod().back() > 0.0F);
    }

    void timestepAt_invertsTheTable()
    {
        const NoiseSchedule schedule({ PredictionType::Epsilon, false });
        for (const std::size_t timestep : { std::size_t{ 1 }, std::size_t{ 47 }, std::size_t{ 500 }, std::size_t{ 998 } }) {
            const double found = schedule.timestepAt(static_cast<double>(schedule.sigmas()[timestep]));
            QVERIFY(std::abs(found - static_cast<double>(timestep)) < 1e-4);
        }
        QCOMPARE(schedule.timestepAt(1e-12), 0.0);
        QCOMPARE(schedule.timestepAt(1e6), 999.0);
    }
};

QTEST_APPLESS_MAIN(TstNoise)
#include "tst_noise.moc"
