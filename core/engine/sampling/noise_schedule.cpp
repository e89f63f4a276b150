// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/noise_schedule.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/cumprod.h>
#include <ATen/ops/linspace.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace sfumato::engine {

namespace {

constexpr double kBetaStart = 0.00085;
constexpr double kBetaEnd = 0.012;
// The smallest half-precision number: the reference's stand-in for the ᾱ of 0 that would make σ infinite.
constexpr double kSmallestAlphaCumprod = 1.0 / (1 << 24);
constexpr double kSmallestOfOtherPrograms = 4.8973451890853435e-08; // ComfyUI's and A1111's

// diffusers computes in float32, the other programs in float64.
at::Tensor scaledLinearBetas(Compatibility compatibility)
{
    const at::ScalarType type = compatibility == Compatibility::Diffusers ? at::kFloat : at::kDouble;
    return at::linspace(std::sqrt(kBetaStart), std::sqrt(kBetaEnd), kTrainTimesteps, type).pow(2);
}

// Shifts and scales √ᾱ so that it ends at 0 and begins where it did (Lin et al. 2023, algorithm 1).
at::Tensor withZeroTerminalSnr(const at::Tensor& betas)
{
    const at::Tensor root = at::cumprod(1.0 - betas, 0).sqrt();
    const at::Tensor first = root[0];
    const at::Tensor last = root[-1];
    const at::Tensor alphasCumprod = ((root - last) * (first / (first - last))).pow(2);
    const at::Tensor ratios = alphasCumprod.slice(0, 1) / alphasCumprod.slice(0, 0, kTrainTimesteps - 1);
    return 1.0 - at::cat({ alphasCumprod.slice(0, 0, 1), ratios });
}

std::vector<float> toVector(const at::Tensor& values)
{
    const at::Tensor contiguous = values.to(at::kFloat).contiguous();
    const float* begin = contiguous.const_data_ptr<float>();
    return { begin, begin + contiguous.numel() };
}

} // namespace

NoiseSchedule::NoiseSchedule(const NoiseScheduleSettings& settings) : m_settings(settings)
{
    const at::Tensor betas = settings.zeroTerminalSnr ? withZeroTerminalSnr(scaledLinearBetas(settings.compatibility)) : scaledLinearBetas(settings.compatibility);
    at::Tensor alphasCumprod = at::cumprod(1.0 - betas, 0);
    m_alphasCumprod = toVector(alphasCumprod);
    if (settings.zeroTerminalSnr) {
        const double smallest = settings.compatibility == Compatibility::Diffusers ? kSmallestAlphaCumprod : kSmallestOfOtherPrograms;
        alphasCumprod[-1].fill_(smallest);
        if (settings.prediction == PredictionType::Epsilon) m_alphasCumprod.back() = static_cast<float>(smallest);
    }
    if (settings.compatibility == Compatibility::A1111) alphasCumprod = alphasCumprod.to(at::kFloat); // k-diffusion goes on in the model's float32
    m_sigmas = toVector(((1.0 - alphasCumprod) / alphasCumprod).pow(0.5));
    // Rounded from double: the float32 logarithms of libraries differ in the last bit.
    std::ranges::transform(m_sigmas, std::back_inserter(m_logSigmas), [](float sigma) { return static_cast<float>(std::log(static_cast<double>(sigma))); });
}

double NoiseSchedule::sigmaAt(double timestep) const
{
    const auto low = static_cast<std::size_t>(timestep);
    const auto below = static_cast<double>(m_sigmas[low]);
    const double weight = timestep - std::floor(timestep);
    return weight == 0.0 ? below : (static_cast<double>(m_sigmas[low + 1]) - below) * weight + below;
}

double NoiseSchedule::logInterpolatedSigmaAt(double timestep) const
{
    const auto low = static_cast<std::size_t>(timestep);
    const double weight = timestep - std::floor(timestep);
    if (weight == 0.0) return static_cast<double>(m_sigmas[low]);
    return std::exp((1.0 - weight) * std::log(static_cast<double>(m_sigmas[low])) + weight * std::log(static_cast<double>(m_sigmas[low + 1])));
}

double NoiseSchedule::timestepAt(double sigma) const
{
    constexpr double kSmallestSigma = 1e-10;
    const double logSigma = std::log(std::max(sigma, kSmallestSigma));
    const auto above = std::ranges::upper_bound(m_logSigmas, logSigma, {}, [](float value) { return static_cast<double>(value); });
    const auto index = std::clamp<std::ptrdiff_t>(std::distance(m_logSigmas.begin(), above) - 1, 0, kTrainTimesteps - 2);
    const auto low = static_cast<std::size_t>(index);
    // The reference subtracts the neighbours in float32 and everything else in double.
    const auto gap = static_cast<double>(m_logSigmas[low] - m_logSigmas[low + 1]);
    const double weight = std::clamp((static_cast<double>(m_logSigmas[low]) - logSigma) / gap, 0.0, 1.0);
    return (1.0 - weight) * static_cast<double>(low) + weight * static_cast<double>(low + 1);
}

} // namespace sfumato::engine
