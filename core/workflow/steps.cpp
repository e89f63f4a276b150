// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/steps.h"

namespace sfumato::workflow {

int stepsThatRun(engine::GenerationMode mode, const JobDescription& job) noexcept
{
    if (mode == engine::GenerationMode::TextToImage) return job.steps;
    return engine::stepRange(job.compatibility, job.steps, job.strength).running();
}

StrengthPhrase strengthPhrase(double strength) noexcept
{
    if (strength < 0.3) return StrengthPhrase::TouchUp;
    if (strength < 0.6) return StrengthPhrase::Restyle;
    if (strength < 0.9) return StrengthPhrase::NewContent;
    return StrengthPhrase::StartFresh;
}

} // namespace sfumato::workflow
