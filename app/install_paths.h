// InstallPaths: where the program's parts lie, in the build tree and installed alike.
// Thread: any, pure value. Found from the running executable: <prefix>/bin/<program>, <prefix>/lib, <prefix>/share/sfumato.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

namespace sfumato::app {

struct InstallPaths {
    std::vector<std::filesystem::path> engineModules; // places of the engine's shared module, the first that exists counts
    std::filesystem::path vocabulary;                 // bpe_simple_vocab_16e6.txt
    std::filesystem::path installedModels;            // models that came with the program
    std::filesystem::path userModels;                 // models the user put beside them: $XDG_DATA_HOME/sfumato/models
    std::filesystem::path promptExpansion;            // where a model that expands prompts is looked for: $XDG_DATA_HOME/sfumato/prompt_expansion
    std::filesystem::path benchmark;                  // the benchmark program
};

[[nodiscard]] InstallPaths installPathsOf(const std::filesystem::path& executable);
// Those of the running program.
[[nodiscard]] InstallPaths installPaths();

} // namespace sfumato::app
