// NormRows: the inner loops of normalizeGroups, on plain memory, compiled once for each instruction set.
// Thread: any, pure.
//
// A row is one position of a channels-last map: `channels` values side by side, bfloat16 as its 16 bits.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace sfumato::engine {

struct NormRows {
    // sums[c] += Σ x, squares[c] += Σ x² over `rows` rows; float32, so keep rows ≤ 64 per call.
    void (*sum)(const std::uint16_t* x, std::int64_t rows, std::int64_t channels, float* sums, float* squares);
    // y = x·scale[c] + shift[c], rounded to nearest even.
    void (*scale)(const std::uint16_t* x, std::uint16_t* y, std::int64_t rows, std::int64_t channels, const float* scale, const float* shift);
    // y = silu(x·scale[c] + shift[c]); the exponential is exact to about 2 units of float32 for |x| ≤ 60.
    void (*scaleSilu)(const std::uint16_t* x, std::uint16_t* y, std::int64_t rows, std::int64_t channels, const float* scale, const float* shift);
};

extern const NormRows kNormRowsBaseline;
#if defined(SFUMATO_PROCESSOR_VARIANTS)
extern const NormRows kNormRowsAvx2;
extern const NormRows kNormRowsAvx512;
#endif

// The best for the processor this runs on.
[[nodiscard]] const NormRows& normRows() noexcept;

} // namespace sfumato::engine
