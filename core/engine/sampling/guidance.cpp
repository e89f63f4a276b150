// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/guidance.h"

#include "core/engine/sampling/noise_schedule.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/std.h>

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <numeric>
#include <vector>

namespace sfumato::engine {

namespace {

constexpr double kLastTimestep = kTrainTimesteps - 1;

// [batch, 1, …], of each image over its channels and pixels, with Bessel's correction.
at::Tensor deviation(const at::Tensor& prediction)
{
    std::vector<std::int64_t> dimensions(static_cast<std::size_t>(prediction.dim() - 1));
    std::iota(dimensions.begin(), dimensions.end(), 1);
    return at::std(prediction, dimensions, /*unbiased=*/true, /*keepdim=*/true);
}

} // namespace

at::Tensor ClassifierFreeGuidance::expand(const at::Tensor& latents) const
{
    return isActive() ? at::cat({ latents, latents }) : latents;
}

at::Tensor ClassifierFreeGuidance::combine(const at::Tensor& prediction) const
{
    if (!isActive()) return prediction;
    assert(prediction.size(0) % 2 == 0);
    const std::int64_t batch = prediction.size(0) / 2;
    return combine(prediction.narrow(0, 0, batch), prediction.narrow(0, batch, batch));
}

at::Tensor ClassifierFreeGuidance::combine(const at::Tensor& unconditional, const at::Tensor& conditional) const
{
    return combine(GuidanceBranches{ unconditional, conditional }, kLastTimestep);
}

double ClassifierFreeGuidance::scaleAt(double timestep) const noexcept
{
    const double begin = m_settings.adaptiveScale;
    if (begin <= 0.0 || m_settings.scale <= begin) return m_settings.scale;
    return begin + (m_settings.scale - begin) * (1.0 - timestep / kLastTimestep);
}

double ClassifierFreeGuidance::perturbationAt(double sigma, double timestep) const noexcept
{
    if (m_settings.perturbationScale <= 0.0 || !isInside(sigma)) return 0.0;
    return std::max(m_settings.perturbationScale - m_settings.perturbationFall * (kTrainTimesteps - timestep), 0.0);
}

at::Tensor ClassifierFreeGuidance::combine(const GuidanceBranches& branches, double timestep) const
{
    at::Tensor guided = branches.conditional;
    if (branches.unconditional.defined()) {
        const at::Tensor& wanted = branches.sharpened.defined() ? branches.sharpened : branches.conditional;
        guided = branches.unconditional + (wanted - branches.unconditional) * scaleAt(timestep);
    }
    if (branches.perturbed.defined()) guided = guided + (branches.conditional - branches.perturbed) * branches.perturbation;
    if (m_settings.rescale <= 0.0 || !branches.unconditional.defined()) return guided;
    const at::Tensor rescaled = guided * (deviation(branches.conditional) / deviation(guided));
    return rescaled * m_settings.rescale + guided * (1.0 - m_settings.rescale);
}

at::Tensor ClassifierFreeGuidance::unconditionalOf(const at::Tensor& prediction) const
{
    return isActive() ? prediction.narrow(0, 0, prediction.size(0) / 2) : at::Tensor();
}

} // namespace sfumato::engine
