// RegularFile: an open, read-only file on a disk.
// Thread: any; read() may be called from several threads at once. Owner: one object, which closes the file.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace sfumato::engine {

class RegularFile {
public:
    // Follows symbolic links. Folders, pipes, sockets and devices are refused without blocking on them.
    // Errors: FileNotFound, FileUnreadable.
    [[nodiscard]] static Result<RegularFile> open(const std::filesystem::path& path);

    RegularFile(RegularFile&& other) noexcept;
    RegularFile& operator=(RegularFile&& other) noexcept;
    RegularFile(const RegularFile&) = delete;
    RegularFile& operator=(const RegularFile&) = delete;
    ~RegularFile();

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return m_path; }
    [[nodiscard]] std::uint64_t sizeInBytes() const noexcept { return m_sizeInBytes; } // when it was opened

    // Fills `target` from `offset` on. Errors: FileUnreadable when the file ends before that or the disk fails.
    [[nodiscard]] Result<void> read(std::uint64_t offset, std::span<std::byte> target) const;

private:
    RegularFile(std::filesystem::path path, int descriptor) : m_path(std::move(path)), m_descriptor(descriptor) { }

    std::filesystem::path m_path;
    int m_descriptor = -1;
    std::uint64_t m_sizeInBytes = 0;
};

// The whole of a small text file. Errors: those of open and read; FileUnreadable when it is larger than `maxBytes`.
[[nodiscard]] Result<std::string> readTextFile(const std::filesystem::path& path, std::uint64_t maxBytes);

// When the file was last written; the earliest time there is where that cannot be told. Two readings that differ say that the file was changed between them.
[[nodiscard]] std::filesystem::file_time_type modificationTime(const std::filesystem::path& path);

} // namespace sfumato::engine
