// PhiloxNoise: the normal numbers of a CUDA generator, made on the CPU, so that seeds of A1111's "NV" source give the same pictures on any device.
// Thread: engine. Owner: the pipeline, one per sampling run.
// Source: Salmon et al. 2011 (Philox4x32-10); Box and Muller 1958; A1111 rng_philox for which words are used.
//
// Equals CUDA's torch.randn for tensors small enough that each of its threads makes one number a call; latents are.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/sampling/noise_source.h"

namespace sfumato::engine {

class PhiloxNoise final : public NoiseSource {
public:
    explicit PhiloxNoise(std::uint64_t seed) : m_seeds{ seed } { }
    explicit PhiloxNoise(std::span<const std::uint64_t> seeds) : m_seeds(seeds.begin(), seeds.end()) { }

    // shape[0] must be the number of seeds.
    [[nodiscard]] at::Tensor draw(at::IntArrayRef shape) override;

private:
    std::vector<std::uint64_t> m_seeds;
    std::uint32_t m_calls = 0;
};

} // namespace sfumato::engine
