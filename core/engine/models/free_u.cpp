// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/free_u.h"

#include "core/engine/nn/ops.h"

#include <numbers>
#include <optional>
#include <vector>

namespace sfumato::engine {

namespace {

struct Factors {
    double backbone = 1.0;
    double skip = 1.0;
};

std::optional<Factors> factorsAt(const FreeU& settings, const FreeUPlace& place, std::int64_t channels)
{
    const Factors deep{ settings.b1, settings.s1 }, shallow{ settings.b2, settings.s2 };
    if (settings.version == 1) return place.upBlock == 0 ? std::optional(deep) : place.upBlock == 1 ? std::optional(shallow)
                                                                                                    : std::nullopt;
    return channels == 4 * place.modelChannels ? std::optional(deep) : channels == 2 * place.modelChannels ? std::optional(shallow)
                                                                                                           : std::nullopt;
}

// [batch, 1, h, w]: the mean of the features, from 0 to 1 over each image.
at::Tensor normalisedMean(const at::Tensor& hidden)
{
    const at::Tensor mean = hidden.mean(1, /*keepdim=*/true);
    const at::Tensor highest = mean.amax({ 1, 2, 3 }, true), lowest = mean.amin({ 1, 2, 3 }, true);
    return (mean - lowest) / (highest - lowest);
}

// The phases of the frequencies 0 and −1 along a side, [2, side]; of one along a side of 1, where they are the same.
at::Tensor phases(std::int64_t side, const at::TensorOptions& options)
{
    const at::Tensor places = at::arange(side, options) * (-2.0 * std::numbers::pi / static_cast<double>(side));
    return side > 1 ? at::stack({ at::zeros_like(places), places }) : at::zeros({ 1, 1 }, options);
}

} // namespace

at::Tensor scaledLowFrequencies(const at::Tensor& x, double scale)
{
    const std::int64_t height = x.size(2), width = x.size(3), size = height * width;
    const auto options = at::TensorOptions(at::kFloat).device(x.device());
    const at::Tensor vertical = phases(height, options), horizontal = phases(width, options);
    const at::Tensor phase = (vertical.unsqueeze(1).unsqueeze(-1) + horizontal.unsqueeze(0).unsqueeze(2)).reshape({ -1, size });
    const at::Tensor basis = at::cat({ at::cos(phase), at::sin(phase) }); // [2 · frequencies, size]
    const at::Tensor pixels = x.to(at::kFloat).reshape({ -1, size });
    const at::Tensor low = at::matmul(at::matmul(pixels, basis.transpose(0, 1)), basis) / static_cast<double>(size);
    return (pixels + low * (scale - 1.0)).reshape(x.sizes()).to(x.scalar_type());
}

void applyFreeU(const FreeU& settings, const FreeUPlace& place, at::Tensor& hidden, at::Tensor& skip)
{
    const std::int64_t channels = hidden.size(1);
    const auto factors = factorsAt(settings, place, channels);
    if (!factors) return;
    const std::int64_t half = channels / 2;
    at::Tensor strengthened = hidden.narrow(1, 0, half);
    if (settings.version == 1)
        strengthened = strengthened * factors->backbone;
    else
        strengthened = strengthened * (normalisedMean(hidden) * (factors->backbone - 1.0) + 1.0);
    hidden = at::cat({ strengthened, hidden.narrow(1, half, channels - half) }, 1);
    skip = scaledLowFrequencies(skip, factors->skip);
}

} // namespace sfumato::engine
