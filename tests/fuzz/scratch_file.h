// A file in memory with a path, for readers that take paths.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/fuzz/fuzz_target.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include <sys/mman.h>
#include <unistd.h>

namespace sfumato::fuzz {

class ScratchFile {
public:
    ScratchFile() : m_descriptor(::memfd_create("fuzz.safetensors", MFD_CLOEXEC)), m_path("/proc/self/fd/" + std::to_string(m_descriptor)) { FUZZ_CHECK(m_descriptor >= 0); }
    ~ScratchFile() { ::close(m_descriptor); }
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return m_path; }

    // `bytes`, followed by `holes` zeros that take no memory.
    void write(std::string_view bytes, std::uint64_t holes = 0)
    {
        FUZZ_CHECK(::ftruncate(m_descriptor, 0) == 0);
        FUZZ_CHECK(::pwrite(m_descriptor, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
        FUZZ_CHECK(::ftruncate(m_descriptor, static_cast<off_t>(bytes.size() + holes)) == 0);
    }

private:
    int m_descriptor;
    std::filesystem::path m_path;
};

} // namespace sfumato::fuzz
