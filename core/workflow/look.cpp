// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/look.h"

namespace sfumato::workflow {

void applyLook(JobDescription& job, Look look)
{
    const JobDescription plain;
    const bool isEnhanced = look == Look::Enhanced;
    job.expandPrompt = isEnhanced;
    job.sharpness = isEnhanced ? kEnhancedSharpness : plain.sharpness;
    job.adaptiveGuidance = isEnhanced ? kEnhancedAdaptiveGuidance : plain.adaptiveGuidance;
}

std::optional<Look> lookOf(const JobDescription& job) noexcept
{
    for (const Look look : { Look::Plain, Look::Enhanced }) {
        JobDescription sample;
        applyLook(sample, look);
        if (sample.sharpness == job.sharpness && sample.adaptiveGuidance == job.adaptiveGuidance) return look;
    }
    return std::nullopt;
}

} // namespace sfumato::workflow
