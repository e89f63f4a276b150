// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/sigma_grid.h"

#include "core/engine/sampling/beta_distribution.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <utility>

namespace sfumato::engine {

namespace {

constexpr int kStepsOffset = 1;
constexpr double kKarrasRho = 7.0;
constexpr double kPolyexponentialRho = 1.0;

// Sabour et al. 2024 ("Align Your Steps"): the levels of eleven points, and the timesteps that diffusers publishes for the first ten.
constexpr int kAysSteps = 10;
struct AlignYourStepsTable {
    std::array<double, kAysSteps + 1> sigmas;
    std::array<double, kAysSteps> timesteps;
};
constexpr AlignYourStepsTable kAysSd1{ { 14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152, 0.029 }, { 999, 850, 736, 645, 545, 455, 343, 233, 124, 24 } };
constexpr AlignYourStepsTable kAysSdxl{ { 14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.380, 0.234, 0.113, 0.029 }, { 999, 845, 730, 587, 443, 310, 193, 116, 53, 13 } };

const AlignYourStepsTable& alignYourStepsTable(ModelFamily family)
{
    return family == ModelFamily::Sd1 ? kAysSd1 : kAysSdxl;
}

// numpy's linspace(begin, end, count)[index].
double linearRamp(double begin, double end, int index, int count)
{
    if (index == count - 1 && count > 1) return end;
    const double step = count > 1 ? (end - begin) / (count - 1) : 0.0;
    return index * step + begin;
}

double ruledSigma(SigmaRule rule, double highest, double lowest, int index, int count)
{
    switch (rule) {
    case SigmaRule::Karras: {
        const double low = std::pow(lowest, 1.0 / kKarrasRho);
        const double high = std::pow(highest, 1.0 / kKarrasRho);
        return std::pow(high + linearRamp(0.0, 1.0, index, count) * (low - high), kKarrasRho);
    }
    case SigmaRule::Exponential:
        return std::exp(linearRamp(std::log(highest), std::log(lowest), index, count));
    case SigmaRule::Polyexponential: {
        const double low = std::log(lowest);
        return std::exp(std::pow(linearRamp(1.0, 0.0, index, count), kPolyexponentialRho) * (std::log(highest) - low) + low);
    }
    case SigmaRule::Beta:
        return lowest + symmetricBetaQuantile(1.0 - linearRamp(0.0, 1.0, index, count), kBetaShape) * (highest - lowest);
    case SigmaRule::Default:
        break;
    }
    assert(false);
    return highest;
}

} // namespace

std::vector<double> spacedTimesteps(TimestepSpacing spacing, int steps, int points)
{
    constexpr double kLast = kTrainTimesteps - 1;
    constexpr double kCount = kTrainTimesteps;
    // numpy's arange(T, 0, −T / steps): the step it uses is the difference of its first two elements, which decides how halves round.
    const double trailingStep = (kCount - kCount / steps) - kCount;
    const int ratio = kTrainTimesteps / points;
    const auto timestep = [&](int i) -> double {
        switch (spacing) {
        case TimestepSpacing::Leading: return (points - 1 - i) * ratio + kStepsOffset;
        case TimestepSpacing::Trailing: return std::nearbyint(kCount + i * trailingStep) - 1.0;
        case TimestepSpacing::Linspace: return points == 1 ? kLast : toFloatPrecision(linearRamp(0.0, kLast, points - 1 - i, points));
        case TimestepSpacing::Normal: return linearRamp(kLast, 0.0, i, steps);
        case TimestepSpacing::SgmUniform: return linearRamp(kLast, 0.0, i, steps + 1);
        case TimestepSpacing::Simple: return kLast - std::trunc(i * (kCount / steps));
        case TimestepSpacing::AlignYourSteps:
        case TimestepSpacing::Training:
        case TimestepSpacing::Hyper: break;
        }
        assert(false);
        return kLast;
    };
    std::vector<double> timesteps;
    timesteps.reserve(static_cast<std::size_t>(steps));
    for (int i = 0; i < steps; ++i) timesteps.push_back(timestep(i));
    return timesteps;
}

NoiseLevels spacedLevels(const NoiseSchedule& schedule, TimestepSpacing spacing, int steps)
{
    if (spacing == TimestepSpacing::AlignYourSteps) return alignYourStepsLevels(schedule, steps);
    NoiseLevels levels{ spacedTimesteps(spacing, steps, steps), {} };
    for (const double timestep : levels.timesteps) {
        levels.sigmas.push_back(spacing == TimestepSpacing::Linspace ? schedule.sigmaAt(timestep) : schedule.logInterpolatedSigmaAt(timestep));
    }
    return levels;
}

std::vector<double> alignYourStepsSigmas(ModelFamily family, int count)
{
    const auto& table = alignYourStepsTable(family).sigmas;
    std::vector<double> sigmas;
    for (int i = 0; i < count; ++i) {
        const double place = linearRamp(0.0, kAysSteps, i, count);
        const auto low = std::min(static_cast<std::size_t>(place), table.size() - 2);
        const double weight = place - static_cast<double>(low);
        sigmas.push_back(std::exp((1.0 - weight) * std::log(table[low]) + weight * std::log(table[low + 1])));
    }
    return sigmas;
}

NoiseLevels alignYourStepsLevels(const NoiseSchedule& schedule, int steps)
{
    NoiseLevels levels;
    if (steps == kAysSteps) {
        const auto& timesteps = alignYourStepsTable(schedule.settings().family).timesteps;
        levels.timesteps.assign(timesteps.begin(), timesteps.end());
        for (const double timestep : timesteps) levels.sigmas.push_back(schedule.sigmaAt(timestep));
        return levels;
    }
    levels.sigmas = alignYourStepsSigmas(schedule.settings().family, steps + 1);
    levels.sigmas.pop_back();
    for (const double sigma : levels.sigmas) levels.timesteps.push_back(schedule.timestepAt(sigma));
    return levels;
}

std::vector<double> ruledSigmas(SigmaRule rule, double highest, double lowest, int count)
{
    std::vector<double> sigmas;
    sigmas.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) sigmas.push_back(ruledSigma(rule, highest, lowest, i, count));
    return sigmas;
}

} // namespace sfumato::engine
