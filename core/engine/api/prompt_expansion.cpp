// SPDX-License-Identifier: Apache-2.0
#include "core/engine/api/prompt_expansion.h"

#include <system_error>

namespace sfumato::engine {

namespace fs = std::filesystem;

fs::path expansionModelIn(const fs::path& folder)
{
    const auto isModel = [](const fs::path& path) {
        std::error_code ignored;
        return fs::exists(path / "config.json", ignored);
    };
    if (folder.empty()) return {};
    if (isModel(folder)) return folder;
    fs::path first;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
        if (isModel(entry->path()) && (first.empty() || entry->path() < first)) first = entry->path();
    return first;
}

} // namespace sfumato::engine
