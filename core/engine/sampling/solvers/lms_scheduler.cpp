// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/solvers/lms_scheduler.h"

#include <ATen/TensorOperators.h>

#include <cmath>

namespace sfumato::engine {

namespace {

constexpr int kLmsOrder = 4;

} // namespace

void LmsScheduler::reset()
{
    m_derivatives.clear();
}

double LmsScheduler::coefficient(int i, int index, int order) const
{
    const auto level = [&](int back) { return sigmas()[static_cast<std::size_t>(i - back)]; };
    const auto lagrange = [&](double at) {
        double product = 1.0;
        for (int k = 0; k < order; ++k) {
            if (k != index) product *= (at - level(k)) / (level(index) - level(k));
        }
        return product;
    };
    // Gauss and Legendre's two points integrate the cubic exactly.
    const double begin = level(0), end = level(-1);
    const double middle = (begin + end) / 2.0, reach = (end - begin) / 2.0 / std::sqrt(3.0);
    return (lagrange(middle - reach) + lagrange(middle + reach)) * (end - begin) / 2.0;
}

at::Tensor LmsScheduler::advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& /*noise*/)
{
    m_denoised = toDenoised(modelOutput, x, sigma(i));
    m_derivatives.push_front((x - m_denoised) / sigma(i));
    if (m_derivatives.size() > kLmsOrder) m_derivatives.pop_back();
    const int order = static_cast<int>(m_derivatives.size());
    at::Tensor change = m_derivatives[0] * coefficient(i, 0, order);
    for (int index = 1; index < order; ++index) change = change + m_derivatives[static_cast<std::size_t>(index)] * coefficient(i, index, order);
    return x + change;
}

} // namespace sfumato::engine
