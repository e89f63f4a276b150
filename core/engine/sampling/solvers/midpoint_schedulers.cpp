// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/solvers/midpoint_schedulers.h"

#include "core/engine/sampling/program_levels.h"

#include <ATen/TensorOperators.h>

#include <cmath>

namespace sfumato::engine {

namespace {

float geometricMean(float a, float b)
{
    return std::exp((std::log(a) + std::log(b)) * 0.5F);
}

// splitAncestral without the difference of nearly equal squares: `to` lies halfway between `from` and `down` in ln σ.
struct ExactSplit {
    double down = 0;
    double up = 0;
};

ExactSplit splitExactly(double from, double to)
{
    const double down = to * to / from;
    return { down, std::sqrt(to * to - down * down) };
}

} // namespace

Result<Scheduler::Grid> MidpointScheduler::makeGrid(int steps, int firstStep) const
{
    const NoiseLevels spaced = levels(steps);
    Grid grid;
    for (std::size_t i = 0; i < spaced.sigmas.size(); ++i) {
        grid.timesteps.push_back(startTimestep(spaced.timesteps[i]));
        grid.sigmas.push_back(spaced.sigmas[i]);
        if (i + 1 < spaced.sigmas.size()) {
            const float middle = middleOf(static_cast<float>(spaced.sigmas[i]), static_cast<float>(spaced.sigmas[i + 1]));
            grid.timesteps.push_back(timestepOf(static_cast<double>(middle)));
            grid.sigmas.push_back(static_cast<double>(middle));
            grid.endsStep.push_back(false);
        }
        grid.endsStep.push_back(true);
    }
    grid.sigmas.push_back(0.0);
    grid.firstCall = 2 * firstStepOf(spaced, steps, firstStep);
    return grid;
}

void MidpointScheduler::reset()
{
    m_start.reset();
    m_startDenoised.reset();
}

at::Tensor MidpointScheduler::advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise)
{
    m_denoised = toDenoised(modelOutput, x, sigma(i));
    if (isLastCall(i)) return x + (x - m_denoised) / sigma(i) * (sigma(i + 1) - sigma(i));
    if (!endsStep(i)) {
        m_start = x;
        m_startDenoised = m_denoised;
        return toMiddle({ sigma(i), sigma(i + 1), sigma(i + 2) }, x, noise);
    }
    return toEnd({ sigma(i - 1), sigma(i), sigma(i + 1) }, m_start, x, noise);
}

Dpm2Scheduler::Dpm2Scheduler(const SchedulerName& name, const NoiseScheduleSettings& settings)
    : MidpointScheduler(name, settings), m_ancestral(name.sampler == SamplerKind::Dpm2Ancestral)
{
}

float Dpm2Scheduler::middleOf(float from, float to) const
{
    return geometricMean(from, m_ancestral ? splitAncestral(from, to).down : to);
}

double Dpm2Scheduler::startTimestep(double timestep) const
{
    return isOfDiffusers() && rule() == SigmaRule::Karras ? std::nearbyint(timestep) : timestep;
}

at::Tensor Dpm2Scheduler::toMiddle(const Step& step, const at::Tensor& x, NoiseSource& /*noise*/) const
{
    return x + (x - m_denoised) / step.from * (step.middle - step.from);
}

at::Tensor Dpm2Scheduler::toEnd(const Step& step, const at::Tensor& start, const at::Tensor& x, NoiseSource& noise) const
{
    const at::Tensor derivative = (x - m_denoised) / step.middle;
    if (!m_ancestral) return start + derivative * (step.to - step.from);
    const AncestralSplit split = splitAncestral(step.from, step.to);
    return start + derivative * (split.down - step.from) + noise.draw(x.sizes()).to(x.device()) * split.up;
}

Dpmpp2sAncestralScheduler::Dpmpp2sAncestralScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings)
    : MidpointScheduler(name, settings), m_cfgPlusPlus(name.sampler == SamplerKind::DpmSolverPlusPlus2SAncestralCfgPlusPlus)
{
}

at::Tensor Dpmpp2sAncestralScheduler::guidedStart(const at::Tensor& start, const at::Tensor& x, float level) const
{
    return m_cfgPlusPlus ? start + (startDenoised() - toDenoised(unconditionalOutput(), x, level)) : start;
}

float Dpmpp2sAncestralScheduler::middleOf(float /*from*/, float to) const
{
    return to;
}

at::Tensor Dpmpp2sAncestralScheduler::toMiddle(const Step& step, const at::Tensor& x, NoiseSource& /*noise*/) const
{
    const double ratio = static_cast<double>(step.middle) / step.from; // e^(−h/2)
    return guidedStart(x, x, step.from) * ratio - m_denoised * (ratio - 1.0);
}

at::Tensor Dpmpp2sAncestralScheduler::toEnd(const Step& step, const at::Tensor& start, const at::Tensor& x, NoiseSource& noise) const
{
    const ExactSplit split = splitExactly(step.from, step.to);
    const double ratio = split.down / step.from; // e^−h
    return guidedStart(start, x, step.middle) * ratio - m_denoised * (ratio - 1.0) + noise.draw(x.sizes()).to(x.device()) * split.up;
}

float DpmppSdeScheduler::middleOf(float from, float to) const
{
    return geometricMean(from, to);
}

at::Tensor DpmppSdeScheduler::halfStep(float from, float to, const at::Tensor& x, NoiseSource& noise) const
{
    const ExactSplit split = splitExactly(from, to);
    const double ratio = split.down / from; // e^−h
    return x * ratio - m_denoised * (ratio - 1.0) + noise.drawBetween(x.sizes(), from, to).to(x.device()) * split.up;
}

at::Tensor DpmppSdeScheduler::toMiddle(const Step& step, const at::Tensor& x, NoiseSource& noise) const
{
    return halfStep(step.from, step.middle, x, noise);
}

at::Tensor DpmppSdeScheduler::toEnd(const Step& step, const at::Tensor& start, const at::Tensor& /*x*/, NoiseSource& noise) const
{
    return halfStep(step.from, step.to, start, noise);
}

} // namespace sfumato::engine
