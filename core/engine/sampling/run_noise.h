// RunNoise: the random numbers of one image, drawn as the program does whose rules a run follows.
// Thread: engine. Owner: the pipeline, one per image.
// Source: diffusers randn_tensor; A1111 rng.py (ImageRNG) and its SDE noise sampler; ComfyUI sample.py (prepare_noise) and k_diffusion/sampling.py (default_noise_sampler).
//
//   Diffusers  one stream for start and steps: the processor's, or with NoiseOrigin::Gpu a card's
//   A1111      one stream: a card's (Philox), or the processor's; the steps from a second one of seed + etaNoiseSeedDelta if that is not 0
//   ComfyUi    the start from the processor's; the steps from a new one of the same seed on the card, or of seed + 1 on the processor
// In A1111 and ComfyUi the SDE samplers follow a Brownian tree over the levels of the schedule (ComfyUi: of those that run), seeded with the image's seed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/compatibility.h"
#include "core/engine/api/scheduler_names.h"
#include "core/engine/sampling/noise_source.h"

#include <memory>

namespace sfumato::engine {

class Scheduler;

struct RunNoiseSettings {
    Compatibility compatibility = Compatibility::Diffusers;
    NoiseOrigin origin = NoiseOrigin::Auto;
    std::uint64_t etaNoiseSeedDelta = 0;
    SamplerKind sampler = SamplerKind::Euler;
};

class RunNoise {
public:
    //   in  scheduler  with the run's timetable
    RunNoise(const RunNoiseSettings& settings, std::uint64_t seed, const Scheduler& scheduler);

    // What the run begins with. Before the first step.
    [[nodiscard]] at::Tensor drawStart(at::IntArrayRef shape) { return m_start->draw(shape); }
    // What the steps draw from.
    [[nodiscard]] NoiseSource& steps() noexcept { return *m_steps; }

private:
    std::shared_ptr<NoiseSource> m_start;
    std::shared_ptr<NoiseSource> m_steps; // the same object where both are one stream
};

} // namespace sfumato::engine
