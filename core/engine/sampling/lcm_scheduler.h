// LcmScheduler: multistep sampling of latent consistency models: jump to x₀, put noise back, repeat.
// Thread: engine. Source: Luo et al. 2023 (LCM), algorithm 3; diffusers LCMScheduler with 50 original inference steps.
//
// The grid is a subset of the 50 timesteps 19, 39 … 999 the distillation used, so there can be no more than 50 steps.
// Differs from the reference's LCM pipelines, not from its SDXL pipelines: strength picks the last steps of the whole grid, as for every scheduler,
// instead of spreading all steps over a shortened one.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/sampling/alpha_scheduler.h"

namespace sfumato::engine {

inline constexpr int kLcmOriginalSteps = 50;

class LcmScheduler final : public AlphaScheduler {
public:
    explicit LcmScheduler(const NoiseScheduleSettings& settings) : AlphaScheduler(settings) { }

protected:
    [[nodiscard]] Result<Grid> makeGrid(int steps) const override;
    [[nodiscard]] at::Tensor advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise) override;
};

} // namespace sfumato::engine
