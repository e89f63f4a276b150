// Guidance: how the branches of a call are joined, and what is done to them before.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/free_u.h"
#include "core/engine/sampling/guidance.h"
#include "core/engine/sampling/sharpness.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/allclose.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/cos.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/sin.h>
#include <ATen/ops/std.h>

#include <QTest>

#include <cmath>
#include <cstdint>
#include <utility>

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

    void perturbedBranch_addsItsDifference()
    {
        const at::Tensor k = at::arange(8, at::kFloat).reshape({ 2, 4, 1, 1 });
        const at::Tensor u = at::sin(k), c = at::cos(k), p = at::cos(k * 0.9);
        const ClassifierFreeGuidance guidance(GuidanceSettings{ .scale = 5.0, .perturbationScale = 3.0, .perturbationFall = 0.01 });
        QCOMPARE(guidance.perturbationAt(1.0, 900.0), 2.0);
        QCOMPARE(guidance.perturbationAt(1.0, 500.0), 0.0); // not below
        QVERIFY(at::allclose(guidance.combine({ .unconditional = u, .conditional = c, .perturbed = p, .perturbation = 2.0 }, 900.0), u + (c - u) * 5.0 + (c - p) * 2.0, 1e-6, 1e-6));
        const ClassifierFreeGuidance alone(GuidanceSettings{ .scale = 1.0, .lowestSigma = 0.5, .highestSigma = 2.0, .perturbationScale = 3.0 });
        QCOMPARE(alone.perturbationAt(1.0, 10.0), 3.0);
        QCOMPARE(alone.perturbationAt(0.5, 10.0), 0.0); // outside the interval
        QVERIFY(at::allclose(alone.combine({ .conditional = c, .perturbed = p, .perturbation = 3.0 }, 10.0), c + (c - p) * 3.0, 1e-6, 1e-6));
    }

    void adaptiveScale_growsToItsOwn()
    {
        const ClassifierFreeGuidance guidance(GuidanceSettings{ .scale = 12.0, .adaptiveScale = 7.0 });
        QCOMPARE(guidance.scaleAt(999.0), 7.0);
        QCOMPARE(guidance.scaleAt(499.5), 9.5);
        QCOMPARE(guidance.scaleAt(0.0), 12.0);
        QCOMPARE(ClassifierFreeGuidance(GuidanceSettings{ .scale = 5.0, .adaptiveScale = 7.0 }).scaleAt(999.0), 5.0); // only a larger scale is held back
    }

    // Against the sum written out for one point in the middle and one at a corner, whose neighbours are mirrored.
    void bilateralFilter_weighsByDistanceAndGuide()
    {
        const at::Tensor k = at::arange(2 * 9 * 8, at::kFloat).reshape({ 1, 2, 9, 8 });
        const at::Tensor x = at::sin(k * 0.7), guide = at::cos(k * 0.3) * 2.0;
        const at::Tensor filtered = guidedBilateralFilter(x, guide);
        const double mean = guide.mean().item<double>(), deviation = at::std(guide, true).item<double>() + 1e-5;
        const auto mirrored = [](std::int64_t place, std::int64_t side) { return place < 0 ? -place : place >= side ? 2 * (side - 1) - place
                                                                                                                    : place; };
        for (const auto& [row, column] : { std::pair<std::int64_t, std::int64_t>{ 4, 3 }, { 0, 7 } }) {
            double sum = 0, weights = 0;
            for (std::int64_t dy = -6; dy <= 6; ++dy) {
                for (std::int64_t dx = -6; dx <= 6; ++dx) {
                    const std::int64_t y = mirrored(row + dy, 9), x2 = mirrored(column + dx, 8);
                    double difference = 0;
                    for (std::int64_t channel = 0; channel < 2; ++channel) difference += std::abs((guide[0][channel][y][x2].item<double>() - mean) / deviation - (guide[0][channel][row][column].item<double>() - mean) / deviation);
                    const double weight = std::exp(-static_cast<double>(dy * dy + dx * dx) / 18.0 - difference * difference / 18.0);
                    sum += weight * x[0][1][y][x2].item<double>();
                    weights += weight;
                }
            }
            QVERIFY(std::abs(filtered[0][1][row][column].item<double>() - sum / weights) < 1e-5);
        }
    }

    void estimates_areTheWayBackOfPredictions()
    {
        const at::Tensor input = at::sin(at::arange(64, at::kFloat)).reshape({ 1, 4, 4, 4 }), prediction = at::cos(at::arange(64, at::kFloat) * 1.7).reshape({ 1, 4, 4, 4 });
        for (const PredictionType type : { PredictionType::Epsilon, PredictionType::VPrediction }) {
            const SeenLatents seen{ input, 2.5, type };
            QVERIFY(at::allclose(predictionOf(estimateOf(prediction, seen), seen), prediction, 1e-5, 1e-5));
        }
    }

    void sharpness_isNothingAtTheBegin()
    {
        const at::Tensor input = at::sin(at::arange(4 * 64, at::kFloat)).reshape({ 1, 4, 8, 8 }), prediction = at::cos(at::arange(4 * 64, at::kFloat) * 1.7).reshape({ 1, 4, 8, 8 });
        for (const PredictionType type : { PredictionType::Epsilon, PredictionType::VPrediction }) {
            const SeenLatents seen{ input, 2.5, type };
            QVERIFY(at::allclose(sharpened(prediction, seen, 30.0, 0.0), prediction, 1e-5, 1e-5));
            QVERIFY(!at::allclose(sharpened(prediction, seen, 30.0, 1.0), prediction, 1e-3, 1e-3));
        }
    }

    // A constant has no frequency but 0; a wave of one period along both sides is half frequency −1, so that half of it is scaled. A wave of two periods stays.
    void freeU_scalesTheLowestFrequencies()
    {
        const at::Tensor places = at::arange(8, at::kFloat) * (2.0 * 3.14159265358979323846 / 8.0);
        const at::Tensor one = at::cos(places).reshape({ 1, 1, 1, 8 }).expand({ 1, 1, 6, 8 }), two = at::cos(places * 2.0).reshape({ 1, 1, 1, 8 }).expand({ 1, 1, 6, 8 });
        QVERIFY(at::allclose(scaledLowFrequencies(at::ones_like(one) * 3.0, 0.2), at::ones_like(one) * 0.6, 1e-5, 1e-6));
        QVERIFY(at::allclose(scaledLowFrequencies(one, 0.2), one * 0.6, 1e-5, 1e-6));
        QVERIFY(at::allclose(scaledLowFrequencies(two, 0.2), two, 1e-5, 1e-6));
        QVERIFY(at::allclose(scaledLowFrequencies(one.narrow(2, 0, 1), 0.2), one.narrow(2, 0, 1) * 0.6, 1e-5, 1e-6)); // a side of 1
    }

    void freeU_leavesOtherBlocksAlone()
    {
        const at::Tensor deep = at::ones({ 1, 8, 4, 4 }), skip = at::ones({ 1, 2, 4, 4 });
        at::Tensor hidden = deep, over = skip;
        applyFreeU({ 1.3, 1.4, 0.9, 0.2, 1 }, { 2, 2 }, hidden, over);
        QVERIFY(at::equal(hidden, deep) && at::equal(over, skip));
        applyFreeU({ 1.3, 1.4, 0.9, 0.2, 1 }, { 1, 2 }, hidden, over);
        QVERIFY(at::allclose(hidden.narrow(1, 0, 4), deep.narrow(1, 0, 4) * 1.4) && at::equal(hidden.narrow(1, 4, 4), deep.narrow(1, 4, 4)));
        QVERIFY(at::allclose(over, skip * 0.2));
        QVERIFY(at::equal(deep, at::ones_like(deep))); // never written into
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
