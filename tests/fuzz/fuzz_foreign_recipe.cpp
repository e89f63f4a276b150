// Recipes of other programs. Input: a text, read as each of their formats.
// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/recipes/foreign_recipe.h"
#include "tests/fuzz/job_way_back.h"

#include <string>

using namespace sfumato;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = fuzz::asText(data, size);
    for (const auto read : { workflow::jobFromParameters, workflow::jobFromComfyGraph, workflow::jobFromFooocus }) {
        if (const auto job = read(text)) fuzz::checkWayBack(*job);
    }
    std::string prompt(text);
    (void)workflow::takeNetworkTags(prompt);
    FUZZ_CHECK(prompt.size() <= text.size());
    return 0;
}
