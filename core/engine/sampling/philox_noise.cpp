// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/philox_noise.h"

#include <ATen/ops/empty.h>

#include <array>
#include <cassert>
#include <cmath>

namespace sfumato::engine {

namespace {

constexpr int kRounds = 10;
constexpr std::array<std::uint32_t, 2> kMultipliers{ 0xD2511F53, 0xCD9E8D57 };
constexpr std::array<std::uint32_t, 2> kWeyl{ 0x9E3779B9, 0xBB67AE85 };
// Single precision, as CUDA has them; what is made of them is not.
constexpr double kToUnit = 2.3283064e-10F;              // 2⁻³²
constexpr double kToTurn = 2.3283064e-10F * 6.2831855F; // 2⁻³² · 2π

// The first two words that Philox4x32-10 makes of a counter.
std::array<std::uint32_t, 2> philox(std::array<std::uint32_t, 4> counter, std::uint64_t seed)
{
    std::array<std::uint32_t, 2> key{ static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32) };
    for (int round = 0; round < kRounds; ++round) {
        const std::uint64_t first = std::uint64_t{ counter[0] } * kMultipliers[0];
        const std::uint64_t second = std::uint64_t{ counter[2] } * kMultipliers[1];
        counter = { static_cast<std::uint32_t>(second >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(second),
            static_cast<std::uint32_t>(first >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(first) };
        key = { key[0] + kWeyl[0], key[1] + kWeyl[1] };
    }
    return { counter[0], counter[1] };
}

float normal(const std::array<std::uint32_t, 2>& words)
{
    const double u = words[0] * kToUnit + kToUnit / 2;
    const double v = words[1] * kToTurn + kToTurn / 2;
    return static_cast<float>(std::sqrt(-2.0 * std::log(u)) * std::sin(v));
}

} // namespace

at::Tensor PhiloxNoise::draw(at::IntArrayRef shape)
{
    assert(!shape.empty() && shape[0] == static_cast<std::int64_t>(m_seeds.size()));
    at::Tensor noise = at::empty(shape, at::TensorOptions(at::kFloat).device(at::kCPU));
    const std::int64_t elements = noise.numel() / shape[0];
    float* next = noise.mutable_data_ptr<float>();
    for (const std::uint64_t seed : m_seeds) {
        for (std::int64_t element = 0; element < elements; ++element) *next++ = normal(philox({ m_calls, 0, static_cast<std::uint32_t>(element), 0 }, seed));
    }
    ++m_calls;
    return noise;
}

} // namespace sfumato::engine
