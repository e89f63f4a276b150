// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command_line.h"
#include "app/cli/file_report.h"
#include "app/installed_models.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <iostream>
#include <optional>
#include <unistd.h>

namespace sfumato::app {

namespace {

using Json = nlohmann::ordered_json;

Json failureToJson(const std::filesystem::path& path, const Error& error)
{
    return { { "path", path.string() }, { "error", { { "code", errorCodeName(error.code) }, { "message", error.message } } } };
}

// Says how much is hashed, on a terminal only.
void showHashing(double fraction)
{
    if (!isatty(fileno(stderr))) return;
    if (fraction < 1)
        std::fprintf(stderr, "\r\033[Khashing %d %%", static_cast<int>(fraction * 100));
    else
        std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
}

// The description, and for a LoRA what it would apply to.
Result<Json> inspected(const std::filesystem::path& path, const InspectOptions& options, const std::optional<engine::ModelSource>& model)
{
    auto report = describeForInspect(path, options.hashes, showHashing);
    if (!report || !model || (*report)["kind"] != "lora") return report;
    auto match = matchForInspect(path, *model);
    if (!match) return match;
    (*report)["applies_to"] = std::move(*match);
    return report;
}

} // namespace

int inspectFiles(const InspectOptions& options, const InstallPaths& paths)
{
    std::optional<engine::ModelSource> model;
    if (!options.model.empty()) {
        workflow::JobDescription job;
        job.model = options.model;
        auto found = resolveModel(job, paths, { {} });
        if (!found) {
            std::cerr << found.error().message << std::endl;
            return kFailureExitCode;
        }
        model = std::move(*found);
    }
    int exitCode = kSuccessExitCode;
    bool isFirst = true;
    for (const std::filesystem::path& path : options.files) {
        const auto report = inspected(path, options, model);
        if (!report) {
            exitCode = kFailureExitCode;
            std::cerr << report.error().message << std::endl;
        }
        const Json json = report ? *report : failureToJson(path, report.error());
        if (options.json)
            std::cout << json.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
        else if (report)
            std::cout << (isFirst ? "" : "\n") << reportAsText(json) << std::flush;
        isFirst = false;
    }
    return exitCode;
}

} // namespace sfumato::app
