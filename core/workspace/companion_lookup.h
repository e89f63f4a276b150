// CompanionLookup: how a run finds the networks it needs beside its model. The app knows where they are installed.
// Thread: any, pure value; its functions are called on background threads, may read folders and headers, and must be callable from several threads at once.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <functional>
#include <optional>

namespace sfumato::workspace {

struct CompanionLookup {
    std::function<std::optional<std::filesystem::path>()> safetyChecker; // the installed one; may be empty
    // The image encoder that an IP-Adapter file needs, or a sentence that says what is missing; may be empty.
    std::function<Result<std::filesystem::path>(const std::filesystem::path& ipAdapter)> imageEncoder;
};

} // namespace sfumato::workspace
