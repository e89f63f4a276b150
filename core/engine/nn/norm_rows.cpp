// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/norm_rows.h"

#include <bit>

// One body, compiled for several instruction sets and chosen by the loader. Sanitizers and other C libraries do without.
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define SFUMATO_PER_PROCESSOR __attribute__((target_clones("arch=skylake-avx512", "arch=haswell", "default")))
#else
#define SFUMATO_PER_PROCESSOR
#endif

namespace sfumato::engine {

namespace {

inline float toFloat(std::uint16_t bits)
{
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

// Nearest even; a NaN stays a NaN because its quiet bit is among the upper 16.
inline std::uint16_t toBFloat16(float value)
{
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
    const bool isNan = (bits & 0x7fffffffu) > 0x7f800000u;
    return static_cast<std::uint16_t>(isNan ? 0x7fc0u : rounded);
}

// e^x = 2^n · 2^f with n the nearest integer of x/ln 2; the polynomial is the Taylor series of 2^f for |f| ≤ 1/2.
inline float exponential(float x)
{
    constexpr float kRoundToInteger = 12582912.0f; // 1.5 · 2^23: adding it leaves the integer in the low bits
    const float clamped = x < -87.0f ? -87.0f : (x > 88.0f ? 88.0f : x);
    const float scaled = clamped * 1.44269504f;
    const float shifted = scaled + kRoundToInteger;
    const float f = scaled - (shifted - kRoundToInteger);
    float power = 1.53533619e-4f;
    power = power * f + 1.33335581e-3f;
    power = power * f + 9.61812911e-3f;
    power = power * f + 5.55041087e-2f;
    power = power * f + 2.40226507e-1f;
    power = power * f + 6.93147181e-1f;
    power = power * f + 1.0f;
    const std::uint32_t exponent = std::bit_cast<std::uint32_t>(shifted) << 23;
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(power) + exponent);
}

} // namespace

SFUMATO_PER_PROCESSOR void sumRows(const std::uint16_t* x, std::int64_t rows, std::int64_t channels, float* __restrict__ sums, float* __restrict__ squares) noexcept
{
    for (std::int64_t row = 0; row < rows; ++row, x += channels) {
        for (std::int64_t c = 0; c < channels; ++c) {
            const float value = toFloat(x[c]);
            sums[c] += value;
            squares[c] += value * value;
        }
    }
}

SFUMATO_PER_PROCESSOR void scaleRows(const std::uint16_t* x, std::uint16_t* y, std::int64_t rows, std::int64_t channels, const float* scale,
                                     const float* shift) noexcept
{
    for (std::int64_t row = 0; row < rows; ++row, x += channels, y += channels) {
        for (std::int64_t c = 0; c < channels; ++c)
            y[c] = toBFloat16(toFloat(x[c]) * scale[c] + shift[c]);
    }
}

SFUMATO_PER_PROCESSOR void scaleSiluRows(const std::uint16_t* x, std::uint16_t* y, std::int64_t rows, std::int64_t channels, const float* scale,
                                         const float* shift) noexcept
{
    for (std::int64_t row = 0; row < rows; ++row, x += channels, y += channels) {
        for (std::int64_t c = 0; c < channels; ++c) {
            const float value = toFloat(x[c]) * scale[c] + shift[c];
            y[c] = toBFloat16(value / (1.0f + exponential(-value)));
        }
    }
}

} // namespace sfumato::engine
