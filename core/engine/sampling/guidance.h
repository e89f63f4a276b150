// ClassifierFreeGuidance: how the unconditional and the conditional prediction are joined (Ho and Salimans 2022, equation 6 in the form of the
// reference pipelines: u + s · (c − u)).
// Thread: engine, pure value.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

namespace sfumato::engine {

class ClassifierFreeGuidance {
public:
    // scale: 1 (or less) runs the conditional branch alone.
    explicit ClassifierFreeGuidance(double scale) : m_scale(scale) { }

    [[nodiscard]] bool isActive() const noexcept { return m_scale > 1.0; }
    [[nodiscard]] double scale() const noexcept { return m_scale; }

    // The network's batch for latents [batch, …]: [2 · batch, …], the unconditional half first; the latents themselves when inactive.
    [[nodiscard]] at::Tensor expand(const at::Tensor& latents) const;

    // The guided prediction [batch, …] of a prediction for an expanded batch, in the prediction's own dtype (as the reference computes it).
    [[nodiscard]] at::Tensor combine(const at::Tensor& prediction) const;

    // The same for branches that were run one after the other.
    [[nodiscard]] at::Tensor combine(const at::Tensor& unconditional, const at::Tensor& conditional) const;

private:
    double m_scale;
};

} // namespace sfumato::engine
