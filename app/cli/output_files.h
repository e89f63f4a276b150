// OutputFiles: writes the pictures of jobs under the next free number: out/1.png, out/2.png, ….
// Thread: one at a time. Owner: the caller; one for all jobs of a run, so that numbers go on.
//
// Each file appears whole or not at all. An existing file is never replaced unless that is asked for; then numbers begin with 1.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/document/io/atomic_file.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace sfumato::app {

class OutputFiles {
public:
    OutputFiles(std::filesystem::path folder, document::ExistingFile existing) : m_folder(std::move(folder)), m_existing(existing) { }

    // Makes the folder if there is none. Errors: FileUnreadable, naming it.
    [[nodiscard]] Result<void> prepare() const;

    // The path that was written. Errors: those of writeFileAtomically.
    [[nodiscard]] Result<std::filesystem::path> write(std::span<const std::byte> bytes, std::string_view extension);

private:
    std::filesystem::path m_folder;
    document::ExistingFile m_existing;
    int m_lastNumber = 0;
};

} // namespace sfumato::app
