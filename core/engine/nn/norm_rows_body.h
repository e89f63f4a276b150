// The loops of norm_rows.h. Included by one source for each instruction set, which defines SFUMATO_NORM_ROWS as the name of its table; everything in here is
// local to that source, so that no code made for one processor is linked into another's.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/nn/norm_rows.h"

#include <bit>

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
    // Beyond it silu is x or 0 to within 1e-24. It is well inside the range of float32 because the compiler divides on both branches, and quotients below the
    // normal range cost a hundred cycles each.
    constexpr float kLimit = 60.0f;
    constexpr float kRoundToInteger = 12582912.0f; // 1.5 · 2^23: adding it leaves the integer in the low bits
    const float clamped = x < -kLimit ? -kLimit : (x > kLimit ? kLimit : x);
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

void sumRows(const std::uint16_t* x, std::int64_t rows, std::int64_t channels, float* __restrict__ sums, float* __restrict__ squares)
{
    for (std::int64_t row = 0; row < rows; ++row, x += channels) {
        for (std::int64_t c = 0; c < channels; ++c) {
            const float value = toFloat(x[c]);
            sums[c] += value;
            squares[c] += value * value;
        }
    }
}

void scaleRows(const std::uint16_t* x, std::uint16_t* y, std::int64_t rows, std::int64_t channels, const float* scale, const float* shift)
{
    for (std::int64_t row = 0; row < rows; ++row, x += channels, y += channels) {
        for (std::int64_t c = 0; c < channels; ++c)
            y[c] = toBFloat16(toFloat(x[c]) * scale[c] + shift[c]);
    }
}

void scaleSiluRows(const std::uint16_t* x, std::uint16_t* y, std::int64_t rows, std::int64_t channels, const float* scale, const float* shift)
{
    for (std::int64_t row = 0; row < rows; ++row, x += channels, y += channels) {
        for (std::int64_t c = 0; c < channels; ++c) {
            const float value = toFloat(x[c]) * scale[c] + shift[c];
            y[c] = toBFloat16(value / (1.0f + exponential(-value)));
        }
    }
}

} // namespace

const NormRows SFUMATO_NORM_ROWS{ sumRows, scaleRows, scaleSiluRows };

} // namespace sfumato::engine
