// Jobs: JSON text, assignments of single fields, and the way back. Input: the text of a job, or after a first line "=", an assignment a line.
// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/job_way_back.h"

#include <nlohmann/json.hpp>

using namespace sfumato;
using namespace sfumato::workflow;

namespace {

void assign(std::string_view text)
{
    nlohmann::ordered_json document = nlohmann::ordered_json::object();
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const Result<void> outcome = setJobField(document, text.substr(0, end));
        FUZZ_CHECK(outcome || !outcome.error().message.empty());
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (const Result<ParsedJob> parsed = readJob(document)) fuzz::checkWayBack(*parsed);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = fuzz::asText(data, size);
    if (text.starts_with("=\n")) {
        assign(text.substr(2));
        return 0;
    }
    const Result<ParsedJob> job = parseJob(text, "job.json");
    if (job) fuzz::checkWayBack(*job);
    else
        FUZZ_CHECK(!job.error().message.empty() && job.error().message.find('\n') == std::string::npos);
    (void)parseRecipe(text, "picture.png");
    return 0;
}
