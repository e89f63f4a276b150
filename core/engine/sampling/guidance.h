// ClassifierFreeGuidance: how the unconditional and the conditional prediction are joined (Ho and Salimans 2022, equation 6 in the form of the
// reference pipelines: u + s · (c − u)), with the refinements that need nothing but the predictions.
// Thread: engine, pure value.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <limits>

namespace sfumato::engine {

struct GuidanceSettings {
    double scale = 1.0; // 1 (or less) runs the conditional branch alone
    // Lin et al. 2023, section 3.4: how much of the guided prediction is brought back to the conditional one's standard deviation, 0..1. The
    // reference's rescale_noise_cfg: on the prediction as the network gives it, over channels and pixels. About 0.7 for zero terminal SNR.
    double rescale = 0.0;
    // Kynkäänniemi et al. 2024: guidance acts where lowestSigma < σ <= highestSigma; elsewhere the conditional branch runs alone. The paper's choice for
    // SDXL is 0.28 to 5.42.
    double lowestSigma = 0.0;
    double highestSigma = std::numeric_limits<double>::infinity();
    // Fooocus: where the scale is larger than this, guidance begins with this one and reaches its own at timestep 0. 0: off.
    double adaptiveScale = 0.0;
    // Ahn et al. 2024, equation 16, in the form of diffusers' PAGMixin: scale · (c − perturbed) on top; the scale falls by `perturbationFall` with each timestep below 1000.
    double perturbationScale = 0.0;
    double perturbationFall = 0.0;
};

// The predictions of one call, each [batch, …]; undefined where a branch did not run.
struct GuidanceBranches {
    at::Tensor unconditional{};
    at::Tensor conditional{};
    at::Tensor sharpened{}; // in place of the conditional one for classifier-free guidance, if defined
    at::Tensor perturbed{};
    double perturbation = 0.0; // how much the perturbed branch counts: perturbationAt
};

class ClassifierFreeGuidance {
public:
    explicit ClassifierFreeGuidance(double scale) : ClassifierFreeGuidance(GuidanceSettings{ .scale = scale }) { }
    explicit ClassifierFreeGuidance(const GuidanceSettings& settings) : m_settings(settings) { }

    // Whether there is an unconditional branch at all, and whether it runs at a noise level (Scheduler::sigmas).
    [[nodiscard]] bool isActive() const noexcept { return m_settings.scale > 1.0; }
    [[nodiscard]] bool isActiveAt(double sigma) const noexcept { return isActive() && isInside(sigma); }
    [[nodiscard]] double scale() const noexcept { return m_settings.scale; }
    // The scale at a timestep.
    [[nodiscard]] double scaleAt(double timestep) const noexcept;
    // How much the perturbed branch counts at a call; 0: it need not run.
    [[nodiscard]] double perturbationAt(double sigma, double timestep) const noexcept;

    // The network's batch for latents [batch, …]: [2 · batch, …], the unconditional half first; the latents themselves when inactive.
    [[nodiscard]] at::Tensor expand(const at::Tensor& latents) const;

    // The guided prediction [batch, …] of a prediction for an expanded batch, in the prediction's own dtype (as the reference computes it).
    [[nodiscard]] at::Tensor combine(const at::Tensor& prediction) const;

    // The same for branches that were run one after the other.
    [[nodiscard]] at::Tensor combine(const at::Tensor& unconditional, const at::Tensor& conditional) const;

    // The same for any branches; needs the conditional one.
    [[nodiscard]] at::Tensor combine(const GuidanceBranches& branches, double timestep) const;

    // The unconditional half of a prediction for an expanded batch; undefined when inactive.
    [[nodiscard]] at::Tensor unconditionalOf(const at::Tensor& prediction) const;

private:
    [[nodiscard]] bool isInside(double sigma) const noexcept { return sigma > m_settings.lowestSigma && sigma <= m_settings.highestSigma; }

    GuidanceSettings m_settings;
};

} // namespace sfumato::engine
