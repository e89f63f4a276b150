// DdimScheduler: the deterministic implicit sampler (η = 0).
// Thread: engine. Source: Song et al. 2021 (DDIM), equation 12; diffusers DDIMScheduler with set_alpha_to_one=False and clip_sample=False: a step
// goes kTrainTimesteps div steps down, and below 0 the first ᾱ stands for the clean picture.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/sampling/solvers/alpha_scheduler.h"

namespace sfumato::engine {

class DdimScheduler final : public AlphaScheduler {
public:
    DdimScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings);

protected:
    [[nodiscard]] Result<Grid> makeGrid(int steps, int firstStep) const override;
    [[nodiscard]] at::Tensor advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise) override;

private:
    TimestepSpacing m_spacing;
};

} // namespace sfumato::engine
