// Classifier-free guidance.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/guidance.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/equal.h>

#include <QTest>

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
