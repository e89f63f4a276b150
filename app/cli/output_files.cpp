// SPDX-License-Identifier: Apache-2.0
#include "app/cli/output_files.h"

#include <system_error>
#include <utility>

namespace sfumato::app {

Result<void> OutputFiles::prepare() const
{
    std::error_code error;
    std::filesystem::create_directories(m_folder, error);
    if (!error && std::filesystem::is_directory(m_folder, error)) return {};
    const std::string reason = error ? error.message() : "it is not a folder";
    return Error{ ErrorCode::FileUnreadable, "The output folder " + m_folder.string() + " cannot be used: " + reason + ".", m_folder.string() };
}

Result<std::filesystem::path> OutputFiles::write(std::span<const std::byte> bytes, std::string_view extension)
{
    while (true) {
        const std::filesystem::path path = m_folder / (std::to_string(++m_lastNumber) + "." + std::string(extension));
        std::error_code ignored;
        if (m_existing == document::ExistingFile::Keep && std::filesystem::exists(std::filesystem::symlink_status(path, ignored))) continue;
        const auto written = document::writeFileAtomically(path, bytes, m_existing);
        if (written) return path;
        // Another program took the number in between.
        if (m_existing == document::ExistingFile::Keep && std::filesystem::exists(std::filesystem::symlink_status(path, ignored))) continue;
        return written.error();
    }
}

} // namespace sfumato::app
