// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/editor_defaults.h"

namespace sfumato::workflow {

JobDescription editorDefaults()
{
    JobDescription job;
    job.imageCount = kEditorVariations;
    job.format = OutputFormat::Png;
    return job;
}

} // namespace sfumato::workflow
