// The command line of sfumato-cli: what was asked for, and what each command does.
// Thread: main. Output of `run` on standard output is one JSON object a job and nothing else; everything for people goes to standard error.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/install_paths.h"

#include <filesystem>
#include <string>
#include <vector>

namespace sfumato::app {

inline constexpr int kSuccessExitCode = 0;
inline constexpr int kFailureExitCode = 1;
inline constexpr int kUsageExitCode = 2;

struct RunOptions {
    std::string job; // a file, "-" for standard input; a .jsonl file holds one job a line
    std::filesystem::path outputFolder = "out";
    std::vector<std::string> assignments; // FIELD=VALUE
    bool overwrite = false;
    bool quiet = false;
};

struct InspectOptions {
    std::vector<std::filesystem::path> files;
    std::string model; // name or path: what a LoRA would apply to; empty: not asked
    bool json = false;
    bool hashes = true;
};

// Parses the arguments and runs the command; the program's exit code.
[[nodiscard]] int runCommandLine(int argc, char** argv);

[[nodiscard]] int runJobs(const RunOptions& options, const InstallPaths& paths);
[[nodiscard]] int inspectFiles(const InspectOptions& options, const InstallPaths& paths);
[[nodiscard]] int listSchedulers(bool json);
[[nodiscard]] int listDevices(bool json, const InstallPaths& paths);
// Replaces the program by the benchmark beside it; returns only when there is none.
[[nodiscard]] int runBenchmark(const std::vector<std::string>& arguments, const InstallPaths& paths);

} // namespace sfumato::app
