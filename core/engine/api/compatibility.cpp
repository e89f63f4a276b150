// SPDX-License-Identifier: Apache-2.0
#include "core/engine/api/compatibility.h"

#include <algorithm>

namespace sfumato::engine {

StepRange stepRange(Compatibility compatibility, int steps, double strength) noexcept
{
    constexpr double kLargestA1111 = 0.999, kWholeComfyUi = 0.9999;
    switch (compatibility) {
    case Compatibility::Diffusers: return { steps, steps - std::min(static_cast<int>(steps * strength), steps) };
    case Compatibility::A1111: return { steps, steps - static_cast<int>(std::min(strength, kLargestA1111) * steps) - 1 };
    case Compatibility::ComfyUi: break;
    }
    if (strength > kWholeComfyUi) return { steps, 0 };
    const int total = static_cast<int>(steps / strength);
    return { total, total - steps };
}

} // namespace sfumato::engine
