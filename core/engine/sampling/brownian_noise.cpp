// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/brownian_noise.h"

#include "core/engine/sampling/philox_noise.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <utility>

namespace sfumato::engine {

namespace {

constexpr std::size_t kPoolSize = 24;
constexpr int kDecimals = 6; // of times

// The first word of NumPy's SeedSequence(entropy, spawn_key, pool_size=24).generate_state.
class SeedSequence {
public:
    explicit SeedSequence(std::uint64_t entropy, std::initializer_list<std::uint64_t> spawnKey = {})
    {
        std::vector<std::uint32_t> words;
        append(words, entropy);
        if (spawnKey.size() > 0) words.resize(std::max(words.size(), kPoolSize));
        for (const std::uint64_t key : spawnKey) append(words, key);

        for (std::size_t i = 0; i < kPoolSize; ++i) m_pool[i] = hash(i < words.size() ? words[i] : 0);
        for (std::size_t from = 0; from < kPoolSize; ++from) {
            for (std::size_t to = 0; to < kPoolSize; ++to) {
                if (from != to) m_pool[to] = mix(m_pool[to], hash(m_pool[from]));
            }
        }
        for (std::size_t i = kPoolSize; i < words.size(); ++i) {
            for (std::uint32_t& value : m_pool) value = mix(value, hash(words[i]));
        }
    }

    [[nodiscard]] std::uint32_t firstWord() const
    {
        constexpr std::uint32_t kInit = 0x8b51f9dd, kMultiplier = 0x58f38ded;
        std::uint32_t word = (m_pool[0] ^ kInit) * (kInit * kMultiplier);
        return word ^ (word >> kShift);
    }

private:
    static constexpr int kShift = 16;

    // Little-endian words; one for 0.
    static void append(std::vector<std::uint32_t>& words, std::uint64_t value)
    {
        words.push_back(static_cast<std::uint32_t>(value));
        if (value >> 32 != 0) words.push_back(static_cast<std::uint32_t>(value >> 32));
    }

    std::uint32_t hash(std::uint32_t value)
    {
        constexpr std::uint32_t kMultiplier = 0x931e8875;
        value ^= m_hash;
        m_hash *= kMultiplier;
        value *= m_hash;
        return value ^ (value >> kShift);
    }

    static std::uint32_t mix(std::uint32_t x, std::uint32_t y)
    {
        constexpr std::uint32_t kLeft = 0xca01f9dd, kRight = 0x4973f715;
        const std::uint32_t mixed = kLeft * x - kRight * y;
        return mixed ^ (mixed >> kShift);
    }

    std::array<std::uint32_t, kPoolSize> m_pool{};
    std::uint32_t m_hash = 0x43b0d7e5;
};

// Python's round(time, 6): correctly rounded in decimal.
double rounded(double time)
{
    std::array<char, 64> text{};
    const auto written = std::to_chars(text.data(), text.data() + text.size(), time, std::chars_format::fixed, kDecimals);
    std::from_chars(text.data(), written.ptr, time);
    return time;
}

// A node of the tree: an interval, the motion's increment over it, and its place (0 is the root, the children of key k are 2k and 2k + 1).
struct Interval {
    double start = 0;
    double end = 0;
    at::Tensor increment;
    std::uint64_t key = 0;
    std::uint64_t depth = 0;
};

class BrownianTree {
public:
    BrownianTree(std::uint64_t seed, double start, double end, at::IntArrayRef shape, NoiseOrigin origin) : m_seed(seed), m_shape(shape.begin(), shape.end()), m_origin(origin)
    {
        m_root = { rounded(start), rounded(end), normal(SeedSequence(seed).firstWord()) * std::sqrt(end - start), 0, 0 };
    }

    // The motion's increment from `start` to `end`; 0 where nothing of that lies inside the tree.
    [[nodiscard]] at::Tensor increment(double start, double end) const
    {
        const double from = std::max(rounded(start), m_root.start), to = std::min(rounded(end), m_root.end);
        return from < to ? increment(m_root, from, to) : at::zeros(m_shape, at::kFloat);
    }

private:
    [[nodiscard]] at::Tensor normal(std::uint32_t seed) const
    {
        if (m_origin == NoiseOrigin::Gpu) return PhiloxNoise(seed).draw(m_shape);
        return at::randn(m_shape, at::detail::createCPUGenerator(seed), at::TensorOptions(at::kFloat).device(at::kCPU));
    }

    // Depth: log2 of the range over the resolution of times, about 24.
    [[nodiscard]] at::Tensor increment(const Interval& interval, double start, double end) const
    {
        if (start == interval.start && end == interval.end) return interval.increment;
        const double middle = rounded(0.5 * (interval.end + interval.start));
        const auto [left, right] = halves(interval, middle);
        if (end <= middle) return increment(left, start, end);
        if (start >= middle) return increment(right, start, end);
        return increment(left, start, middle) + increment(right, middle, end);
    }

    // The Brownian bridge at `middle`.
    [[nodiscard]] std::pair<Interval, Interval> halves(const Interval& interval, double middle) const
    {
        const double toLeft = middle - interval.start, toRight = interval.end - middle, reciprocal = 1.0 / (interval.end - interval.start);
        const at::Tensor noise = normal(SeedSequence(m_seed, { interval.key, interval.depth }).firstWord());
        const at::Tensor left = interval.increment * toLeft * reciprocal + noise * std::sqrt(toLeft * toRight * reciprocal);
        return { { interval.start, middle, left, 2 * interval.key, interval.depth + 1 },
            { middle, interval.end, interval.increment - left, 2 * interval.key + 1, interval.depth + 1 } };
    }

    std::uint64_t m_seed;
    std::vector<std::int64_t> m_shape;
    NoiseOrigin m_origin;
    Interval m_root;
};

} // namespace

BrownianNoise::BrownianNoise(std::span<const std::uint64_t> seeds, double lowestSigma, double highestSigma, std::unique_ptr<NoiseSource> plain, NoiseOrigin origin)
    : m_seeds(seeds.begin(), seeds.end()), m_lowest(lowestSigma), m_highest(highestSigma), m_plain(std::move(plain)), m_origin(origin)
{
    assert(lowestSigma < highestSigma);
}

at::Tensor BrownianNoise::drawBetween(at::IntArrayRef shape, double from, double to)
{
    assert(!shape.empty() && shape[0] == static_cast<std::int64_t>(m_seeds.size()) && from > to);
    std::vector<std::int64_t> imageShape(shape.begin(), shape.end());
    imageShape[0] = 1;
    std::vector<at::Tensor> images;
    for (const std::uint64_t seed : m_seeds) images.push_back(BrownianTree(seed, m_lowest, m_highest, imageShape, m_origin).increment(to, from));
    return at::cat(images) / -std::sqrt(from - to);
}

} // namespace sfumato::engine
