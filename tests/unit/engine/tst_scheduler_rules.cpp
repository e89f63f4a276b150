// What schedulers do beside the reference's numbers: limits, first steps, counts the reference fails at, noise levels, state.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/beta_distribution.h"
#include "core/engine/sampling/scheduler.h"
#include "core/engine/sampling/solvers/distilled/distilled_scheduler.h"

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
#include <string>
#include <string_view>
#include <vector>

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

// The prediction of the exact model of one known picture: it always points at `clean`.
at::Tensor predictionFor(const Scheduler& scheduler, const at::Tensor& x, int i, const at::Tensor& clean, PredictionType prediction)
{
    // The network sees the variance-preserving form: x̂ = α · x₀ + σ · n.
    const double level = scheduler.sigmas()[static_cast<std::size_t>(i)];
    const double alpha = 1.0 / std::sqrt(level * level + 1.0);
    const at::Tensor seen = scheduler.scaleModelInput(x, i);
    const at::Tensor epsilon = (seen - clean * alpha) / (level * alpha);
    return prediction == PredictionType::Epsilon ? epsilon : epsilon * alpha - clean * (level * alpha);
}

at::Tensor runTowards(Scheduler& scheduler, const at::Tensor& clean, PredictionType prediction, NoiseSource& noise)
{
    at::Tensor x = at::ones(clean.sizes()) * scheduler.initNoiseSigma();
    for (int i = scheduler.firstCall(); i < scheduler.callCount(); ++i) x = scheduler.step(predictionFor(scheduler, x, i, clean, prediction), i, x, noise);
    return x;
}

// What solvers whose grid ends above σ = 0, at the schedule's lowest level, leave of noise that is `size` large.
double remainingNoise(std::string_view name, double size)
{
    const bool keepsNoise = name.starts_with("ddim") || name.starts_with("pndm") || name.starts_with("tcd") || name.starts_with("deis");
    return keepsNoise ? 0.0292 * size : 1e-3;
}

// These take whole strides of 1000 div steps over timesteps that lie further apart, and PNDM extrapolates v, which is no straight line: few steps do
// not arrive, in the reference neither.
bool needsManySteps(std::string_view name)
{
    return name.starts_with("pndm") || name == "ddim_linspace";
}

void addNames(const std::vector<SchedulerName>& names)
{
    QTest::addColumn<QByteArray>("name");
    for (const SchedulerName& name : names) QTest::newRow(name.name.c_str()) << QByteArray::fromStdString(name.name);
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
        for (const SchedulerName& name : allSchedulers()) {
            const auto scheduler = createScheduler(name, {});
            if (steps > mostSteps(name.name)) continue;
            QVERIFY(scheduler->setTimesteps(steps, strength).has_value());
            QCOMPARE(scheduler->stepsIn(scheduler->firstCall(), scheduler->callCount()), steps - first);
            if (name.sampler != SamplerKind::Restart) QCOMPARE(scheduler->stepsIn(0, scheduler->firstCall()), first);
            QVERIFY(scheduler->beginsStep(scheduler->firstCall()) && scheduler->endsStep(scheduler->callCount() - 1));
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

    void setTimesteps_refusesMoreStepsThanTheDistilledGrid()
    {
        for (const std::string name : { "lcm", "tcd" }) {
            const auto scheduler = make(name);
            QVERIFY(scheduler->setTimesteps(50, 1.0).has_value());
            const Result<void> result = scheduler->setTimesteps(51, 1.0);
            QVERIFY(!result.has_value());
            QCOMPARE(result.error().code, ErrorCode::InvalidRequest);
            QCOMPARE(result.error().message, "The scheduler " + name + " takes 1 to 50 steps, but 51 were asked for.");
        }
    }

    // Every count a job may ask for (61, 103, 121 and 122 trailing steps are one too many in the reference): whole grids that fall, and a finite
    // picture even where the reference divides by zero.
    void runs_areFiniteForEveryCount_data()
    {
        const auto shown = schedulerNames();
        addNames({ shown.begin(), shown.end() });
    }
    void runs_areFiniteForEveryCount()
    {
        QFETCH(QByteArray, name);
        constexpr std::array kSettings{ NoiseScheduleSettings{ PredictionType::Epsilon, false }, NoiseScheduleSettings{ PredictionType::VPrediction, false },
            NoiseScheduleSettings{ PredictionType::VPrediction, true }, NoiseScheduleSettings{ PredictionType::Epsilon, true } };
        const at::Tensor output = at::ones({ 1, 4, 1, 1 }) * 0.25;
        for (const NoiseScheduleSettings& settings : kSettings) {
            const auto scheduler = make(name.toStdString(), settings);
            for (int steps = 1; steps <= mostSteps(name.toStdString()); ++steps) {
                QVERIFY(scheduler->setTimesteps(steps, 1.0).has_value());
                QVERIFY(name == "restart" || isFalling(*scheduler));
                QVERIFY(scheduler->timesteps().back() >= 0.0 && scheduler->timesteps().front() <= kTrainTimesteps - 1);
                if (steps > 10 && steps % 29 != 5 && steps != 149) continue; // walking all of them takes minutes
                CountingNoise noise;
                at::Tensor x = at::ones({ 1, 4, 1, 1 }) * scheduler->initNoiseSigma();
                for (int i = 0; i < scheduler->callCount(); ++i) x = scheduler->step(output, i, x, noise);
                QVERIFY2(at::isfinite(x).all().item<bool>(), qPrintable(QStringLiteral("%1 steps").arg(steps)));
            }
        }
    }

    // With a model that knows the picture every solver must arrive at it.
    void solvers_arriveAtThePictureTheModelKnows_data() { addNames(allSchedulers()); }
    void solvers_arriveAtThePictureTheModelKnows()
    {
        QFETCH(QByteArray, name);
        const at::Tensor clean = at::ones({ 1, 4, 2, 2 }) * 0.75;
        for (const PredictionType prediction : { PredictionType::Epsilon, PredictionType::VPrediction }) {
            const auto scheduler = make(name.toStdString(), { prediction, false });
            QVERIFY(!scheduler->denoised().defined());
            for (const int steps : { 2, 8, 20, 40 }) {
                if (steps < 20 && needsManySteps(name.toStdString())) continue;
                QVERIFY(scheduler->setTimesteps(steps, 1.0).has_value());
                CountingNoise noise;
                const at::Tensor x = runTowards(*scheduler, clean, prediction, noise);
                QVERIFY(at::allclose(scheduler->denoised(), clean, 0.0, 1e-3));
                QVERIFY2(at::allclose(x, clean, 0.0, remainingNoise(name.toStdString(), 4.0)), qPrintable(QStringLiteral("%1 steps: %2").arg(steps).arg((x - clean).abs().max().item<double>())));
            }
        }
    }

    // The three modes: from noise, from a picture with less strength, and blended with known latents after every call, in the middle of steps too.
    void modes_allArrive_data() { addNames(allSchedulers()); }
    void modes_allArrive()
    {
        QFETCH(QByteArray, name);
        const at::Tensor wanted = at::ones({ 1, 4, 2, 2 }) * 0.75, known = at::ones({ 1, 4, 2, 2 }) * -0.5, noise = at::ones({ 1, 4, 2, 2 });
        at::Tensor free = at::zeros({ 1, 1, 2, 2 });
        free.select(3, 0).fill_(1.0);
        for (const double strength : { 1.0, 0.6, 0.3 }) {
            for (const bool blends : { false, true }) {
                const auto scheduler = make(name.toStdString());
                QVERIFY(scheduler->setTimesteps(24, strength).has_value());
                CountingNoise draws;
                at::Tensor x = strength < 1.0 ? scheduler->addNoise(known, noise, scheduler->firstCall()) : noise * scheduler->initNoiseSigma();
                const at::Tensor target = blends ? wanted * free + known * (1.0 - free) : wanted;
                // The picture that is wanted is not the known one: a model that points at it sees their difference as noise.
                const double noiseSize = 4.0 + 1.25 / scheduler->sigmas()[static_cast<std::size_t>(scheduler->firstCall())];
                for (int i = scheduler->firstCall(); i < scheduler->callCount(); ++i) {
                    x = scheduler->step(predictionFor(*scheduler, x, i, target, PredictionType::Epsilon), i, x, draws);
                    if (!blends) continue;
                    const at::Tensor background = i + 1 < scheduler->callCount() ? scheduler->addNoise(known, noise, i + 1) : known;
                    x = x * free + background * (1.0 - free);
                }
                QVERIFY2(at::allclose(x, target, 0.0, remainingNoise(name.toStdString(), noiseSize)), qPrintable(QStringLiteral("strength %1: %2").arg(strength).arg((x - target).abs().max().item<double>())));
            }
        }
    }

    // Between calls latents lie at the level that the next call is told: a solver without draws follows the line from the noise to the known picture.
    void levels_areThoseOfTheLatents_data()
    {
        std::vector<SchedulerName> names;
        for (const SchedulerName& name : allSchedulers()) {
            if (isDeterministic(name.sampler)) names.push_back(name);
        }
        addNames(names);
    }
    void levels_areThoseOfTheLatents()
    {
        QFETCH(QByteArray, name);
        const at::Tensor clean = at::ones({ 1, 4, 1, 1 }) * 0.75, noise = at::ones({ 1, 4, 1, 1 }) * -1.25;
        const auto scheduler = make(name.toStdString());
        QVERIFY(scheduler->setTimesteps(25, 0.6).has_value());
        CountingNoise draws;
        at::Tensor x = scheduler->addNoise(clean, noise, scheduler->firstCall());
        for (int i = scheduler->firstCall(); i + 1 < scheduler->callCount(); ++i) {
            x = scheduler->step(predictionFor(*scheduler, x, i, clean, PredictionType::Epsilon), i, x, draws);
            QVERIFY2(at::allclose(x, scheduler->addNoise(clean, noise, i + 1), 1e-4, 1e-4), qPrintable(QStringLiteral("call %1").arg(i)));
        }
        QCOMPARE(draws.requests(), 0);
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
        QTest::newRow("heun") << QByteArray("heun") << 0;
        QTest::newRow("dpm2") << QByteArray("dpm2") << 0;
        QTest::newRow("dpm2_a") << QByteArray("dpm2_a") << 5;
        QTest::newRow("dpmpp_2s_a") << QByteArray("dpmpp_2s_a") << 5;
        QTest::newRow("dpmpp_sde") << QByteArray("dpmpp_sde") << 10;
        QTest::newRow("dpmpp_3m_sde") << QByteArray("dpmpp_3m_sde") << 5;
        QTest::newRow("lms") << QByteArray("lms") << 0;
        QTest::newRow("deis") << QByteArray("deis") << 0;
        QTest::newRow("pndm") << QByteArray("pndm") << 0;
        QTest::newRow("tcd") << QByteArray("tcd") << 5;
        QTest::newRow("euler_a_cfg_pp") << QByteArray("euler_a_cfg_pp") << 5;
        QTest::newRow("dpmpp_2s_a_cfg_pp") << QByteArray("dpmpp_2s_a_cfg_pp") << 5;
    }
    void draws_areOnePerStochasticStep()
    {
        QFETCH(QByteArray, name);
        QFETCH(int, draws);
        const auto scheduler = make(name.toStdString());
        QVERIFY(scheduler->setTimesteps(10, 0.6).has_value());
        CountingNoise noise;
        at::Tensor x = at::ones({ 1, 4, 1, 1 });
        for (int i = scheduler->firstCall(); i < scheduler->callCount(); ++i) x = scheduler->step(x, i, x, noise);
        QCOMPARE(noise.requests(), draws);
    }

    void setTimesteps_forgetsTheRunBefore_data() { addNames(allSchedulers()); }
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
    static int mostSteps(const std::string& name)
    {
        return name == "lcm" || name == "tcd" || name == "tcd_eta1" ? kDistillationSteps : 150;
    }

    static bool isDeterministic(SamplerKind sampler)
    {
        using enum SamplerKind;
        constexpr std::array kDeterministic{ Euler, Heun, Dpm2, Lms, DpmSolverPlusPlus2M, UniPc, Deis, EulerCfgPlusPlus, DpmSolverPlusPlus2MCfgPlusPlus };
        return std::ranges::find(kDeterministic, sampler) != kDeterministic.end();
    }

    // Where steps begin; a step's calls stay between its ends.
    static bool isFalling(const Scheduler& scheduler)
    {
        const std::vector<double>& sigmas = scheduler.sigmas();
        double last = HUGE_VAL;
        for (int i = 0; i < scheduler.callCount(); ++i) {
            const double sigma = sigmas[static_cast<std::size_t>(i)];
            if (sigmas[static_cast<std::size_t>(i) + 1] > sigma * 1.01) return false; // the middle of an ancestral step is its end, but for float32
            if (!scheduler.beginsStep(i)) continue;
            if (sigma >= last) return false;
            last = sigma;
        }
        return sigmas.back() < last || scheduler.callCount() == 1;
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
