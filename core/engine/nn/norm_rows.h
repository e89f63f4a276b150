// The inner loops of normalizeGroups, on plain memory so that the compiler can vectorise them for each processor.
// Thread: any, pure.
//
// A row is one position of a channels-last map: `channels` values side by side, bfloat16 as its 16 bits.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace sfumato::engine {

// sums[c] += Σ x, squares[c] += Σ x² over `rows` rows; float32, so keep rows ≤ 64 per call.
void sumRows(const std::uint16_t* x, std::int64_t rows, std::int64_t channels, float* sums, float* squares) noexcept;

// y = x·scale[c] + shift[c], rounded to nearest even.
void scaleRows(const std::uint16_t* x, std::uint16_t* y, std::int64_t rows, std::int64_t channels, const float* scale, const float* shift) noexcept;

// y = silu(x·scale[c] + shift[c]); the exponential is exact to about 2 units of float32.
void scaleSiluRows(const std::uint16_t* x, std::uint16_t* y, std::int64_t rows, std::int64_t channels, const float* scale, const float* shift) noexcept;

} // namespace sfumato::engine
