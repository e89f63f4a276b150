// Every scheduler name that diffusers has against it: grids and whole trajectories on an analytic model. The rule and the reference values are those
// of tests/parity/make_scheduler_references.py.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/safetensors_file.h"
#include "core/engine/sampling/scheduler.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/tensor.h>

#include <QTest>

#include <array>
#include <cmath>
#include <initializer_list>

using namespace sfumato;
using namespace sfumato::engine;

namespace {

constexpr std::array kStrengths{ 1.0, 0.6, 0.3 };
// Where the references were computed only rounding is left. On other processors diffusers itself gives other float32 numbers: levels with zero terminal SNR differ by up to
// 1e-5, normal draws in their last digits, logarithms by a hundredth of a timestep between the timesteps 0 and 1.
constexpr double kGridTolerance = 1e-6; // relative
constexpr double kZeroSnrGridTolerance = 2e-5;
constexpr double kCancelledGridTolerance = 1e-2;  // DPM2 a from the highest level to the lowest in one step: what is left below it cancels out in float32
constexpr double kSmallestMiddleTimestep = 50;    // the relative error of those below counts as if they were this large
constexpr double kMiddleTimestepTolerance = 3e-4; // of a timestep in the middle of a step: the reference takes its logarithms in float32
// Of states, relative to their largest element. The reference computes the middle of DPM2's steps and the coefficients of LMS (by numerical
// integration), DPM++ SDE and DEIS through float32 logarithms, here they are computed in double or exactly; what is left is its rounding.
constexpr double kTrajectoryTolerance = 2e-6;
constexpr double kMiddleTolerance = 4e-6;
constexpr double kCoefficientTolerance = 3e-5;
constexpr double kOtherProcessorFactor = 4;       // of those above
constexpr double kOtherProcessorTolerance = 1e-3; // of what draws noise or begins at zero terminal SNR

bool startsWithOneOf(const QByteArray& name, std::initializer_list<const char*> heads)
{
    return std::ranges::any_of(heads, [&](const char* head) { return name.startsWith(head); });
}

double gridTolerance(const QByteArray& name, bool hasZeroSnr, bool isReferenceProcessor)
{
    if (isReferenceProcessor) return kGridTolerance;
    if (name.startsWith("dpm2_a_linspace")) return kCancelledGridTolerance;
    return hasZeroSnr ? kZeroSnrGridTolerance : kGridTolerance;
}

double trajectoryTolerance(const QByteArray& name, bool hasZeroSnr, bool isReferenceProcessor)
{
    const bool isPrecise = !startsWithOneOf(name, { "lms", "dpmpp_sde", "deis" });
    // A stride back to timestep 0 divides by the small noise that is left there.
    const double tolerance = isPrecise ? startsWithOneOf(name, { "dpm2", "tcd_eta1" }) ? kMiddleTolerance : kTrajectoryTolerance : kCoefficientTolerance;
    if (isReferenceProcessor) return tolerance;
    const bool isSensitive = hasZeroSnr || startsWithOneOf(name, { "euler_a", "dpmpp_2m_sde", "dpmpp_sde", "dpm2_a", "lcm", "tcd" });
    return isSensitive ? kOtherProcessorTolerance : kOtherProcessorFactor * tolerance;
}

// A file of references: which names, and at which step counts.
struct ReferenceSet {
    const char* file;
    std::size_t names;
    std::size_t predictions;
    std::vector<int> stepCounts;
};

const std::array kSets{
    ReferenceSet{ "schedulers", 25, 3, { 1, 2, 3, 4, 10, 20, 25, 30, 50, 100 } },
    ReferenceSet{ "schedulers_more", 86, 2, { 1, 2, 3, 10, 25 } },
    ReferenceSet{ "schedulers_few_steps", 9, 4, { 1, 2, 4, 8 } },
};

struct ModelKind {
    const char* label;
    const char* gridLabel;
    NoiseScheduleSettings settings;
};

const std::array kModelKinds{
    ModelKind{ "epsilon", "epsilon", { PredictionType::Epsilon, false } },
    ModelKind{ "v", "epsilon", { PredictionType::VPrediction, false } },
    ModelKind{ "v_zero_snr", "v_zero_snr", { PredictionType::VPrediction, true } },
    ModelKind{ "sample", "epsilon", { PredictionType::Sample, false } },
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
    return scheduler.addNoise(column([](double v) { return std::cos(v); }, 1.0, 0.0), noise, scheduler.firstCall());
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

// The same for timesteps, of which those in the middle of a step may differ by kMiddleTimestepTolerance.
double timestepError(const Scheduler& scheduler, ReferenceValues& reference)
{
    if (!reference.has(scheduler.timesteps().size())) return HUGE_VAL;
    double worst = 0;
    for (int i = 0; i < scheduler.callCount(); ++i) {
        const double expected = reference.next();
        const double difference = std::abs(scheduler.timesteps()[static_cast<std::size_t>(i)] - expected);
        const bool isMiddle = !scheduler.beginsStep(i) || !scheduler.endsStep(i);
        const double error = isMiddle ? difference * kGridTolerance / kMiddleTimestepTolerance / std::max(std::abs(expected), kSmallestMiddleTimestep) : difference / std::max(std::abs(expected), 1e-3);
        worst = std::max(worst, error);
    }
    return worst;
}

// Errors of states, each relative to the state's largest element.
struct StateErrors {
    double largest = 0;
    double sumOfSquares = 0;
    int values = 0;

    void add(const at::Tensor& state, ReferenceValues& reference);
    [[nodiscard]] double rms() const { return std::sqrt(sumOfSquares / std::max(values, 1)); }
};

void StateErrors::add(const at::Tensor& state, ReferenceValues& reference)
{
    if (!reference.has(4)) {
        largest = HUGE_VAL;
        return;
    }
    const float* found = state.const_data_ptr<float>();
    std::array<double, 4> expected{};
    double scale = 0;
    for (double& value : expected) {
        value = reference.next();
        scale = std::max(scale, std::abs(value));
    }
    for (std::size_t j = 0; j < expected.size(); ++j) {
        const double error = std::abs(static_cast<double>(found[j]) - expected[j]) / scale;
        largest = std::isnan(error) ? HUGE_VAL : std::max(largest, error);
        sumOfSquares += error * error;
        ++values;
    }
}

} // namespace

class TstSchedulerParity : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        for (const ReferenceSet& set : kSets) {
            const std::string path = std::string(SFUMATO_SOURCE_DIR "/tests/parity/references/") + set.file + ".safetensors";
            Result<SafetensorsFile> file = SafetensorsFile::open(path);
            QVERIFY2(file.has_value(), file ? "" : file.error().message.c_str());
            m_files.push_back(std::move(*file));
        }
        m_isReferenceProcessor = hasReferencesZeroSnrLevels();
        if (!m_isReferenceProcessor) qInfo("The references were computed on another kind of processor: limits are those of its rounding.");
    }

    void references_areAllUsed()
    {
        std::array<std::size_t, kSets.size()> found{};
        for (const SchedulerName& name : allSchedulers()) {
            for (std::size_t set = 0; set < kSets.size(); ++set) found[set] += m_files[set].find(name.name + "/epsilon/states") != nullptr;
        }
        for (std::size_t set = 0; set < kSets.size(); ++set) QCOMPARE(found[set], kSets[set].names);
    }

    void grids_equalDiffusers_data() { addRows(); }
    void grids_equalDiffusers()
    {
        QFETCH(QByteArray, name);
        QFETCH(int, prediction);
        QFETCH(int, set);
        const ModelKind& model = kModelKinds[static_cast<std::size_t>(prediction)];
        const auto scheduler = createScheduler(*findScheduler(name.toStdString()), model.settings);
        const double tolerance = gridTolerance(name, model.settings.zeroTerminalSnr, m_isReferenceProcessor);
        ReferenceValues timesteps(file(set), name + '/' + model.gridLabel + "/timesteps");
        ReferenceValues sigmas(file(set), name + '/' + model.gridLabel + "/sigmas");
        for (const int steps : kSets[static_cast<std::size_t>(set)].stepCounts) {
            if (!hasReference(name, steps) || !scheduler->setTimesteps(steps, 1.0)) continue;
            QCOMPARE(scheduler->stepsIn(scheduler->firstCall(), scheduler->callCount()), steps);
            const double timestepsOff = timestepError(*scheduler, timesteps);
            const double sigmasOff = gridError(scheduler->sigmas(), sigmas);
            QVERIFY2(timestepsOff <= tolerance, qPrintable(QStringLiteral("%1 steps: timesteps off by %2").arg(steps).arg(timestepsOff)));
            QVERIFY2(sigmasOff <= tolerance, qPrintable(QStringLiteral("%1 steps: sigmas off by %2").arg(steps).arg(sigmasOff)));
        }
        QVERIFY(timesteps.isUsedUp());
        QVERIFY(sigmas.isUsedUp());
    }

    void trajectories_equalDiffusers_data() { addRows(); }
    void trajectories_equalDiffusers()
    {
        QFETCH(QByteArray, name);
        QFETCH(int, prediction);
        QFETCH(int, set);
        const ModelKind& model = kModelKinds[static_cast<std::size_t>(prediction)];
        const auto scheduler = createScheduler(*findScheduler(name.toStdString()), model.settings);
        ReferenceValues states(file(set), name + '/' + model.label + "/states");
        const double tolerance = trajectoryTolerance(name, model.settings.zeroTerminalSnr, m_isReferenceProcessor);
        StateErrors errors;
        for (const int steps : kSets[static_cast<std::size_t>(set)].stepCounts) {
            for (const double strength : kStrengths) {
                if (!hasReference(name, steps) || !scheduler->setTimesteps(steps, strength)) continue;
                runAgainst(*scheduler, strength, states, errors);
                QVERIFY2(errors.largest <= tolerance, qPrintable(QStringLiteral("%1 steps at strength %2: off by %3").arg(steps).arg(strength).arg(errors.largest)));
            }
        }
        QVERIFY(states.isUsedUp());
        qInfo("largest relative error %.1e, RMS %.1e", errors.largest, errors.rms());
    }

private:
    // The levels that depend most on the processor's float32.
    bool hasReferencesZeroSnrLevels()
    {
        const auto scheduler = createScheduler(*findScheduler("euler"), { PredictionType::VPrediction, true });
        ReferenceValues sigmas(file(0), "euler/v_zero_snr/sigmas");
        for (const int steps : kSets.front().stepCounts) {
            if (!scheduler->setTimesteps(steps, 1.0) || gridError(scheduler->sigmas(), sigmas) > kGridTolerance) return false;
        }
        return true;
    }

    [[nodiscard]] const SafetensorsFile& file(int set) const { return m_files[static_cast<std::size_t>(set)]; }

    // Align-Your-Steps is published for 10 steps; a single linspace step of the reference begins at timestep 0, but for the multistep solvers.
    static bool hasReference(const QByteArray& name, int steps)
    {
        if (name.endsWith("_ays")) return steps == 10;
        const bool isMultistep = name.startsWith("dpmpp_2m") || name.startsWith("unipc") || name.startsWith("deis");
        return steps > 1 || isMultistep || !name.contains("_linspace");
    }

    void addRows() const
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<int>("prediction");
        QTest::addColumn<int>("set");
        for (const SchedulerName& name : allSchedulers()) {
            for (std::size_t set = 0; set < kSets.size(); ++set) {
                if (m_files[set].find(name.name + "/epsilon/states") == nullptr) continue;
                for (std::size_t i = 0; i < kSets[set].predictions; ++i) {
                    QTest::addRow("%s %s %s", name.name.c_str(), kModelKinds[i].label, kSets[set].file) << QByteArray::fromStdString(name.name) << static_cast<int>(i) << static_cast<int>(set);
                }
            }
        }
    }

    static void runAgainst(Scheduler& scheduler, double strength, ReferenceValues& states, StateErrors& errors)
    {
        ScriptedNoise noise;
        at::Tensor x = startState(scheduler, strength);
        for (int i = scheduler.firstCall(); i < scheduler.callCount(); ++i) {
            const double timestep = scheduler.timesteps()[static_cast<std::size_t>(i)];
            x = scheduler.step(analyticModel(scheduler.scaleModelInput(x, i), timestep), i, x, noise);
            errors.add(x, states);
        }
    }

    std::vector<SafetensorsFile> m_files;
    bool m_isReferenceProcessor = false;
};

QTEST_APPLESS_MAIN(TstSchedulerParity)
#include "tst_scheduler_parity.moc"
