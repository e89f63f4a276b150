// SPDX-License-Identifier: Apache-2.0
#include "core/document/io/atomic_file.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace sfumato::document {

namespace {

Error systemError(const std::filesystem::path& path, const char* deed, int number)
{
    const std::string name = path.string();
    if (number == ENOSPC || number == EDQUOT) return { ErrorCode::DiskFull, "The disk is full, so " + name + " was not written.", name };
    if (number == ENOENT) return { ErrorCode::FileNotFound, "The folder of " + name + " does not exist.", name };
    return { ErrorCode::FileUnreadable, name + " could not be " + deed + ": " + std::generic_category().message(number) + ".", name };
}

Error existsAlready(const std::filesystem::path& path)
{
    return { ErrorCode::InvalidRequest, path.string() + " exists already and is not overwritten.", path.string() };
}

// A temporary file that disappears unless it has been moved into place.
class TemporaryFile {
public:
    explicit TemporaryFile(const std::filesystem::path& target) : m_name((target.parent_path() / ("." + target.filename().string() + ".XXXXXX")).string())
    {
        m_descriptor = ::mkostemp(m_name.data(), O_CLOEXEC);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile()
    {
        if (m_descriptor < 0) return;
        ::close(m_descriptor);
        if (!m_moved) ::unlink(m_name.c_str());
    }

    [[nodiscard]] bool isOpen() const noexcept { return m_descriptor >= 0; }

    // 0, or errno.
    [[nodiscard]] int fill(std::span<const std::byte> bytes, mode_t mode) const
    {
        while (!bytes.empty()) {
            const ssize_t written = ::write(m_descriptor, bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return errno;
            bytes = bytes.subspan(static_cast<std::size_t>(written));
        }
        return ::fchmod(m_descriptor, mode) == 0 && ::fsync(m_descriptor) == 0 ? 0 : errno;
    }

    [[nodiscard]] int moveTo(const std::filesystem::path& target, ExistingFile existing)
    {
        if (existing == ExistingFile::Replace) {
            if (::rename(m_name.c_str(), target.c_str()) != 0) return errno;
            m_moved = true;
            return 0;
        }
        // A hard link refuses to replace anything, in one step; the temporary name then goes.
        if (::link(m_name.c_str(), target.c_str()) == 0) return 0;
        if (errno == EEXIST) return EEXIST;
        std::error_code ignored;
        if (std::filesystem::exists(target, ignored)) return EEXIST;
        return moveTo(target, ExistingFile::Replace); // file systems without hard links
    }

private:
    std::string m_name;
    int m_descriptor = -1;
    bool m_moved = false;
};

void flushFolder(const std::filesystem::path& folder)
{
    const int descriptor = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return;
    ::fsync(descriptor);
    ::close(descriptor);
}

// The rights of the file that is replaced, else what a new file gets.
mode_t rightsFor(const std::filesystem::path& path)
{
    struct stat status = {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777U : 0644U;
}

} // namespace

Result<void> writeFileAtomically(const std::filesystem::path& path, std::span<const std::byte> bytes, ExistingFile existing)
{
    std::error_code ignored;
    if (existing == ExistingFile::Keep && std::filesystem::exists(path, ignored)) return existsAlready(path);
    if (std::filesystem::is_directory(path, ignored)) {
        return Error{ ErrorCode::InvalidRequest, path.string() + " is a folder, not a file.", path.string() };
    }
    TemporaryFile temporary(path);
    if (!temporary.isOpen()) return systemError(path, "written", errno);
    if (const int failure = temporary.fill(bytes, rightsFor(path))) return systemError(path, "written", failure);
    const int failure = temporary.moveTo(path, existing);
    if (failure == EEXIST) return existsAlready(path);
    if (failure != 0) return systemError(path, "written", failure);
    flushFolder(path.parent_path());
    return {};
}

Result<std::vector<std::byte>> readWholeFile(const std::filesystem::path& path, std::int64_t maxBytes)
{
    const std::string name = path.string();
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0 && errno == ENOENT) return Error{ ErrorCode::FileNotFound, name + " does not exist.", name };
    if (descriptor < 0) return systemError(path, "read", errno);
    const auto closed = [descriptor](Error error) {
        ::close(descriptor);
        return error;
    };
    struct stat status = {};
    if (::fstat(descriptor, &status) != 0) return closed(systemError(path, "read", errno));
    if (!S_ISREG(status.st_mode)) return closed({ ErrorCode::FileUnreadable, name + " is not a file.", name });
    if (status.st_size > maxBytes) {
        return closed({ ErrorCode::FileUnreadable,
            name + " has " + std::to_string(status.st_size) + " bytes; at most " + std::to_string(maxBytes) + " are read.", name });
    }
    std::vector<std::byte> bytes(static_cast<std::size_t>(status.st_size));
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const ssize_t count = ::read(descriptor, bytes.data() + filled, bytes.size() - filled);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return closed(systemError(path, "read", errno));
        if (count == 0) break;
        filled += static_cast<std::size_t>(count);
    }
    bytes.resize(filled);
    ::close(descriptor);
    return bytes;
}

} // namespace sfumato::document
