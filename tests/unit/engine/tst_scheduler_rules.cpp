// What schedulers do beside the reference's numbers: limits, first steps, counts the reference fails at, noise levels, state.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/beta_distribution.h"
#include "core/engine/sampling/lcm_scheduler.h"
#include "core/engine/sampling/scheduler.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/allclose.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

using namespace sfumato;
using namespace sfumato::engine;

namespace {

class CountingNoise final : public NoiseSource {
public:
    [[nodiscard]] at::Tensor draw(at::IntArrayRef shape) override
    {
        ++m_requests;
        return at::ones(shape);
    }
    [[nodiscard]] int requests() const { return m_requests; }

private:
    int m_requests = 0;
};

std::unique_ptr<Scheduler> make(std::string_view name, NoiseScheduleSettings settings = {})
{
    return createScheduler(*findScheduler(name), settings);
}

// A run with the exact model of one known picture: its prediction always points at `clean`.
at::Tensor runTowards(Scheduler& scheduler, const at::Tensor& clean, PredictionType prediction, NoiseSource& noise)
{
    at::Tensor x = at::ones(clean.sizes()) * scheduler.initNoiseSigma();
    for (int i = scheduler.firstStep(); i < static_cast<int>(scheduler.timesteps().size()); ++i) {
        // The network sees the variance-preserving form: x̂ = α · x₀ + σ · n.
        const double level = scheduler.sigmas()[static_cast<std::size_t>(i)];
        const double alpha = 1.0 / std::sqrt(level * level + 1.0);
        const at::Tensor seen = scheduler.scaleModelInput(x, i);
        const at::Tensor epsilon = (seen - clean * alpha) / (level * alpha);
        const at::Tensor output = prediction == PredictionType::Epsilon ? epsilon : epsilon * alpha - clean * (level * alpha);
        x = scheduler.step(output, i, x, noise);
    }
    return x;
}

} // namespace

class TstSchedulerRules : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void firstStep_isTheReferenceRule_data()
    {
        QTest::addColumn<int>("steps");
        QTest::addColumn<double>("strength");
        QTest::addColumn<int>("first");
        QTest::newRow("all") << 25 << 1.0 << 0;
        QTest::newRow("most") << 25 << 0.95 << 2;
        QTest::newRow("half") << 20 << 0.5 << 10;
        QTest::newRow("product just below a whole number") << 100 << 0.29 << 72;
        QTest::newRow("one left") << 10 << 0.1 << 9;
        QTest::newRow("single") << 1 << 1.0 << 0;
    }
    void firstStep_isTheReferenceRule()
    {
        QFETCH(int, steps);
        QFETCH(double, strength);
        QFETCH(int, first);
        for (const SchedulerName& name : schedulerNames()) {
            const auto scheduler = createScheduler(name, {});
            if (name.sampler == SamplerKind::Lcm && steps > kLcmOriginalSteps) continue;
            QVERIFY(scheduler->setTimesteps(steps, strength).has_value());
            QCOMPARE(scheduler->firstStep(), first);
            QCOMPARE(scheduler->timesteps().size(), static_cast<std::size_t>(steps));
        }
    }

    void setTimesteps_refusesWhenNoStepIsLeft()
    {
        const auto scheduler = make("euler");
        const Result<void> result = scheduler->setTimesteps(10, 0.05);
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().code, ErrorCode::InvalidRequest);
        QCOMPARE(result.error().message, std::string("With strength 0.05 and 10 steps no step is left to run; strength times steps must be at least 1."));
        QCOMPARE(result.error().detail, std::string("strength"));
    }

    void setTimesteps_refusesMoreLcmStepsThanItsGrid()
    {
        const auto scheduler = make("lcm");
        QVERIFY(scheduler->setTimesteps(50, 1.0).has_value());
        const Result<void> result = scheduler->setTimesteps(51, 1.0);
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().code, ErrorCode::InvalidRequest);
        QCOMPARE(result.error().message, std::string("The scheduler lcm takes 1 to 50 steps, but 51 were asked for."));
    }

    // Every count a job may ask for (61, 103, 121 and 122 trailing steps are one too many in the reference): whole grids that fall, and a finite
    // picture even where the reference divides by zero.
    void runs_areFiniteForEveryCount_data()
    {
        QTest::addColumn<QByteArray>("name");
        for (const SchedulerName& name : schedulerNames()) {
            const QByteArray text(name.name.data(), static_cast<qsizetype>(name.name.size()));
            QTest::newRow(text.constData()) << text;
        }
    }
    void runs_areFiniteForEveryCount()
    {
        QFETCH(QByteArray, name);
        constexpr std::array kSettings{ NoiseScheduleSettings{ PredictionType::Epsilon, false }, NoiseScheduleSettings{ PredictionType::VPrediction, false },
            NoiseScheduleSettings{ PredictionType::VPrediction, true }, NoiseScheduleSettings{ PredictionType::Epsilon, true } };
        const at::Tensor output = at::ones({ 1, 4, 1, 1 }) * 0.25;
        for (const NoiseScheduleSettings& settings : kSettings) {
            const auto scheduler = make(name.toStdString(), settings);
            for (int steps = 1; steps <= (name == "lcm" ? kLcmOriginalSteps : 150); ++steps) {
                QVERIFY(scheduler->setTimesteps(steps, 1.0).has_value());
                QVERIFY(isFalling(scheduler->sigmas()));
                QVERIFY(scheduler->timesteps().back() >= 0.0 && scheduler->timesteps().front() <= kTrainTimesteps - 1);
                if (steps > 10 && steps % 29 != 5 && steps != 149) continue; // walking all of them takes minutes
                CountingNoise noise;
                at::Tensor x = at::ones({ 1, 4, 1, 1 }) * scheduler->initNoiseSigma();
                for (int i = 0; i < steps; ++i) x = scheduler->step(output, i, x, noise);
                QVERIFY2(at::isfinite(x).all().item<bool>(), qPrintable(QStringLiteral("%1 steps").arg(steps)));
            }
        }
    }

    // With a model that knows the picture every solver must arrive at it (DDIM keeps the noise of the first ᾱ).
    void solvers_arriveAtThePictureTheModelKnows_data() { runs_areFiniteForEveryCount_data(); }
    void solvers_arriveAtThePictureTheModelKnows()
    {
        QFETCH(QByteArray, name);
        const at::Tensor clean = at::ones({ 1, 4, 2, 2 }) * 0.75;
        for (const PredictionType prediction : { PredictionType::Epsilon, PredictionType::VPrediction }) {
            const auto scheduler = make(name.toStdString(), { prediction, false });
            QVERIFY(!scheduler->denoised().defined());
            for (const int steps : { 2, 8, 20 }) {
                QVERIFY(scheduler->setTimesteps(steps, 1.0).has_value());
                CountingNoise noise;
                const at::Tensor x = runTowards(*scheduler, clean, prediction, noise);
                QVERIFY(at::allclose(scheduler->denoised(), clean, 0.0, 1e-3));
                QVERIFY(at::allclose(x, clean, 0.0, name.startsWith("ddim") ? 0.06 : 1e-3));
            }
        }
    }

    void draws_areOnePerStochasticStep_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<int>("draws");
        QTest::newRow("euler") << QByteArray("euler") << 0;
        QTest::newRow("euler_a") << QByteArray("euler_a") << 6;
        QTest::newRow("dpmpp_2m_karras") << QByteArray("dpmpp_2m_karras") << 0;
        QTest::newRow("dpmpp_2m_sde_karras") << QByteArray("dpmpp_2m_sde_karras") << 6;
        QTest::newRow("ddim") << QByteArray("ddim") << 0;
        QTest::newRow("unipc") << QByteArray("unipc") << 0;
        QTest::newRow("lcm") << QByteArray("lcm") << 5;
    }
    void draws_areOnePerStochasticStep()
    {
        QFETCH(QByteArray, name);
        QFETCH(int, draws);
        const auto scheduler = make(name.toStdString());
        QVERIFY(scheduler->setTimesteps(10, 0.6).has_value());
        CountingNoise noise;
        at::Tensor x = at::ones({ 1, 4, 1, 1 });
        for (int i = scheduler->firstStep(); i < 10; ++i) x = scheduler->step(x, i, x, noise);
        QCOMPARE(noise.requests(), draws);
    }

    void setTimesteps_forgetsTheRunBefore_data() { runs_areFiniteForEveryCount_data(); }
    void setTimesteps_forgetsTheRunBefore()
    {
        QFETCH(QByteArray, name);
        const auto scheduler = make(name.toStdString());
        const at::Tensor clean = at::ones({ 1, 4, 1, 1 }) * -0.5;
        std::array<at::Tensor, 2> pictures;
        for (at::Tensor& picture : pictures) {
            QVERIFY(scheduler->setTimesteps(7, 1.0).has_value());
            CountingNoise noise;
            picture = runTowards(*scheduler, clean, PredictionType::Epsilon, noise);
        }
        QVERIFY(at::equal(pictures[0], pictures[1]));
    }

    void results_areFloat32ForEveryDtype()
    {
        const auto scheduler = make("dpmpp_2m");
        QVERIFY(scheduler->setTimesteps(4, 1.0).has_value());
        CountingNoise noise;
        const at::Tensor half = at::ones({ 1, 4, 1, 1 }, at::kBFloat16);
        QCOMPARE(scheduler->step(half, 0, half, noise).scalar_type(), at::kFloat);
        QCOMPARE(scheduler->denoised().scalar_type(), at::kFloat);
    }

    // scipy.stats.beta.ppf(p, a, a), scipy 1.17.1.
    void betaQuantile_equalsScipy_data();
    void betaQuantile_equalsScipy()
    {
        QFETCH(double, probability);
        QFETCH(double, shape);
        QFETCH(double, expected);
        const double value = symmetricBetaQuantile(probability, shape);
        QVERIFY2(std::abs(value - expected) <= 4e-15 * expected, qPrintable(QString::number(value, 'g', 17)));
    }

private:
    static bool isFalling(const std::vector<double>& values)
    {
        return std::ranges::adjacent_find(values, std::less_equal<>()) == values.end();
    }
};

void TstSchedulerRules::betaQuantile_equalsScipy_data()
{
    QTest::addColumn<double>("probability");
    QTest::addColumn<double>("shape");
    QTest::addColumn<double>("expected");
    struct Row {
        double probability;
        double shape;
        double expected;
    };
    constexpr std::array kRows{
        Row{ 0.0, 0.6, 0.0 },
        Row{ 1e-06, 0.6, 1.8558824624053043e-10 },
        Row{ 0.006711409395973154, 0.6, 0.0004431239614355509 },
        Row{ 0.041666666666666664, 0.6, 0.009272318295366627 },
        Row{ 0.1, 0.6, 0.03958440558878085 },
        Row{ 0.25, 0.6, 0.17568037865269498 },
        Row{ 0.3333333333333333, 0.6, 0.2754132907776234 },
        Row{ 0.5, 0.6, 0.5000000000000001 },
        Row{ 0.6666666666666666, 0.6, 0.7245867092223766 },
        Row{ 0.75, 0.6, 0.824319621347305 },
        Row{ 0.9, 0.6, 0.9604155944112192 },
        Row{ 0.9583333333333334, 0.6, 0.9907276817046334 },
        Row{ 0.9932885906040269, 0.6, 0.9995568760385645 },
        Row{ 1.0, 0.6, 1.0 },
        Row{ 0.2, 1.0, 0.2 },
        Row{ 0.7, 1.0, 0.7 },
        Row{ 0.2, 2.0, 0.2871407254167405 },
        Row{ 0.7, 2.0, 0.6367425089094323 },
        Row{ 0.2, 0.3, 0.03277640169822209 },
        Row{ 0.7, 0.3, 0.8795847625468333 },
    };
    for (const Row& row : kRows) QTest::addRow("p %.17g shape %g", row.probability, row.shape) << row.probability << row.shape << row.expected;
}

QTEST_APPLESS_MAIN(TstSchedulerRules)
#include "tst_scheduler_rules.moc"
