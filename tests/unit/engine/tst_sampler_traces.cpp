// Samplers and spacings against numbers that other programs gave: whole runs on analytic models and schedules of 20 steps.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/scheduler.h"
#include "core/engine/sampling/sigma_grid.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/tensor.h>

#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <string_view>
#include <vector>

using namespace sfumato::engine;

namespace {

struct Trace {
    const char* name;
    int steps;
    std::array<double, 4> result;
    int calls;
    int draws;
};

// ComfyUI k_diffusion/sampling.py (the same as k-diffusion for these) and A1111 restart_sampler, in float64. The start is σ₀ · sin(j), j = 1..4;
// x₀(x, σ) = 0.9 · tanh(x / √(1 + σ²)) + 0.02 · ln(1 + σ); draw k is cos(1.7 · k + j), j = 0..3.
constexpr std::array kSigmaTraces{
    Trace{ "euler_normal", 10, { 0.54062751729, 0.551919537551, 0.19680954839, -0.50172069486 }, 10, 0 },
    Trace{ "euler_a_normal", 10, { 0.200389622127, 0.207483145396, 0.0457463794816, -0.123428040404 }, 10, 9 },
    Trace{ "heun_normal", 10, { -0.0341515362533, -0.0486158430008, 0.0862132213722, -0.0102752194977 }, 19, 0 },
    Trace{ "dpm2_normal", 10, { 0.340632073284, 0.345319980855, 0.15716511659, -0.327640002326 }, 19, 0 },
    Trace{ "dpm2_a_normal", 10, { -0.0372255588295, -0.0808904967848, -0.0317128489848, 0.00412250892146 }, 19, 9 },
    Trace{ "dpmpp_2s_a_normal", 10, { 0.187282118306, 0.18831069713, 0.0336421590197, -0.12204409085 }, 19, 9 },
    Trace{ "dpmpp_sde_normal", 10, { 0.138250734681, 0.0657282208853, -0.0628152126132, -0.0854142360175 }, 19, 18 },
    Trace{ "dpmpp_2m_normal", 10, { 0.489035170032, 0.498610646873, 0.199740475323, -0.461552292738 }, 10, 0 },
    Trace{ "dpmpp_2m_sde_normal", 10, { 0.269220216258, 0.552225126863, 0.414330931674, -0.123492051449 }, 10, 9 },
    Trace{ "dpmpp_3m_sde_normal", 10, { 0.895856568299, 0.900414846852, 0.867552281353, -0.884841128672 }, 10, 9 },
    Trace{ "euler_linspace_karras", 10, { 0.49071376281, 0.501033818826, 0.182155581141, -0.455884879392 }, 10, 0 },
    Trace{ "euler_a_linspace_karras", 10, { 0.192031076327, 0.137075704415, -0.0348796533043, -0.136800449096 }, 10, 9 },
    Trace{ "heun_linspace_karras", 10, { 0.41968423858, 0.428499715167, 0.16719032237, -0.392969730038 }, 19, 0 },
    Trace{ "dpm2_linspace_karras", 10, { 0.439602733478, 0.448877723762, 0.172867808408, -0.41107452801 }, 19, 0 },
    Trace{ "dpm2_a_linspace_karras", 10, { 0.133885922814, 0.103753321939, -0.0207845770062, -0.100172390733 }, 19, 9 },
    Trace{ "dpmpp_2s_a_karras", 10, { 0.166492446317, 0.124274388418, -0.0277657629854, -0.121347811943 }, 19, 9 },
    Trace{ "dpmpp_sde_linspace_karras", 10, { 0.0734284000523, 0.0708608906239, 0.00508027049063, -0.0196446629721 }, 19, 18 },
    Trace{ "dpmpp_2m_karras", 10, { 0.458616154528, 0.467882970355, 0.182185179976, -0.430426748925 }, 10, 0 },
    Trace{ "dpmpp_2m_sde_karras", 10, { 0.147795874012, 0.087193351807, -0.0416097117683, -0.106031127092 }, 10, 9 },
    Trace{ "dpmpp_3m_sde_karras", 10, { -0.152812858352, -0.17324640179, -0.0453524793485, 0.168947849651 }, 10, 9 },
    Trace{ "restart", 10, { 0.41968423858, 0.428499715167, 0.16719032237, -0.392969730038 }, 19, 0 },
    Trace{ "restart", 20, { 0.454711338881, 0.393541798861, -0.206925415957, -0.441861168011 }, 39, 1 },
    Trace{ "restart", 40, { 0.200699168256, -0.314676229867, -0.409131517075, -0.241552872056 }, 79, 2 },
};

// ComfyUI's CFG++ samplers, the same, with the unconditional x₀(x, σ) = 0.5 · tanh(x / √(1 + σ²)) − 0.01 · ln(1 + σ).
constexpr std::array kCfgPlusPlusTraces{
    Trace{ "euler_cfg_pp", 10, { 0.664851900095, 0.668302253805, 0.481628528249, -0.636591888501 }, 10, 0 },
    Trace{ "euler_a_cfg_pp", 10, { 0.360114786828, 0.315391957298, 0.00634021548982, -0.220467068593 }, 10, 9 },
    Trace{ "dpmpp_2s_a_cfg_pp", 10, { 0.355568786242, 0.30859523316, -0.0217422794586, -0.239748398037 }, 19, 9 },
    Trace{ "dpmpp_2m_cfg_pp", 10, { 0.857728201335, 0.858396684375, 0.817125210008, -0.844976967086 }, 10, 0 },
    Trace{ "euler_cfg_pp_karras", 10, { 0.679871838653, 0.684243653843, 0.456251560605, -0.649827952455 }, 10, 0 },
    Trace{ "euler_a_cfg_pp_karras", 10, { 0.293101500322, 0.230576411849, -0.0304376027514, -0.198940874011 }, 10, 9 },
    Trace{ "dpmpp_2s_a_cfg_pp_karras", 10, { 0.347262846008, 0.29726118953, -0.0270797503237, -0.254608482179 }, 19, 9 },
    Trace{ "dpmpp_2m_cfg_pp_karras", 10, { 0.766013452333, 0.768048205192, 0.66043378265, -0.745720657913 }, 10, 0 },
};

// diffusers 0.42.1. The start is init_noise_sigma · sin(j); the prediction 0.7 · tanh(input) + 0.1 · sin(0.01 · t); draws as above.
constexpr std::array kDiffusersTraces{
    Trace{ "euler_trailing", 4, { 4.8506066, 5.5641697, 0.32832922, -3.3378415 }, 4, 0 },
    Trace{ "euler_linspace", 10, { 4.1012318, 4.8224722, 0.17783638, -3.3105698 }, 10, 0 },
    Trace{ "heun", 10, { 1.9664965, 2.3526904, 0.097139122, -2.0197908 }, 19, 0 },
    Trace{ "heun_karras", 10, { 1.9654923, 2.3518183, 0.095493468, -2.025128 }, 19, 0 },
    Trace{ "dpm2", 10, { 1.9398531, 2.3216403, 0.09569314, -2.0482053 }, 19, 0 },
    Trace{ "dpm2_a", 10, { 1.1396862, 0.49733756, -0.10299132, -1.605492 }, 19, 9 },
    Trace{ "lms", 10, { 2.0799872, 2.4734622, 0.10649997, -2.1067938 }, 10, 0 },
    Trace{ "pndm", 10, { 1.9260249, 2.3071926, 0.07998238, -2.0840718 }, 11, 0 },
    Trace{ "dpmpp_2m_linspace", 10, { 3.68499, 4.4124152, 0.10959381, -3.2686097 }, 10, 0 },
    Trace{ "deis", 10, { 2.028632, 2.4195313, 0.07415943, -2.1314309 }, 10, 0 },
    Trace{ "lcm", 4, { 4.5880274, 2.5687294, -0.29427784, -3.1273847 }, 4, 3 },
    Trace{ "lcm", 8, { 0.063432517, -0.084243668, 0.0059436788, -0.03389791 }, 8, 7 },
    Trace{ "tcd", 4, { 6.3243341, 4.5923812, -0.38243308, -4.8220096 }, 4, 3 },
    Trace{ "euler_ays", 10, { 4.3412986, 5.0673112, 0.22530527, -3.3175589 }, 10, 0 },
    Trace{ "dpmpp_2m_ays", 10, { 4.0669697, 4.8045398, 0.19041348, -3.2001668 }, 10, 0 },
};

// Of DPM++ 2M SDE and the ancestral Euler the others leave out the last draw, which is multiplied by 0.
constexpr std::array<std::string_view, 2> kDrawsAtTheEnd{ "dpmpp_2m_sde", "euler_a" };

struct Schedule {
    const char* name;
    bool isSigmas; // else timesteps
    std::array<double, 20> values;
};

// diffusers, ComfyUI and A1111, float64, six decimals.
constexpr std::array kSchedules{
    Schedule{ "euler_linspace", false, { 999, 946.421053, 893.842105, 841.263158, 788.684211, 736.105263, 683.526316, 630.947368, 578.368421, 525.789474, 473.210526, 420.631579, 368.052632, 315.473684, 262.894737, 210.315789, 157.736842, 105.157895, 52.578947, 0 } },
    Schedule{ "euler_trailing", false, { 999, 949, 899, 849, 799, 749, 699, 649, 599, 549, 499, 449, 399, 349, 299, 249, 199, 149, 99, 49 } },
    Schedule{ "euler", false, { 951, 901, 851, 801, 751, 701, 651, 601, 551, 501, 451, 401, 351, 301, 251, 201, 151, 101, 51, 1 } },
    Schedule{ "dpmpp_2m_linspace", false, { 999, 949, 899, 849, 799, 749, 699, 649, 599, 549, 500, 450, 400, 350, 300, 250, 200, 150, 100, 50 } },
    Schedule{ "dpmpp_2s_a_karras", true, { 14.614641, 11.725365, 9.340203, 7.383617, 5.789412, 4.499835, 3.464747, 2.640840, 1.990915, 1.483211, 1.090786, 0.790946, 0.564721, 0.396390, 0.273038, 0.184168, 0.121341, 0.077860, 0.048481, 0.029167 } },
    Schedule{ "dpmpp_2s_a_karras", false, { 999, 961.732739, 921.041934, 876.313566, 826.790311, 771.551610, 709.529253, 639.614091, 560.974557, 473.747946, 380.130584, 285.316329, 197.079444, 123.394282, 69.256301, 34.697020, 15.481343, 5.991717, 1.782902, 0.000000 } },
    Schedule{ "dpmpp_2m_karras", false, { 999, 962, 921, 876, 827, 772, 710, 640, 561, 474, 380, 285, 197, 123, 69, 35, 15, 6, 2, 0 } },
    Schedule{ "euler_karras", true, { 11.028331, 8.979169, 7.265430, 5.840054, 4.661416, 3.692845, 2.902165, 2.261271, 1.745729, 1.334404, 1.009111, 0.754302, 0.556759, 0.405329, 0.290669, 0.205016, 0.141976, 0.096339, 0.063901, 0.041314 } },
    Schedule{ "dpmpp_3m_sde_exponential", true, { 14.614641, 10.536308, 7.596067, 5.476324, 3.948112, 2.846359, 2.052060, 1.479416, 1.066573, 0.768937, 0.554359, 0.399661, 0.288132, 0.207727, 0.149759, 0.107967, 0.077838, 0.056117, 0.040457, 0.029167 } },
    Schedule{ "dpmpp_3m_sde_polyexponential", true, { 14.614641, 10.536308, 7.596067, 5.476324, 3.948112, 2.846359, 2.052060, 1.479416, 1.066573, 0.768937, 0.554359, 0.399661, 0.288132, 0.207727, 0.149759, 0.107967, 0.077838, 0.056117, 0.040457, 0.029167 } },
    Schedule{ "euler_normal", true, { 14.614641, 10.746802, 8.081519, 6.204934, 4.855653, 3.865379, 3.123762, 2.557166, 2.115658, 1.764823, 1.480581, 1.245813, 1.048142, 0.878428, 0.729719, 0.596434, 0.473585, 0.355545, 0.232164, 0.029167 } },
    Schedule{ "euler_sgm_uniform", true, { 14.614641, 10.907318, 8.307172, 6.447688, 5.092408, 4.086081, 3.325069, 2.739083, 2.279730, 1.913210, 1.615580, 1.369643, 1.162865, 0.985955, 0.831884, 0.695150, 0.571189, 0.455736, 0.343705, 0.225452 } },
    Schedule{ "dpmpp_2m_sgm_uniform", true, { 14.614641, 10.907318, 8.307172, 6.447688, 5.092408, 4.086081, 3.325069, 2.739083, 2.279730, 1.913210, 1.615580, 1.369643, 1.162865, 0.985955, 0.831884, 0.695150, 0.571189, 0.455736, 0.343705, 0.225452 } },
    Schedule{ "dpmpp_2m_simple", false, { 999, 949, 899, 849, 799, 749, 699, 649, 599, 549, 499, 449, 399, 349, 299, 249, 199, 149, 99, 49 } },
    Schedule{ "dpmpp_2m_beta", true, { 14.614641, 14.415242, 13.986321, 13.392737, 12.667440, 11.835501, 10.918622, 9.936795, 8.909074, 7.853992, 6.789817, 5.734734, 4.707013, 3.725186, 2.808307, 1.976368, 1.251072, 0.657487, 0.228566, 0.029167 } },
};
constexpr std::array kAysOfTwenty{ 14.615000, 9.397145, 6.145939, 4.685299, 3.559794, 2.668496, 2.020018, 1.564421, 1.222587, 0.968497, 0.767693, 0.608904, 0.492428, 0.403421, 0.317838, 0.246253, 0.172229, 0.117413, 0.059331, 0.029000 };
constexpr double kScheduleTolerance = 2e-5; // relative: the tables of the training schedule are float32
constexpr double kTraceTolerance = 1.5e-5;  // relative to the largest element, or to 1, the size of x₀: solved in float32 here
constexpr double kDiffusersTolerance = 1e-5;

at::Tensor column(const std::array<double, 4>& values)
{
    return at::tensor(at::ArrayRef<double>(values.data(), values.size())).to(at::kFloat).reshape({ 1, 4, 1, 1 });
}

at::Tensor sines()
{
    return column({ std::sin(1.0), std::sin(2.0), std::sin(3.0), std::sin(4.0) });
}

class ScriptedNoise final : public NoiseSource {
public:
    [[nodiscard]] at::Tensor draw(at::IntArrayRef /*shape*/) override
    {
        const double phase = 1.7 * m_requests++;
        return column({ std::cos(phase), std::cos(phase + 1), std::cos(phase + 2), std::cos(phase + 3) });
    }
    [[nodiscard]] int requests() const { return m_requests; }

private:
    int m_requests = 0;
};

using Model = std::function<Prediction(const at::Tensor& input, double timestep, double sigma)>;

// The prediction whose x₀ is a · tanh(input) + b · ln(1 + σ).
at::Tensor noiseOfDenoised(const at::Tensor& input, double sigma, double a, double b)
{
    const at::Tensor seen = input.to(at::kDouble);
    const at::Tensor denoised = at::tanh(seen) * a + b * std::log1p(sigma);
    return ((seen * std::sqrt(1.0 + sigma * sigma) - denoised) / sigma).to(at::kFloat);
}

Prediction noiseOfKnownDenoised(const at::Tensor& input, double /*timestep*/, double sigma)
{
    return { noiseOfDenoised(input, sigma, 0.9, 0.02), noiseOfDenoised(input, sigma, 0.5, -0.01) };
}

Prediction wave(const at::Tensor& input, double timestep, double /*sigma*/)
{
    return at::tanh(input) * 0.7 + 0.1 * std::sin(0.01 * timestep);
}

at::Tensor run(Scheduler& scheduler, at::Tensor x, const Model& model, NoiseSource& noise)
{
    for (int i = scheduler.firstCall(); i < scheduler.callCount(); ++i) {
        const auto call = static_cast<std::size_t>(i);
        x = scheduler.step(model(scheduler.scaleModelInput(x, i), scheduler.timesteps()[call], scheduler.sigmas()[call]), i, x, noise);
    }
    return x;
}

double relativeError(const at::Tensor& x, const std::array<double, 4>& expected, double leastScale)
{
    double worst = 0, largest = leastScale;
    for (std::size_t j = 0; j < expected.size(); ++j) {
        worst = std::max(worst, std::abs(static_cast<double>(x.const_data_ptr<float>()[j]) - expected[j]));
        largest = std::max(largest, std::abs(expected[j]));
    }
    return worst / largest;
}

bool drawsAtTheEnd(std::string_view name)
{
    if (name.find("cfg_pp") != std::string_view::npos) return false;
    return std::ranges::any_of(kDrawsAtTheEnd, [name](std::string_view start) { return name.starts_with(start); });
}

} // namespace

class TstSamplerTraces : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sigmaSpaceSamplers_equalTheirTraces_data()
    {
        addRows(kSigmaTraces.size(), [](std::size_t i) { return kSigmaTraces[i]; });
    }
    void sigmaSpaceSamplers_equalTheirTraces() { compareSigmaTrace(kSigmaTraces); }

    void cfgPlusPlus_equalsItsTraces_data()
    {
        addRows(kCfgPlusPlusTraces.size(), [](std::size_t i) { return kCfgPlusPlusTraces[i]; });
    }
    void cfgPlusPlus_equalsItsTraces() { compareSigmaTrace(kCfgPlusPlusTraces); }

    void schedulers_equalTheirTraces_data()
    {
        addRows(kDiffusersTraces.size(), [](std::size_t i) { return kDiffusersTraces[i]; });
    }
    void schedulers_equalTheirTraces()
    {
        QFETCH(int, row);
        const Trace& trace = kDiffusersTraces[static_cast<std::size_t>(row)];
        const auto scheduler = createScheduler(*findScheduler(trace.name), {});
        QVERIFY(scheduler->setTimesteps(trace.steps, 1.0).has_value());
        QCOMPARE(scheduler->callCount(), trace.calls);
        ScriptedNoise noise;
        const at::Tensor x = run(*scheduler, sines() * scheduler->initNoiseSigma(), wave, noise);
        const double error = relativeError(x, trace.result, 0.0);
        QVERIFY2(error <= kDiffusersTolerance, qPrintable(QStringLiteral("off by %1").arg(error)));
        QCOMPARE(noise.requests(), trace.draws);
        qInfo("relative error %.2g", error);
    }

    void schedules_equalOtherPrograms_data()
    {
        QTest::addColumn<int>("row");
        for (std::size_t i = 0; i < kSchedules.size(); ++i) QTest::addRow("%s %s", kSchedules[i].name, kSchedules[i].isSigmas ? "sigmas" : "timesteps") << static_cast<int>(i);
    }
    void schedules_equalOtherPrograms()
    {
        QFETCH(int, row);
        const Schedule& schedule = kSchedules[static_cast<std::size_t>(row)];
        const auto scheduler = createScheduler(*findScheduler(schedule.name), {});
        QVERIFY(scheduler->setTimesteps(20, 1.0).has_value());
        // Calls in the middle of a step are not part of the schedule.
        std::vector<double> values;
        for (int i = 0; i < scheduler->callCount(); ++i) {
            if (!scheduler->beginsStep(i)) continue;
            values.push_back((schedule.isSigmas ? scheduler->sigmas() : scheduler->timesteps())[static_cast<std::size_t>(i)]);
        }
        QCOMPARE(values.size(), schedule.values.size());
        const double leastScale = schedule.isSigmas ? 0.1 : 100.0;
        for (std::size_t i = 0; i < values.size(); ++i) QVERIFY2(isClose(values[i], schedule.values[i], leastScale), qPrintable(QStringLiteral("%1: %2").arg(i).arg(values[i])));
    }

    void alignYourSteps_interpolatesLogLinearly()
    {
        const std::vector<double> sigmas = alignYourStepsSigmas(ModelFamily::Sdxl, 20);
        QCOMPARE(sigmas.size(), kAysOfTwenty.size());
        for (std::size_t i = 0; i < sigmas.size(); ++i) QVERIFY(isClose(sigmas[i], kAysOfTwenty[i], 0.1));
    }

    // The tables differ between the families, and ten steps are the published timesteps.
    void alignYourSteps_isTheFamilysTable()
    {
        const std::vector<double> sd1{ 999, 850, 736, 645, 545, 455, 343, 233, 124, 24 };
        const std::vector<double> sdxl{ 999, 845, 730, 587, 443, 310, 193, 116, 53, 13 };
        for (const char* name : { "euler_ays", "dpmpp_2m_ays" }) {
            const auto small = createScheduler(*findScheduler(name), { PredictionType::Epsilon, false, ModelFamily::Sd1 });
            const auto large = createScheduler(*findScheduler(name), { PredictionType::Epsilon, false, ModelFamily::Sdxl });
            QVERIFY(small->setTimesteps(10, 1.0).has_value() && large->setTimesteps(10, 1.0).has_value());
            QCOMPARE(small->timesteps(), sd1);
            QCOMPARE(large->timesteps(), sdxl);
        }
    }

    // DMD2 was trained on these.
    void trailingLcm_isTheGridOfDmd2()
    {
        const auto scheduler = createScheduler(*findScheduler("lcm_trailing"), {});
        QVERIFY(scheduler->setTimesteps(4, 1.0).has_value());
        const std::vector<double> expected{ 999, 749, 499, 249 };
        QCOMPARE(scheduler->timesteps(), expected);
    }

private:
    template <std::size_t count>
    static void compareSigmaTrace(const std::array<Trace, count>& traces)
    {
        QFETCH(int, row);
        const Trace& trace = traces[static_cast<std::size_t>(row)];
        const auto scheduler = createScheduler(*findScheduler(trace.name), {});
        QVERIFY(scheduler->setTimesteps(trace.steps, 1.0).has_value());
        QCOMPARE(scheduler->callCount(), trace.calls);
        ScriptedNoise noise;
        const at::Tensor x = run(*scheduler, scheduler->addNoise(sines() * 0.0, sines(), 0), noiseOfKnownDenoised, noise);
        const double error = relativeError(x, trace.result, 1.0);
        QVERIFY2(error <= kTraceTolerance, qPrintable(QStringLiteral("off by %1").arg(error)));
        QCOMPARE(noise.requests(), trace.draws + (drawsAtTheEnd(trace.name) ? 1 : 0));
        qInfo("relative error %.2g", error);
    }

    static bool isClose(double value, double expected, double leastScale)
    {
        return std::abs(value - expected) <= kScheduleTolerance * std::max(std::abs(expected), leastScale);
    }

    static void addRows(std::size_t count, const std::function<Trace(std::size_t)>& trace)
    {
        QTest::addColumn<int>("row");
        for (std::size_t i = 0; i < count; ++i) QTest::addRow("%s %d", trace(i).name, trace(i).steps) << static_cast<int>(i);
    }
};

QTEST_APPLESS_MAIN(TstSamplerTraces)
#include "tst_sampler_traces.moc"
