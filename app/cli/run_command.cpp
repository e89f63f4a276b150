// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command_line.h"
#include "app/cli/interrupt.h"
#include "app/cli/job_runner.h"
#include "app/cli/progress_display.h"
#include "app/engine_module.h"
#include "core/workflow/job_json.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <iostream>
#include <iterator>
#include <utility>

namespace sfumato::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kLargestJobFile = std::int64_t{ 512 } << 20; // pictures may be part of a job

struct JobText {
    std::string text;
    std::string source; // for messages
};

void print(const JobReport& report)
{
    std::cout << reportToJson(report).dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
}

std::vector<JobText> linesOf(const std::string& text, const std::string& source)
{
    std::vector<JobText> lines;
    std::size_t begin = 0;
    for (int number = 1; begin < text.size(); ++number) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        std::string line = text.substr(begin, end - begin);
        if (line.find_first_not_of(" \t\r") != std::string::npos) lines.push_back({ std::move(line), source + " line " + std::to_string(number) });
        begin = end + 1;
    }
    return lines;
}

Result<std::vector<JobText>> readJobs(const std::string& job)
{
    if (job == "-") return std::vector{ JobText{ std::string(std::istreambuf_iterator<char>(std::cin), {}), "standard input" } };
    const std::filesystem::path path = job;
    const auto bytes = document::readWholeFile(path, kLargestJobFile);
    if (!bytes) return bytes.error();
    std::string text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    if (path.extension() == ".jsonl") return linesOf(text, job);
    return std::vector{ JobText{ std::move(text), job } };
}

// The job's document with the assignments of the command line.
Result<Json> documentOf(const JobText& job, const std::vector<std::string>& assignments)
{
    auto document = workflow::parseJsonDocument(job.text, job.source);
    if (!document) return document;
    for (const std::string& assignment : assignments)
        if (const auto set = workflow::setJobField(*document, assignment); !set) return set.error();
    return document;
}

int imageCountOf(const Json& document)
{
    const auto parsed = workflow::readJob(document);
    return parsed ? parsed->job.imageCount : 1;
}

int exitCodeOf(const JobReport& report) noexcept
{
    if (std::holds_alternative<engine::Cancelled>(report.outcome)) return kInterruptedExitCode;
    return std::holds_alternative<JobFailure>(report.outcome) ? kFailureExitCode : kSuccessExitCode;
}

} // namespace

int runJobs(const RunOptions& options, const InstallPaths& paths)
{
    const auto jobs = readJobs(options.job);
    if (!jobs) {
        print({ JobFailure::of(jobs.error()), std::nullopt });
        return kFailureExitCode;
    }
    const Interruption interruption; // before the engine starts threads, after a wait for standard input
    std::vector<std::filesystem::path> baseFolders{ {} };
    if (options.job != "-") baseFolders.push_back(std::filesystem::path(options.job).parent_path());
    const auto existing = options.overwrite ? document::ExistingFile::Replace : document::ExistingFile::Keep;
    JobRunner runner(engineSource(paths), paths, OutputFiles(options.outputFolder, existing));
    ProgressDisplay progress(stderr, options.quiet ? ProgressStyle::None : progressStyleOf(stderr));

    int exitCode = kSuccessExitCode;
    for (const JobText& job : *jobs) {
        JobReport report{ engine::Cancelled{}, std::nullopt };
        if (!interruption.token().stop_requested()) {
            const auto document = documentOf(job, options.assignments);
            if (document) {
                progress.beginJob(imageCountOf(*document));
                report = runner.run(*document, baseFolders, progress, interruption.token());
            } else {
                report.outcome = JobFailure::of(document.error());
            }
        }
        progress.clear();
        print(report);
        if (exitCodeOf(report) == kInterruptedExitCode) return kInterruptedExitCode;
        exitCode = std::max(exitCode, exitCodeOf(report));
    }
    return exitCode;
}

} // namespace sfumato::app
