// Every scheduler name against diffusers: grids and whole trajectories on an analytic model. The rule and the reference values are those of
// tests/parity/make_scheduler_references.py.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/safetensors_file.h"
#include "core/engine/sampling/scheduler.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/tensor.h>

#include <QTest>

#include <array>
#include <cmath>

using namespace sfumato;
using namespace sfumato::engine;

namespace {

constexpr std::array kStepCounts{ 1, 2, 3, 4, 10, 20, 25, 30, 50, 100 };
constexpr std::array kStrengths{ 1.0, 0.6, 0.3 };
constexpr double kGridTolerance = 1e-6;       // relative
constexpr double kTrajectoryTolerance = 2e-6; // relative to the largest element of the state

struct Prediction {
    const char* label;
    const char* gridLabel;
    NoiseScheduleSettings settings;
};

const std::array kPredictions{
    Prediction{ "epsilon", "epsilon", { PredictionType::Epsilon, false } },
    Prediction{ "v", "epsilon", { PredictionType::VPrediction, false } },
    Prediction{ "v_zero_snr", "v_zero_snr", { PredictionType::VPrediction, true } },
};

at::Tensor column(double (*function)(double), double scale, double offset)
{
    std::vector<double> values;
    for (int j = 1; j <= 4; ++j) values.push_back(function(scale * j + offset));
    return at::tensor(values).to(at::kFloat).reshape({ 1, 4, 1, 1 });
}

class ScriptedNoise final : public NoiseSource {
public:
    [[nodiscard]] at::Tensor draw(at::IntArrayRef /*shape*/) override
    {
        return column([](double v) { return std::cos(v); }, 1.0, 1.7 * m_requests++ - 1.0);
    }
    [[nodiscard]] int requests() const { return m_requests; }

private:
    int m_requests = 0;
};

at::Tensor analyticModel(const at::Tensor& x, double timestep)
{
    return at::tanh(x) * 0.7 + 0.1 * std::sin(0.01 * timestep);
}

at::Tensor startState(const Scheduler& scheduler, double strength)
{
    const at::Tensor noise = column([](double v) { return std::sin(v); }, 1.0, 0.0);
    if (strength >= 1.0) return noise * scheduler.initNoiseSigma();
    return scheduler.addNoise(column([](double v) { return std::cos(v); }, 1.0, 0.0), noise, scheduler.firstStep());
}

// Values of one reference tensor, taken one after another.
class ReferenceValues {
public:
    ReferenceValues(const SafetensorsFile& file, const QByteArray& name)
    {
        const TensorEntry* entry = file.find(name.toStdString());
        if (entry == nullptr) return;
        m_values.resize(entry->elementCount());
        if (!file.read(*entry, std::as_writable_bytes(std::span(m_values)))) m_values.clear();
    }
    [[nodiscard]] bool has(std::size_t count) const { return m_next + count <= m_values.size(); }
    [[nodiscard]] double next() { return m_values[m_next++]; }
    [[nodiscard]] bool isUsedUp() const { return !m_values.empty() && m_next == m_values.size(); }

private:
    std::vector<float> m_values;
    std::size_t m_next = 0;
};

// The largest error of `values` relative to the reference's next values; infinite when there are too few.
double gridError(const std::vector<double>& values, ReferenceValues& reference)
{
    if (!reference.has(values.size())) return HUGE_VAL;
    double worst = 0;
    for (const double value : values) {
        const double expected = reference.next();
        worst = std::max(worst, std::abs(value - expected) / std::max(std::abs(expected), 1e-3));
    }
    return worst;
}

double stateError(const at::Tensor& state, ReferenceValues& reference)
{
    if (!reference.has(4)) return HUGE_VAL;
    const float* values = state.const_data_ptr<float>();
    double largest = 0;
    double worst = 0;
    for (int j = 0; j < 4; ++j) {
        const double expected = reference.next();
        largest = std::max(largest, std::abs(expected));
        const double difference = std::abs(static_cast<double>(values[j]) - expected);
        worst = std::isnan(difference) ? HUGE_VAL : std::max(worst, difference);
    }
    return worst / largest;
}

} // namespace

class TstSchedulerParity : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        Result<SafetensorsFile> file = SafetensorsFile::open(SFUMATO_SOURCE_DIR "/tests/parity/references/schedulers.safetensors");
        QVERIFY2(file.has_value(), file ? "" : file.error().message.c_str());
        m_file.emplace(std::move(*file));
    }

    void grids_equalDiffusers_data() { addRows(); }
    void grids_equalDiffusers()
    {
        QFETCH(QByteArray, name);
        QFETCH(int, prediction);
        const Prediction& model = kPredictions[static_cast<std::size_t>(prediction)];
        const auto scheduler = createScheduler(*findScheduler(name.toStdString()), model.settings);
        ReferenceValues timesteps(*m_file, name + '/' + model.gridLabel + "/timesteps");
        ReferenceValues sigmas(*m_file, name + '/' + model.gridLabel + "/sigmas");
        for (const int steps : kStepCounts) {
            if (!scheduler->setTimesteps(steps, 1.0)) {
                QCOMPARE(name, QByteArray("lcm"));
                continue;
            }
            QCOMPARE(scheduler->timesteps().size(), static_cast<std::size_t>(steps));
            const double timestepError = gridError(scheduler->timesteps(), timesteps);
            const double sigmaError = gridError(scheduler->sigmas(), sigmas);
            QVERIFY2(timestepError <= kGridTolerance, qPrintable(QStringLiteral("%1 steps: timesteps off by %2").arg(steps).arg(timestepError)));
            QVERIFY2(sigmaError <= kGridTolerance, qPrintable(QStringLiteral("%1 steps: sigmas off by %2").arg(steps).arg(sigmaError)));
        }
        QVERIFY(timesteps.isUsedUp());
        QVERIFY(sigmas.isUsedUp());
    }

    void trajectories_equalDiffusers_data() { addRows(); }
    void trajectories_equalDiffusers()
    {
        QFETCH(QByteArray, name);
        QFETCH(int, prediction);
        const Prediction& model = kPredictions[static_cast<std::size_t>(prediction)];
        const auto scheduler = createScheduler(*findScheduler(name.toStdString()), model.settings);
        ReferenceValues states(*m_file, name + '/' + model.label + "/states");
        double worst = 0;
        for (const int steps : kStepCounts) {
            for (const double strength : kStrengths) {
                if (!scheduler->setTimesteps(steps, strength)) continue;
                const double error = runError(*scheduler, strength, states);
                QVERIFY2(error <= kTrajectoryTolerance,
                    qPrintable(QStringLiteral("%1 steps at strength %2: off by %3").arg(steps).arg(strength).arg(error)));
                worst = std::max(worst, error);
            }
        }
        QVERIFY(states.isUsedUp());
        qInfo("largest relative error %.2g", worst);
    }

private:
    static void addRows()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<int>("prediction");
        for (const SchedulerName& name : schedulerNames()) {
            const QByteArray text(name.name.data(), static_cast<qsizetype>(name.name.size()));
            for (int i = 0; i < static_cast<int>(kPredictions.size()); ++i) {
                QTest::addRow("%s %s", text.constData(), kPredictions[static_cast<std::size_t>(i)].label) << text << i;
            }
        }
    }

    static double runError(Scheduler& scheduler, double strength, ReferenceValues& states)
    {
        ScriptedNoise noise;
        at::Tensor x = startState(scheduler, strength);
        double worst = 0;
        for (int i = scheduler.firstStep(); i < static_cast<int>(scheduler.timesteps().size()); ++i) {
            const double timestep = scheduler.timesteps()[static_cast<std::size_t>(i)];
            x = scheduler.step(analyticModel(scheduler.scaleModelInput(x, i), timestep), i, x, noise);
            worst = std::max(worst, stateError(x, states));
        }
        return worst;
    }

    std::optional<SafetensorsFile> m_file;
};

QTEST_APPLESS_MAIN(TstSchedulerParity)
#include "tst_scheduler_parity.moc"
