// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command_line.h"

#include <CLI/CLI.hpp>

namespace sfumato::app {

namespace {

void addRun(CLI::App& program, RunOptions& options)
{
    CLI::App* const run = program.add_subcommand("run", "Runs a job; prints its result as one line of JSON");
    run->add_option("JOB", options.job, "A JSON file, a .jsonl file of one job a line, or - for standard input")->required();
    run->add_option("--out", options.outputFolder, "Where pictures are written (default: out)");
    // One value an occurrence: `--set steps=4 --set seed=7`.
    run->add_option("--set", options.assignments, "FIELD=VALUE replaces a field of every job; may be repeated")
        ->allow_extra_args(false)
        ->check([](const std::string& assignment) {
            const std::size_t equals = assignment.find('=');
            return equals == std::string::npos || equals == 0 ? "must be FIELD=VALUE" : std::string();
        });
    run->add_flag("--overwrite", options.overwrite, "Number pictures from 1 and replace files that exist");
    run->add_flag("--quiet", options.quiet, "No progress on standard error");
}

void addInspect(CLI::App& program, InspectOptions& options, bool& skipsHashes)
{
    CLI::App* const inspect = program.add_subcommand("inspect", "Says what a model file, LoRA, embedding or picture is");
    inspect->add_option("FILE", options.files, "Model files, diffusers folders or pictures")->required();
    inspect->add_option("--model", options.model, "Count the layers that a LoRA would change in this model");
    inspect->add_flag("--json", options.json, "One JSON object a file");
    inspect->add_flag("--no-hash", skipsHashes, "Do not read whole files to compute their hashes");
}

} // namespace

int runCommandLine(int argc, char** argv)
{
    CLI::App program("Sfumato without a window: Stable Diffusion XL on this machine.", "sfumato-cli");
    program.set_version_flag("--version", "sfumato-cli " SFUMATO_VERSION);
    program.require_subcommand(1);
    RunOptions runOptions;
    addRun(program, runOptions);
    InspectOptions inspectOptions;
    bool skipsHashes = false;
    addInspect(program, inspectOptions, skipsHashes);
    bool asJson = false;
    CLI::App* const schedulers = program.add_subcommand("schedulers", "Lists the schedulers a job may name");
    CLI::App* const devices = program.add_subcommand("devices", "Lists the devices a job may name");
    for (CLI::App* list : { schedulers, devices }) list->add_flag("--json", asJson, "As JSON");
    CLI::App* const bench = program.add_subcommand("bench", "Runs the benchmarks; takes their arguments")->prefix_command();

    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return program.exit(error) == kSuccessExitCode ? kSuccessExitCode : kUsageExitCode;
    }
    const InstallPaths paths = installPaths();
    inspectOptions.hashes = !skipsHashes;
    if (program.got_subcommand("run")) return runJobs(runOptions, paths);
    if (program.got_subcommand("inspect")) return inspectFiles(inspectOptions, paths);
    if (program.got_subcommand(schedulers)) return listSchedulers(asJson);
    if (program.got_subcommand(devices)) return listDevices(asJson, paths);
    return runBenchmark(bench->remaining(), paths);
}

} // namespace sfumato::app
