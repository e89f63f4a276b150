// What a strength means: how many steps run, and in plain words how much will change.
// Thread: any, pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workflow/job_description.h"

namespace sfumato::workflow {

// The steps that run: all for text-to-image, else as the job's strength and compatibility say (engine::stepRange).
[[nodiscard]] int stepsThatRun(engine::GenerationMode mode, const JobDescription& job) noexcept;

// The window shows a translated phrase for each.
enum class StrengthPhrase {
    TouchUp,    // below 0.3: "touch up"
    Restyle,    // below 0.6: "restyle, keep shapes"
    NewContent, // below 0.9: "new content, same place"
    StartFresh, // "start fresh"
};
[[nodiscard]] StrengthPhrase strengthPhrase(double strength) noexcept;

} // namespace sfumato::workflow
