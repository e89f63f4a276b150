// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/steps.h"

#include <algorithm>

namespace sfumato::workflow {

int stepsThatRun(engine::GenerationMode mode, int steps, double strength) noexcept
{
    if (mode == engine::GenerationMode::TextToImage) return steps;
    return std::min(static_cast<int>(steps * strength), steps);
}

StrengthPhrase strengthPhrase(double strength) noexcept
{
    if (strength < 0.3) return StrengthPhrase::TouchUp;
    if (strength < 0.6) return StrengthPhrase::Restyle;
    if (strength < 0.9) return StrengthPhrase::NewContent;
    return StrengthPhrase::StartFresh;
}

} // namespace sfumato::workflow
