// NoiseSchedule: the forward process a model was trained with, as tables over its 1000 training timesteps.
// Thread: any, immutable. Source: diffusers 0.42 scheduler constructors with the SDXL base settings (scaled-linear betas 0.00085 to 0.012);
// zero terminal SNR: Lin et al. 2023, algorithm 1.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/compatibility.h"
#include "core/engine/api/model_info.h"

#include <vector>

namespace sfumato::engine {

inline constexpr int kTrainTimesteps = 1000;

struct NoiseScheduleSettings {
    PredictionType prediction = PredictionType::Epsilon;
    bool zeroTerminalSnr = false;
    ModelFamily family = ModelFamily::Sdxl; // decides only which of the published Align-Your-Steps tables is meant
    Compatibility compatibility = Compatibility::Diffusers;
};

// The values are computed with libtorch in float32, so that every rounding is the reference's.
class NoiseSchedule {
public:
    explicit NoiseSchedule(const NoiseScheduleSettings& settings);

    [[nodiscard]] const NoiseScheduleSettings& settings() const noexcept { return m_settings; }

    // ᾱ of each timestep as the recurrences of DDIM and LCM use it. The last one is 0 for zero terminal SNR with v-prediction.
    // Differs: with epsilon-prediction, where the reference would divide by that 0, it is 2^-24, the reference's own floor for sigmas.
    [[nodiscard]] const std::vector<float>& alphasCumprod() const noexcept { return m_alphasCumprod; }

    // σ = √((1 − ᾱ) / ᾱ), rising. For zero terminal SNR the last ᾱ counts as 2^-24 (σ = 4096), in other programs as 4.897e-8 (σ = 4519).
    [[nodiscard]] const std::vector<float>& sigmas() const noexcept { return m_sigmas; }
    [[nodiscard]] const std::vector<float>& logSigmas() const noexcept { return m_logSigmas; }

    // The σ of a timestep 0..999, that of the table for whole ones; between neighbours linear in σ (diffusers) or in ln σ (k-diffusion).
    [[nodiscard]] double sigmaAt(double timestep) const;
    [[nodiscard]] double logInterpolatedSigmaAt(double timestep) const;

    // The timestep of a σ, linear in ln σ between neighbours: 0..999, usually fractional.
    [[nodiscard]] double timestepAt(double sigma) const;

private:
    NoiseScheduleSettings m_settings;
    std::vector<float> m_alphasCumprod;
    std::vector<float> m_sigmas;
    std::vector<float> m_logSigmas;
};

} // namespace sfumato::engine
