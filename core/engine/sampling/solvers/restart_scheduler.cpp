// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/solvers/restart_scheduler.h"

#include <ATen/TensorOperators.h>

#include <algorithm>
#include <cmath>

namespace sfumato::engine {

namespace {

constexpr double kRestartLowest = 0.1;
constexpr double kRestartHighest = 2.0;

struct RestartPlan {
    int steps = 0; // of one descent
    int times = 0;
};

RestartPlan planOf(int steps)
{
    constexpr int kFewest = 20, kFewestForTwo = 36, kFixed = 9, kShare = 4;
    if (steps < kFewest) return {};
    return steps < kFewestForTwo ? RestartPlan{ kFixed, 1 } : RestartPlan{ steps / kShare, 2 };
}

std::vector<double> karrasLevels(double highest, double lowest, int count)
{
    std::vector<double> sigmas = ruledSigmas(SigmaRule::Karras, highest, lowest, count);
    std::ranges::transform(sigmas, sigmas.begin(), toFloatPrecision);
    return sigmas;
}

std::ptrdiff_t nearestLevel(const std::vector<double>& sigmas, double sigma)
{
    const auto distance = [sigma](double level) { return std::abs(level - sigma); };
    return std::ranges::min_element(sigmas, {}, distance) - sigmas.begin();
}

} // namespace

void RestartScheduler::addDescent(Grid& grid, const std::vector<double>& sigmas) const
{
    for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) addStep(grid, timestepOf(sigmas[i]), sigmas[i], timestepOf(sigmas[i + 1]), sigmas[i + 1]);
}

Result<Scheduler::Grid> RestartScheduler::makeGrid(int steps, int firstStep) const
{
    std::vector<double> sigmas = karrasLevels(schedule().sigmas().back(), schedule().sigmas().front(), steps);
    sigmas.erase(sigmas.begin(), sigmas.begin() + firstStep);
    const RestartPlan plan = planOf(steps - firstStep);
    Grid grid;
    if (plan.times > 0) {
        sigmas = karrasLevels(sigmas.front(), sigmas.back(), steps - firstStep - plan.steps * plan.times);
        const auto lowest = nearestLevel(sigmas, kRestartLowest), highest = nearestLevel(sigmas, kRestartHighest);
        addDescent(grid, { sigmas.begin(), sigmas.begin() + lowest + 1 });
        const std::vector<double> again = karrasLevels(sigmas[static_cast<std::size_t>(highest)], sigmas[static_cast<std::size_t>(lowest)], plan.steps + 1);
        for (int time = 0; time < plan.times; ++time) addDescent(grid, again);
        sigmas.erase(sigmas.begin(), sigmas.begin() + lowest);
    }
    addDescent(grid, sigmas);
    addLastStep(grid, timestepOf(sigmas.back()), sigmas.back());
    return grid;
}

at::Tensor RestartScheduler::advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise)
{
    const at::Tensor next = HeunScheduler::advance(modelOutput, i, x, noise);
    const float reached = sigma(i), wanted = sigma(i + 1);
    if (!endsStep(i) || wanted <= reached) return next;
    return next + noise.draw(x.sizes()).to(x.device()) * std::sqrt(wanted * wanted - reached * reached);
}

} // namespace sfumato::engine
