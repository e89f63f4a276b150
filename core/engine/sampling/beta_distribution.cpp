// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/beta_distribution.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace sfumato::engine {

namespace {

// ∫₀ˣ t^(a−1) (1−t)^(a−1) dt · a / xᵃ = ₂F₁(a, 1−a; a+1; x), DLMF 8.17.7. For 0 <= x <= ½ the terms fall at least as fast as 2^−n.
double incompleteBetaSeries(double x, double a)
{
    double power = 1.0; // (1−a)_n xⁿ / n!
    double sum = 1.0;
    for (int n = 1;; ++n) {
        power *= (n - a) / n * x;
        const double term = power * a / (a + n);
        sum += term;
        if (std::abs(term) <= std::numeric_limits<double>::epsilon() / 4 * std::abs(sum)) return sum;
    }
}

} // namespace

double symmetricBetaQuantile(double probability, double shape)
{
    assert(probability >= 0.0 && probability <= 1.0 && shape > 0.0);
    if (probability > 0.5) return 1.0 - symmetricBetaQuantile(1.0 - probability, shape);
    // With u = xᵃ the distribution function is u · F(x) / (2 · ½ᵃ · F(½)): half of the mass lies below ½.
    // It is nearly linear in u and of one curvature, so Newton's method from either end converges without guards.
    const double half = std::pow(0.5, shape);
    const double target = probability * 2.0 * half * incompleteBetaSeries(0.5, shape);
    double u = std::min(target, half);
    for (int iteration = 0; iteration < 50; ++iteration) {
        const double x = std::min(std::pow(u, 1.0 / shape), 0.5);
        const double slope = std::pow(1.0 - x, shape - 1.0);
        const double next = std::min(u - (u * incompleteBetaSeries(x, shape) - target) / slope, half);
        const bool settled = std::abs(next - u) <= 2 * std::numeric_limits<double>::epsilon() * std::abs(next);
        u = next;
        if (settled) break;
    }
    return std::min(std::pow(u, 1.0 / shape), 0.5);
}

} // namespace sfumato::engine
