// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/processor.h"

namespace sfumato::engine {

std::optional<bool> hasInstructionsFor(c10::ScalarType dtype)
{
#if defined(__x86_64__) && defined(__clang__)
    return dtype == c10::ScalarType::BFloat16 && __builtin_cpu_supports("avx512bf16"); // its builtin does not know the other name
#elif defined(__x86_64__) && defined(__GNUC__)
    return dtype == c10::ScalarType::BFloat16 ? __builtin_cpu_supports("avx512bf16") != 0 : __builtin_cpu_supports("avx512fp16") != 0;
#else
    static_cast<void>(dtype);
    return std::nullopt;
#endif
}

} // namespace sfumato::engine
