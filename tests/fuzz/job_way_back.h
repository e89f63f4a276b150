// What every job that was read must stand.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workflow/job_json.h"
#include "tests/fuzz/fuzz_target.h"

namespace sfumato::fuzz {

// What is read once is written so that it reads as the same again.
inline void checkWayBack(const workflow::ParsedJob& parsed)
{
    const std::string text = workflow::jobToText(parsed.job);
    const Result<workflow::ParsedJob> again = workflow::parseRecipe(text, "again");
    if (!again) std::fprintf(stderr, "%s\n%s\n", again.error().message.c_str(), text.c_str());
    FUZZ_CHECK(again);
    FUZZ_CHECK(workflow::jobToText(again->job) == text);
}

} // namespace sfumato::fuzz
