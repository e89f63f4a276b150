// The window's defaults, in one place. They differ from a job's where an artist expects other values than a service caller does.
// Thread: any, constant data. Source: the interaction design, 9.12.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workflow/job_description.h"

namespace sfumato::workflow {

inline constexpr int kEditorVariations = 3;

// What a new document's panel shows.
[[nodiscard]] JobDescription editorDefaults();

} // namespace sfumato::workflow
