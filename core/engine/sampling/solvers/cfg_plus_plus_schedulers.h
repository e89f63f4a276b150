// CFG++: solvers that step towards the guided x₀ and put back the noise of the unconditional prediction, so that guidance stays on the data's side.
// Thread: engine. Source: Chung et al. 2024 (CFG++), algorithm 2; ComfyUI sample_euler_cfg_pp, sample_euler_ancestral_cfg_pp and
// sample_dpmpp_2m_cfg_pp; for DPM++ 2S a see midpoint_schedulers.h.
//
// Meant for guidance scales a little above 1, to 2. Where guidance does not act both predictions are one.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/sampling/solvers/sigma_scheduler.h"

namespace sfumato::engine {

// Euler's method, deterministic or ancestral (η = 1, draws once a step, but for the last).
class EulerCfgPlusPlusScheduler final : public SigmaScheduler {
public:
    EulerCfgPlusPlusScheduler(const SchedulerName& name, const NoiseScheduleSettings& settings);

protected:
    [[nodiscard]] at::Tensor advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise) override;

private:
    bool m_ancestral;
};

// DPM-Solver++(2M): the history is of the unconditional x₀.
class Dpmpp2mCfgPlusPlusScheduler final : public SigmaScheduler {
public:
    using SigmaScheduler::SigmaScheduler;

protected:
    void reset() override { m_previous.reset(); }
    [[nodiscard]] at::Tensor advance(const at::Tensor& modelOutput, int i, const at::Tensor& x, NoiseSource& noise) override;

private:
    at::Tensor m_previous; // unconditional x₀ of the step before
};

} // namespace sfumato::engine
