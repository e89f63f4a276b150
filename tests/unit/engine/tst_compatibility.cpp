// The rules of A1111 and ComfyUI against numbers of theirs.
// SPDX-License-Identifier: Apache-2.0
#include "core/base/image.h"
#include "core/engine/pipeline/image_tensors.h"
#include "core/engine/pipeline/inpaint_mask.h"
#include "core/engine/sampling/philox_noise.h"
#include "core/engine/sampling/program_levels.h"
#include "core/engine/sampling/run_noise.h"
#include "core/engine/sampling/scheduler.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/full.h>

#include <QTest>

#include <array>
#include <cmath>

using namespace sfumato;
using namespace sfumato::engine;

namespace {

struct Levels {
    Compatibility program;
    const char* name;
    bool isSigmas; // else timesteps
    std::array<double, 20> values;
};

constexpr std::array kLevels{
    Levels{ Compatibility::A1111, "euler", true, { 14.614641, 10.746802, 8.081519, 6.204934, 4.855653, 3.865379, 3.123762, 2.557166, 2.115658, 1.764823, 1.480581, 1.245813, 1.048142, 0.878428, 0.729719, 0.596434, 0.473585, 0.355545, 0.232164, 0.029167 } },
    Levels{ Compatibility::ComfyUi, "euler_a", true, { 14.614641, 10.746802, 8.081519, 6.204934, 4.855653, 3.865379, 3.123762, 2.557166, 2.115658, 1.764823, 1.480581, 1.245813, 1.048142, 0.878428, 0.729719, 0.596434, 0.473585, 0.355545, 0.232164, 0.029167 } },
    Levels{ Compatibility::A1111, "euler_karras", true, { 14.614641, 11.725365, 9.340203, 7.383617, 5.789412, 4.499835, 3.464747, 2.640840, 1.990915, 1.483211, 1.090786, 0.790946, 0.564721, 0.396390, 0.273038, 0.184168, 0.121341, 0.077860, 0.048481, 0.029167 } },
    Levels{ Compatibility::A1111, "dpmpp_2m_karras", false, { 999, 961.732739, 921.041934, 876.313566, 826.790311, 771.551610, 709.529253, 639.614091, 560.974557, 473.747946, 380.130584, 285.316329, 197.079444, 123.394282, 69.256301, 34.697020, 15.481343, 5.991717, 1.782902, 0.000000 } },
    Levels{ Compatibility::ComfyUi, "dpmpp_2m_karras", false, { 999, 962, 921, 876, 827, 772, 710, 640, 561, 474, 380, 285, 197, 123, 69, 35, 15, 6, 2, 0 } },
    Levels{ Compatibility::ComfyUi, "heun_beta", false, { 999, 986, 959, 922, 876, 823, 765, 703, 637, 569, 500, 430, 362, 296, 234, 176, 123, 77, 40, 13 } },
    Levels{ Compatibility::A1111, "dpmpp_2m_beta", true, { 14.614641, 14.415242, 13.986321, 13.392737, 12.667440, 11.835501, 10.918622, 9.936795, 8.909074, 7.853992, 6.789817, 5.734734, 4.707013, 3.725186, 2.808307, 1.976368, 1.251072, 0.657487, 0.228566, 0.029167 } },
    Levels{ Compatibility::A1111, "dpmpp_2m_ays", true, { 14.615000, 9.397145, 6.145939, 4.685299, 3.559794, 2.668496, 2.020018, 1.564421, 1.222587, 0.968497, 0.767693, 0.608904, 0.492428, 0.403421, 0.317838, 0.246253, 0.172229, 0.117413, 0.059331, 0.029000 } },
};

std::unique_ptr<Scheduler> made(const char* name, Compatibility program, int steps, double strength = 1.0)
{
    auto scheduler = createScheduler(*findScheduler(name), { PredictionType::Epsilon, false, ModelFamily::Sdxl, program });
    return scheduler->setTimesteps(steps, strength, program) ? std::move(scheduler) : nullptr;
}

} // namespace

class TstCompatibility : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void levels_areThePrograms_data()
    {
        QTest::addColumn<int>("row");
        for (std::size_t i = 0; i < kLevels.size(); ++i) QTest::addRow("%d %s", static_cast<int>(kLevels[i].program), kLevels[i].name) << static_cast<int>(i);
    }
    void levels_areThePrograms()
    {
        QFETCH(int, row);
        const Levels& expected = kLevels[static_cast<std::size_t>(row)];
        const auto scheduler = made(expected.name, expected.program, 20);
        QVERIFY(scheduler);
        // Heun calls twice a step.
        const std::size_t stride = scheduler->callCount() > 20 ? 2 : 1;
        for (std::size_t i = 0; i < expected.values.size(); ++i) {
            const double value = expected.isSigmas ? scheduler->sigmas()[i * stride] : scheduler->timesteps()[i * stride];
            QVERIFY2(std::abs(value - expected.values[i]) <= 5e-5 * std::max(1.0, std::abs(expected.values[i])), qPrintable(QStringLiteral("%1: %2 for %3").arg(i).arg(value).arg(expected.values[i])));
        }
    }

    void lastLevel_isDroppedWhereTheProgramDoes()
    {
        const NoiseSchedule a1111({ .compatibility = Compatibility::A1111 }), comfy({ .compatibility = Compatibility::ComfyUi });
        const auto lowest = [](const NoiseSchedule& schedule, const char* name) { return programLevels(schedule, *findScheduler(name), 10).sigmas.back(); };
        const double kept = lowest(a1111, "euler"), dropped = lowest(a1111, "dpm2");
        QVERIFY(kept < 0.03 && dropped > 0.1);
        QVERIFY(lowest(a1111, "dpmpp_3m_sde") > 0.1 && lowest(comfy, "dpmpp_3m_sde") < 0.03);
        QVERIFY(lowest(comfy, "unipc") > 0.1 && lowest(a1111, "unipc") < 0.03);
        QCOMPARE(programLevels(a1111, *findScheduler("dpm2"), 10).sigmas.size(), std::size_t{ 10 });
    }

    void strength_countsAsTheProgramDoes()
    {
        const auto is = [](StepRange range, int total, int first) { return range.total == total && range.first == first; };
        QVERIFY(is(stepRange(Compatibility::Diffusers, 20, 0.5), 20, 10));
        QVERIFY(is(stepRange(Compatibility::A1111, 20, 0.5), 20, 9));
        QVERIFY(is(stepRange(Compatibility::A1111, 20, 1.0), 20, 0));
        QVERIFY(is(stepRange(Compatibility::A1111, 20, 0.01), 20, 19)); // one step runs always
        QVERIFY(is(stepRange(Compatibility::ComfyUi, 20, 0.5), 40, 20));
        QVERIFY(is(stepRange(Compatibility::ComfyUi, 20, 1.0), 20, 0));
        const auto scheduler = made("euler", Compatibility::ComfyUi, 20, 0.5);
        QCOMPARE(scheduler->stepsIn(scheduler->firstCall(), scheduler->callCount()), 20);
    }

    void start_isScaledAsTheProgramDoes()
    {
        QVERIFY(std::abs(made("euler", Compatibility::A1111, 20)->initNoiseSigma() - 14.614641) < 1e-4);
        QVERIFY(std::abs(made("euler", Compatibility::ComfyUi, 20)->initNoiseSigma() - std::sqrt(14.614641 * 14.614641 + 1.0)) < 1e-4);
        QVERIFY(std::abs(made("dpmpp_2m", Compatibility::A1111, 20)->initNoiseSigma() - 14.614641 / std::sqrt(14.614641 * 14.614641 + 1.0)) < 1e-6);
        QCOMPARE(made("dpmpp_2m", Compatibility::ComfyUi, 20)->initNoiseSigma(), 1.0);
    }

    void zeroTerminalSnr_endsWhereTheProgramsDo()
    {
        const auto highest = [](Compatibility program) { return static_cast<double>(NoiseSchedule({ PredictionType::VPrediction, true, ModelFamily::Sdxl, program }).sigmas().back()); };
        QVERIFY(std::abs(highest(Compatibility::Diffusers) - 4096.0) < 1.0);
        QVERIFY(std::abs(highest(Compatibility::ComfyUi) - 4518.76) < 0.1);
    }

    void noise_comesFromTheProgramsStreams()
    {
        const auto scheduler = made("euler_a", Compatibility::A1111, 10);
        const std::array<std::int64_t, 4> shape{ 1, 4, 8, 8 };
        const auto a1111 = [&](RunNoiseSettings settings) { return RunNoise(settings, 7, *scheduler); };
        PhiloxNoise card(7), shifted(7 + 31337);
        SeededNoise processor(std::uint64_t{ 7 }), next(std::uint64_t{ 8 });
        const at::Tensor cardFirst = card.draw(shape), cardSecond = card.draw(shape), processorFirst = processor.draw(shape), processorSecond = processor.draw(shape);

        RunNoise one = a1111({ Compatibility::A1111 });
        QVERIFY(at::equal(one.drawStart(shape), cardFirst) && at::equal(one.steps().draw(shape), cardSecond)); // one stream
        RunNoise delta = a1111({ Compatibility::A1111, NoiseOrigin::Auto, 31337 });
        QVERIFY(at::equal(delta.drawStart(shape), cardFirst) && at::equal(delta.steps().draw(shape), shifted.draw(shape)));
        RunNoise cpu = a1111({ Compatibility::A1111, NoiseOrigin::Cpu });
        QVERIFY(at::equal(cpu.drawStart(shape), processorFirst) && at::equal(cpu.steps().draw(shape), processorSecond));
        RunNoise comfy = a1111({ Compatibility::ComfyUi });
        QVERIFY(at::equal(comfy.drawStart(shape), processorFirst) && at::equal(comfy.steps().draw(shape), cardFirst)); // a new stream of the same seed
        RunNoise comfyCpu = a1111({ Compatibility::ComfyUi, NoiseOrigin::Cpu });
        QVERIFY(at::equal(comfyCpu.drawStart(shape), processorFirst) && at::equal(comfyCpu.steps().draw(shape), next.draw(shape)));
        RunNoise plain = a1111({});
        QVERIFY(at::equal(plain.drawStart(shape), processorFirst) && at::equal(plain.steps().draw(shape), processorSecond));
    }

    // The first interval of the tree over Karras' ten levels; torchsde on the CPU. A level that is off by its last digit moves the motion by the root of that.
    void sdeSamplers_followTheBrownianTree()
    {
        const auto scheduler = made("dpmpp_2m_sde_karras", Compatibility::ComfyUi, 10);
        RunNoise noise({ Compatibility::ComfyUi, NoiseOrigin::Auto, 0, SamplerKind::DpmSolverPlusPlus2MSde }, 0, *scheduler);
        const at::Tensor drawn = noise.steps().drawBetween({ 1, 4, 2, 2 }, scheduler->sigmas()[0], scheduler->sigmas()[1]);
        constexpr std::array kExpected{ 0.070823103, -1.1971509, -0.10556934, 1.1642338 };
        for (std::size_t i = 0; i < kExpected.size(); ++i) QVERIFY(std::abs(static_cast<double>(drawn.const_data_ptr<float>()[i]) - kExpected[i]) < 2e-3);
    }

    void pictures_areRoundedDown()
    {
        const at::Tensor grey = at::full({ 1, 3, 1, 1 }, 0.9999 * 2.0 * 200.0 / 255.0 - 1.0);
        QCOMPARE(toRgb8(grey).row(0)[0], std::uint8_t{ 200 });
        QCOMPARE(toRgb8(grey, Rounding::Down).row(0)[0], std::uint8_t{ 199 });
    }

    void masks_shrinkAsTheProgramDoes()
    {
        ImageBuffer mask({ 64, 64 }, PixelFormat::Gray8);
        for (int y = 0; y < 64; ++y)
            for (int x = 0; x < 64; ++x) mask.row(y)[x] = x < 28 ? 255 : 0; // half of the fourth cell
        const InpaintMask shrunk(mask, at::kCPU);
        const at::Tensor comfy = shrunk.asIn(Compatibility::ComfyUi), a1111 = shrunk.asIn(Compatibility::A1111);
        QCOMPARE(comfy[0][0][2][3].item<float>(), 0.5F); // between the two middle pixels
        QCOMPARE(comfy[0][0][2][2].item<float>(), 1.0F);
        for (const float value : { a1111[0][0][2][3].item<float>(), a1111[0][0][2][2].item<float>(), a1111[0][0][2][5].item<float>() }) QVERIFY(value == 0.0F || value == 1.0F);
        QCOMPARE(a1111[0][0][2][2].item<float>(), 1.0F);
        QCOMPARE(a1111[0][0][2][5].item<float>(), 0.0F);
    }
};

QTEST_APPLESS_MAIN(TstCompatibility)
#include "tst_compatibility.moc"
