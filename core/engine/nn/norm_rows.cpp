// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/norm_rows.h"

namespace sfumato::engine {

const NormRows& normRows() noexcept
{
#if defined(SFUMATO_PROCESSOR_VARIANTS)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return kNormRowsAvx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return kNormRowsAvx2;
#endif
    return kNormRowsBaseline;
}

} // namespace sfumato::engine
