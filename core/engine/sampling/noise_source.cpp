// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/noise_source.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/randn.h>

#include <cassert>

namespace sfumato::engine {

SeededNoise::SeededNoise(std::uint64_t seed) : SeededNoise(std::span(&seed, 1)) { }

SeededNoise::SeededNoise(std::span<const std::uint64_t> seeds)
{
    m_generators.reserve(seeds.size());
    for (const std::uint64_t seed : seeds) m_generators.push_back(at::detail::createCPUGenerator(seed));
}

at::Tensor SeededNoise::draw(at::IntArrayRef shape)
{
    assert(!shape.empty() && shape[0] == static_cast<std::int64_t>(m_generators.size()));
    std::vector<std::int64_t> imageShape(shape.begin(), shape.end());
    imageShape[0] = 1;
    std::vector<at::Tensor> images;
    images.reserve(m_generators.size());
    for (const at::Generator& generator : m_generators) images.push_back(at::randn(imageShape, generator, at::TensorOptions(at::kFloat).device(at::kCPU)));
    return images.size() == 1 ? images.front() : at::cat(images);
}

} // namespace sfumato::engine
