// Classifier-free guidance.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/guidance.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/cos.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/sin.h>

#include <QTest>

#include <cmath>

using namespace sfumato::engine;

class TstGuidance : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void scaleOne_runsTheConditionalBranchAlone()
    {
        const ClassifierFreeGuidance guidance(1.0);
        const at::Tensor latents = at::arange(8, at::kFloat).reshape({ 2, 4, 1, 1 });
        QVERIFY(!guidance.isActive());
        QVERIFY(at::equal(guidance.expand(latents), latents));
        QVERIFY(at::equal(guidance.combine(latents), latents));
    }

    void combine_movesAwayFromTheUnconditional()
    {
        const ClassifierFreeGuidance guidance(7.5);
        const at::Tensor unconditional = at::arange(8, at::kFloat).reshape({ 2, 4, 1, 1 });
        const at::Tensor conditional = unconditional * 2.0 + 1.0;
        const at::Tensor expected = unconditional + (conditional - unconditional) * 7.5;
        QVERIFY(guidance.isActive());
        QVERIFY(at::equal(guidance.combine(unconditional, conditional), expected));
        QVERIFY(at::equal(guidance.combine(at::cat({ unconditional, conditional })), expected));
        QCOMPARE(guidance.expand(unconditional).size(0), std::int64_t{ 4 });
    }

    // diffusers 0.42 rescale_noise_cfg for u = sin(k), c = 1.5 · cos(1.3 · k), k = 0..15, two images, scale 7.5.
    void combine_rescalesAsTheReference_data()
    {
        QTest::addColumn<double>("rescale");
        QTest::addColumn<QList<double>>("expected");
        QTest::newRow("0.7") << 0.7 << QList<double>{ 4.1268883, -0.90248585, -5.7044353, -3.3323319, 3.7380538, 6.316751, 0.88891435, -5.4776754, -4.9621844, 1.7940197, 5.3527937, 1.8210744, -2.9974174, -2.6836116, 0.98138773, 1.8405032 };
        QTest::newRow("1") << 1.0 << QList<double>{ 1.0741261, -0.23489454, -1.4847221, -0.86732292, 0.97292221, 1.6440928, 0.23136224, -1.4257023, -1.6280179, 0.58859086, 1.7561711, 0.59746706, -0.9834075, -0.88045257, 0.32197854, 0.60384142 };
    }
    void combine_rescalesAsTheReference()
    {
        QFETCH(double, rescale);
        QFETCH(QList<double>, expected);
        const at::Tensor k = at::arange(16, at::kFloat).reshape({ 2, 4, 2, 1 });
        const at::Tensor unconditional = at::sin(k), conditional = at::cos(k * 1.3) * 1.5;
        const ClassifierFreeGuidance guidance(GuidanceSettings{ .scale = 7.5, .rescale = rescale });
        const at::Tensor guided = guidance.combine(unconditional, conditional);
        for (qsizetype i = 0; i < expected.size(); ++i) QVERIFY(std::abs(static_cast<double>(guided.const_data_ptr<float>()[i]) - expected[i]) <= 2e-6 * 7.5);
        QVERIFY(at::equal(guidance.combine(at::cat({ unconditional, conditional })), guided));
    }

    // Each image has its own deviation, so a batch is its images one by one.
    void rescale_doesNotMixImages()
    {
        const at::Tensor k = at::arange(32, at::kFloat).reshape({ 2, 4, 2, 2 });
        const at::Tensor unconditional = at::sin(k), conditional = at::cos(k) * k;
        const ClassifierFreeGuidance guidance(GuidanceSettings{ .scale = 5.0, .rescale = 0.7 });
        const at::Tensor both = guidance.combine(unconditional, conditional);
        for (std::int64_t image = 0; image < 2; ++image) {
            QVERIFY(at::equal(both.narrow(0, image, 1), guidance.combine(unconditional.narrow(0, image, 1), conditional.narrow(0, image, 1))));
        }
    }

    void interval_isOpenBelowAndClosedAbove()
    {
        const ClassifierFreeGuidance guidance(GuidanceSettings{ .scale = 7.5, .lowestSigma = 0.28, .highestSigma = 5.42 });
        QVERIFY(!guidance.isActiveAt(0.28) && guidance.isActiveAt(0.2801) && guidance.isActiveAt(5.42) && !guidance.isActiveAt(5.43));
        QVERIFY(ClassifierFreeGuidance(7.5).isActiveAt(0.001) && ClassifierFreeGuidance(7.5).isActiveAt(4096.0));
        QVERIFY(!ClassifierFreeGuidance(1.0).isActiveAt(1.0));
    }

    // The reference computes in the network's own dtype, roundings included.
    void combine_keepsTheDtype()
    {
        const ClassifierFreeGuidance guidance(5.0);
        const at::Tensor half = at::arange(8, at::kFloat).reshape({ 2, 4, 1, 1 }).to(at::kBFloat16) / 3.0;
        QCOMPARE(guidance.combine(half, half).scalar_type(), at::kBFloat16);
    }
};

QTEST_APPLESS_MAIN(TstGuidance)
#include "tst_guidance.moc"
