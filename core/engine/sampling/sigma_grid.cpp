// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/sigma_grid.h"

#include "core/engine/sampling/beta_distribution.h"

#include <cassert>
#include <cmath>

namespace sfumato::engine {

namespace {

constexpr int kStepsOffset = 1;
constexpr double kKarrasRho = 7.0;
constexpr double kBetaShape = 0.6;

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
    std::vector<double> timesteps;
    timesteps.reserve(static_cast<std::size_t>(steps));
    if (spacing == TimestepSpacing::Leading) {
        const int ratio = kTrainTimesteps / points;
        for (int i = 0; i < steps; ++i) timesteps.push_back((points - 1 - i) * ratio + kStepsOffset);
        return timesteps;
    }
    // numpy's arange(T, 0, −T / steps): the step it uses is the difference of its first two elements, which decides how halves round.
    const double begin = kTrainTimesteps;
    const double step = (begin - begin / steps) - begin;
    for (int i = 0; i < steps; ++i) timesteps.push_back(std::nearbyint(begin + i * step) - 1.0);
    return timesteps;
}

std::vector<double> ruledSigmas(SigmaRule rule, double highest, double lowest, int count)
{
    std::vector<double> sigmas;
    sigmas.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) sigmas.push_back(ruledSigma(rule, highest, lowest, i, count));
    return sigmas;
}

} // namespace sfumato::engine
