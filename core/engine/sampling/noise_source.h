// NoiseSource: where schedulers take their random numbers from, one request at a time.
// Thread: engine. Owner: the pipeline, one per sampling run.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

namespace sfumato::engine {

class NoiseSource {
public:
    NoiseSource() = default;
    NoiseSource(const NoiseSource&) = delete;
    NoiseSource& operator=(const NoiseSource&) = delete;
    virtual ~NoiseSource() = default;

    // The next standard normal tensor of `shape` [batch, …], float32, on the CPU.
    [[nodiscard]] virtual at::Tensor draw(at::IntArrayRef shape) = 0;

    // The same for a stochastic solver's step from noise level `from` to `to` < from: sources that follow a path depend on both.
    [[nodiscard]] virtual at::Tensor drawBetween(at::IntArrayRef shape, double /*from*/, double /*to*/) { return draw(shape); }
};

// One libtorch CPU generator per image, each seeded with its image's seed. An image's stream does not depend on the others of its batch,
// and equals the reference's (diffusers randn_tensor with a list of CPU generators, float32).
class SeededNoise final : public NoiseSource {
public:
    explicit SeededNoise(std::uint64_t seed);
    explicit SeededNoise(std::span<const std::uint64_t> seeds);

    // shape[0] must be the number of seeds.
    [[nodiscard]] at::Tensor draw(at::IntArrayRef shape) override;

private:
    std::vector<at::Generator> m_generators;
};

} // namespace sfumato::engine
