// writeFileAtomically: a file appears whole or not at all.
// Thread: any. A temporary file beside the target is written, flushed to the disk and renamed; it is removed on any failure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace sfumato::document {

enum class ExistingFile {
    Keep,    // an existing file is an error and stays as it is
    Replace, // it is exchanged in one step
};

//   errors  InvalidRequest (exists and must be kept), FileNotFound (no such folder), DiskFull, FileUnreadable (anything else the system says, in its words)
[[nodiscard]] Result<void> writeFileAtomically(const std::filesystem::path& path, std::span<const std::byte> bytes, ExistingFile existing);

//   errors  FileNotFound; FileUnreadable (a folder, no right to read, more than maxBytes, or a read fault)
[[nodiscard]] Result<std::vector<std::byte>> readWholeFile(const std::filesystem::path& path, std::int64_t maxBytes);

} // namespace sfumato::document
