// SPDX-License-Identifier: Apache-2.0
#include "app/install_paths.h"

#include <cstdlib>
#include <system_error>

namespace sfumato::app {

namespace {

std::filesystem::path userDataFolder()
{
    if (const char* data = std::getenv("XDG_DATA_HOME"); data && *data) return data;
    if (const char* home = std::getenv("HOME"); home && *home) return std::filesystem::path(home) / ".local" / "share";
    return {};
}

} // namespace

InstallPaths installPathsOf(const std::filesystem::path& executable)
{
    const std::filesystem::path bin = executable.parent_path(), prefix = bin.parent_path(), share = prefix / "share" / "sfumato";
    const std::filesystem::path module = "libsfumato_engine_module.so";
    return { { prefix / "lib" / "sfumato" / module, prefix / "lib" / module }, share / "bpe_simple_vocab_16e6.txt", share / "models",
        userDataFolder() / "sfumato" / "models", userDataFolder() / "sfumato" / "prompt_expansion", bin / "sfumato-bench" };
}

InstallPaths installPaths()
{
    std::error_code error;
    return installPathsOf(std::filesystem::read_symlink("/proc/self/exe", error));
}

} // namespace sfumato::app
