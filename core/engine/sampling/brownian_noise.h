// BrownianNoise: the noise of a Brownian motion over the noise levels, so that a stochastic solver meets the same path whatever its steps are.
// Thread: engine. Owner: the pipeline, one per sampling run. Cost of a draw: about 50 normal tensors.
// Source: Li et al. 2020 (virtual Brownian tree); torchsde BrownianInterval with halfway_tree, tol 1e-6 and pool_size 24, as ComfyUI's and A1111's SDE
// samplers use it on the CPU; NumPy's SeedSequence for the seeds of its nodes.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/compatibility.h"
#include "core/engine/sampling/noise_source.h"

#include <memory>

namespace sfumato::engine {

class BrownianNoise final : public NoiseSource {
public:
    // One tree per image over lowestSigma … highestSigma, the lowest and highest level above 0 of the run's schedule.
    //   in  plain  where draws without an interval come from
    //   in  origin whose generator fills the nodes: the processor's, or a card's (A1111)
    BrownianNoise(std::span<const std::uint64_t> seeds, double lowestSigma, double highestSigma, std::unique_ptr<NoiseSource> plain, NoiseOrigin origin = NoiseOrigin::Cpu);

    [[nodiscard]] at::Tensor draw(at::IntArrayRef shape) override { return m_plain->draw(shape); }

    // −(W(from) − W(to)) / √(from − to), which is standard normal. Levels outside the range count as its ends.
    // shape[0] must be the number of seeds.
    [[nodiscard]] at::Tensor drawBetween(at::IntArrayRef shape, double from, double to) override;

private:
    std::vector<std::uint64_t> m_seeds;
    double m_lowest;
    double m_highest;
    std::unique_ptr<NoiseSource> m_plain;
    NoiseOrigin m_origin;
};

} // namespace sfumato::engine
