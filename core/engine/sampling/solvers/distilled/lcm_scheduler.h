// LcmScheduler: multistep sampling of latent consistency models: jump to x₀, put noise back, repeat.
// Thread: engine. Source: Luo et al. 2023 (LCM), algorithm 3; diffusers LCMScheduler with 50 original inference steps.
//
// Draws once a step, but for the last. DMD2 asks for the trailing grid: 999, 749, 499, 249 for 4 steps.
// Differs from the reference's LCM pipelines, not from its SDXL pipelines: strength picks the last steps of the whole grid, as for every scheduler,
// instead of spreading all steps over a shortened one.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/sampling/solvers/distilled/distilled_scheduler.h"

namespace sfumato::engine {

class LcmScheduler final : public DistilledScheduler {
public:
    using DistilledScheduler::DistilledScheduler;

protected:
    [[nodiscard]] at::Tensor advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise) override;
};

} // namespace sfumato::engine
