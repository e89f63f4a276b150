// Recipe texts: how a picture was made, in our own form and in the one that other programs read.
// Thread: any, pure functions. Source of the "parameters" form: AUTOMATIC1111's web UI (its quoting rule included).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/geometry.h"
#include "core/workflow/job_description.h"

#include <string>
#include <string_view>

namespace sfumato::workflow {

// The job that makes picture `index` of a job alone: one image, with that image's seed. The job has a seed (asserted).
[[nodiscard]] JobDescription jobOfImage(JobDescription job, int index);

// A job as JSON on one line, for a picture file: as jobToText, but pictures that are part of the job (data: URIs) are left out, since file formats limit the length.
[[nodiscard]] std::string recipeJobText(JobDescription job);

// "PROMPT\nNegative prompt: …\nSteps: 25, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7.5, Seed: 7, Size: 512x768, Model: starter, …".
// `size` is the finished picture's; `modelTitle` may be empty. The job has a seed (asserted).
[[nodiscard]] std::string parametersText(const JobDescription& job, Extent size, std::string_view modelTitle);

// A value of that text: as it stands, or as a JSON string when it holds a comma, a colon or a line break.
[[nodiscard]] std::string quotedParameter(std::string_view value);

} // namespace sfumato::workflow
