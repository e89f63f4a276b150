// The noise of other programs: CUDA's generator and the Brownian tree.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/brownian_noise.h"
#include "core/engine/sampling/philox_noise.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/allclose.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/zeros.h>

#include <QTest>

#include <array>
#include <cmath>

using namespace sfumato::engine;

namespace {

struct BrownianRow {
    std::uint64_t seed;
    double from;
    double to;
    std::array<double, 4> first;
    double sum;
};

// torchsde 0.2.6 through ComfyUI's BrownianTreeNoiseSampler on the CPU: shape 1 × 4 × 2 × 2, levels of Karras' schedule of 10 steps.
constexpr double kLowest = 0.0291671585, kHighest = 14.6146412;
constexpr std::array kBrownianRows{
    BrownianRow{ 0, 14.6146412, 9.10292816, { 0.070823103, -1.1971509, -0.10556934, 1.1642338 }, -6.416364 },
    BrownianRow{ 0, 9.10292816, 5.47839212, { 0.73647344, 2.6993475, 0.76519102, 0.12080773 }, 3.671309 },
    BrownianRow{ 0, 5.47839212, 3.16860318, { -0.55307883, 2.4141734, -0.95879459, -0.45642266 }, 2.222213 },
    BrownianRow{ 0, 0.0819102377, 0.0291671585, { -1.0867698, 0.024519276, 0.52069622, 0.12762326 }, 0.8239781 },
    BrownianRow{ 0, 14.6146412, 11.5341244, { 0.24903326, -0.80312932, 0.41926742, 1.4302698 }, -4.954463 },
    BrownianRow{ 42, 14.6146412, 9.10292816, { -1.3194134, 0.87019515, 0.90598613, 0.4313257 }, 8.549061 },
    BrownianRow{ 42, 9.10292816, 5.47839212, { 0.7684688, -1.0465522, -0.21250026, 1.6085355 }, -1.598539 },
    BrownianRow{ 42, 5.47839212, 3.16860318, { -0.87489039, 0.018642947, -0.34376425, -0.99469048 }, -0.4980653 },
    BrownianRow{ 42, 0.0819102377, 0.0291671585, { 0.51895267, -0.11750307, -0.27691153, 1.015669 }, 0.5402608 },
    BrownianRow{ 42, 14.6146412, 11.5341244, { -1.1975551, -0.45862508, 1.0816489, 0.057553843 }, 4.424318 },
    BrownianRow{ 123456789012, 14.6146412, 9.10292816, { -1.2022282, 0.13250089, -0.56188631, 0.58945149 }, -4.957958 },
    BrownianRow{ 123456789012, 9.10292816, 5.47839212, { 1.689613, 0.60821736, -0.57117009, -0.24447489 }, -2.002191 },
    BrownianRow{ 123456789012, 5.47839212, 3.16860318, { -0.10913349, 1.1686774, 1.7452599, -0.29303318 }, 3.552931 },
    BrownianRow{ 123456789012, 0.0819102377, 0.0291671585, { -0.81969631, -0.10079923, -0.84670347, -1.1368407 }, -2.576576 },
    BrownianRow{ 123456789012, 14.6146412, 11.5341244, { -0.44866493, 0.40725341, -1.1438667, 1.8923718 }, -2.540503 },
};

struct PhiloxRow {
    std::uint64_t seed;
    int call;
    std::array<double, 4> first;
    double sum;
};

// A1111 rng_philox, shape 4 × 8 × 8.
constexpr std::array kPhiloxRows{
    PhiloxRow{ 0, 1, { -0.92466241, -0.42534396, -2.6438458, 0.14518388 }, -20.08425 },
    PhiloxRow{ 0, 2, { 0.18082589, -0.55226272, 0.9238134, -0.73497033 }, 18.86447 },
    PhiloxRow{ 42, 1, { 0.19401887, 2.1613739, -0.17205095, 0.84906 }, -7.62163 },
    PhiloxRow{ 42, 2, { 0.13913749, -0.10821616, -0.71742219, 0.75664866 }, -0.89265 },
    PhiloxRow{ 4294967293, 1, { -1.1140143, -0.80796319, -1.2942228, 0.14194855 }, 4.86463 },
    PhiloxRow{ 4294967293, 2, { 1.0660754, 0.56633258, -0.28420454, -0.43619227 }, 19.14613 },
    PhiloxRow{ 123456789012, 1, { 1.8181379, 0.74069774, -0.88407779, 2.3840704 }, -0.22630 },
    PhiloxRow{ 123456789012, 2, { -1.6049665, -1.2986794, -0.91184461, 0.59175134 }, 3.55530 },
};

std::unique_ptr<NoiseSource> plainNoise(std::uint64_t seed)
{
    return std::make_unique<SeededNoise>(seed);
}

bool startsWith(const at::Tensor& values, const std::array<double, 4>& first, double tolerance)
{
    for (std::size_t i = 0; i < first.size(); ++i) {
        if (std::abs(static_cast<double>(values.const_data_ptr<float>()[i]) - first[i]) > tolerance) return false;
    }
    return true;
}

double sumOf(const at::Tensor& values)
{
    return values.to(at::kDouble).sum().item<double>();
}

} // namespace

class TstNoiseSources : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void brownianNoise_equalsTorchsde()
    {
        for (const BrownianRow& row : kBrownianRows) {
            BrownianNoise noise(std::span(&row.seed, 1), kLowest, kHighest, plainNoise(row.seed));
            const at::Tensor values = noise.drawBetween({ 1, 4, 2, 2 }, row.from, row.to);
            QVERIFY2(startsWith(values, row.first, 2e-6), qPrintable(QStringLiteral("seed %1 from %2 to %3").arg(row.seed).arg(row.from).arg(row.to)));
            QVERIFY(std::abs(sumOf(values) - row.sum) <= 1e-5);
        }
    }

    // Increments of neighbouring intervals add up, whatever the steps: that is what the tree is for.
    void brownianNoise_isOnePath()
    {
        const std::uint64_t seed = 7;
        BrownianNoise noise(std::span(&seed, 1), 0.03, 14.6, plainNoise(seed));
        const auto increment = [&](double from, double to) { return noise.drawBetween({ 1, 4, 8, 8 }, from, to) * std::sqrt(from - to); };
        const at::Tensor whole = increment(9.0, 0.5);
        QVERIFY(at::allclose(whole, increment(9.0, 3.3) + increment(3.3, 0.5), 0.0, 2e-5));
        QVERIFY(at::allclose(whole, increment(9.0, 8.999) + increment(8.999, 2.0) + increment(2.0, 0.5), 0.0, 2e-5));
        QVERIFY(at::equal(whole, increment(9.0, 0.5)));
    }

    void brownianNoise_isStandardNormal()
    {
        const std::uint64_t seed = 3;
        BrownianNoise noise(std::span(&seed, 1), 0.03, 14.6, plainNoise(seed));
        for (const auto& [from, to] : { std::pair{ 14.6, 9.1 }, std::pair{ 9.1, 9.0 }, std::pair{ 0.1, 0.03 } }) {
            const at::Tensor values = noise.drawBetween({ 1, 4, 64, 64 }, from, to);
            QVERIFY(std::abs(values.mean().item<double>()) < 0.03); // four deviations of a mean of 16,384 numbers
            QVERIFY(std::abs(values.std().item<double>() - 1.0) < 0.025);
        }
    }

    // The last step goes from the lowest level to 0, which no tree reaches; solvers multiply that draw by 0.
    void brownianNoise_isZeroOutsideItsRange()
    {
        const std::uint64_t seed = 3;
        BrownianNoise noise(std::span(&seed, 1), 0.03, 14.6, plainNoise(seed));
        QVERIFY(at::equal(noise.drawBetween({ 1, 4, 2, 2 }, 0.03, 0.0), at::zeros({ 1, 4, 2, 2 })));
        QVERIFY(at::equal(noise.drawBetween({ 1, 4, 2, 2 }, 20.0, 14.6), at::zeros({ 1, 4, 2, 2 })));
    }

    void batches_areTheImagesOneByOne()
    {
        constexpr std::array<std::uint64_t, 2> kSeeds{ 11, (std::uint64_t{ 1 } << 63) - 1 };
        BrownianNoise brownian(kSeeds, 0.03, 14.6, plainNoise(0));
        PhiloxNoise philox(kSeeds);
        std::vector<at::Tensor> brownianImages, philoxImages;
        for (const std::uint64_t seed : kSeeds) {
            brownianImages.push_back(BrownianNoise(std::span(&seed, 1), 0.03, 14.6, plainNoise(0)).drawBetween({ 1, 4, 5, 3 }, 3.0, 2.0));
            philoxImages.push_back(PhiloxNoise(seed).draw({ 1, 4, 5, 3 }));
        }
        QVERIFY(at::equal(brownian.drawBetween({ 2, 4, 5, 3 }, 3.0, 2.0), at::cat(brownianImages)));
        QVERIFY(at::equal(philox.draw({ 2, 4, 5, 3 }), at::cat(philoxImages)));
    }

    void brownianNoise_drawsPlainlyWithoutAnInterval()
    {
        const std::uint64_t seed = 5;
        BrownianNoise noise(std::span(&seed, 1), 0.03, 14.6, plainNoise(seed));
        SeededNoise plain(seed);
        QVERIFY(at::equal(noise.draw({ 1, 4, 4, 4 }), plain.draw({ 1, 4, 4, 4 })));
    }

    void philoxNoise_equalsCuda()
    {
        for (const PhiloxRow& row : kPhiloxRows) {
            PhiloxNoise noise(row.seed);
            at::Tensor values;
            for (int call = 0; call < row.call; ++call) values = noise.draw({ 1, 4, 8, 8 });
            QVERIFY2(startsWith(values, row.first, 1e-6), qPrintable(QStringLiteral("seed %1 call %2").arg(row.seed).arg(row.call)));
            QVERIFY(std::abs(sumOf(values) - row.sum) <= 2e-5);
        }
    }
};

QTEST_APPLESS_MAIN(TstNoiseSources)
#include "tst_noise_sources.moc"
