// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/regular_file.h"

#include "core/engine/io/message_text.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sfumato::engine {

namespace {

Error unopened(const std::filesystem::path& path, int error)
{
    const bool missing = error == ENOENT || error == ENOTDIR;
    const std::string reason = missing ? " does not exist."
        : error == ELOOP               ? " is a symbolic link that leads back to itself."
        : error == EACCES              ? " may not be read by this user."
                                       : std::string(" cannot be opened: ") + std::strerror(error) + ".";
    return { missing ? ErrorCode::FileNotFound : ErrorCode::FileUnreadable, displayName(path) + reason, path.string() };
}

// Why a thing on the disk is no regular file; null when it is one.
const char* wrongType(mode_t mode) noexcept
{
    if (S_ISREG(mode)) return nullptr;
    if (S_ISDIR(mode)) return "a folder";
    if (S_ISFIFO(mode)) return "a pipe";
    if (S_ISSOCK(mode)) return "a socket";
    return "a device";
}

Error notRegular(const std::filesystem::path& path, const char* type)
{
    return { ErrorCode::FileUnreadable, displayName(path) + " is " + type + ", not a file.", path.string() };
}

} // namespace

Result<RegularFile> RegularFile::open(const std::filesystem::path& path)
{
    struct stat status { };
    // The type is looked at before opening, because opening alone can act on a device, and again after it, because the name may have changed hands.
    if (::stat(path.c_str(), &status) != 0) return unopened(path, errno);
    if (const char* type = wrongType(status.st_mode)) return notRegular(path, type);
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) return unopened(path, errno);
    RegularFile file(path, descriptor);
    if (::fstat(descriptor, &status) != 0) return unopened(path, errno);
    if (const char* type = wrongType(status.st_mode)) return notRegular(path, type);
    file.m_sizeInBytes = static_cast<std::uint64_t>(status.st_size);
    return file;
}

RegularFile::RegularFile(RegularFile&& other) noexcept
    : m_path(std::move(other.m_path)), m_descriptor(std::exchange(other.m_descriptor, -1)), m_sizeInBytes(other.m_sizeInBytes)
{
}

RegularFile& RegularFile::operator=(RegularFile&& other) noexcept
{
    std::swap(m_path, other.m_path);
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_sizeInBytes, other.m_sizeInBytes);
    return *this;
}

RegularFile::~RegularFile()
{
    if (m_descriptor >= 0) ::close(m_descriptor);
}

Result<void> RegularFile::read(std::uint64_t offset, std::span<std::byte> target) const
{
    constexpr std::size_t kMaxPiece = std::size_t{ 1 } << 30; // one pread moves at most about 2 GiB on Linux
    if (offset > static_cast<std::uint64_t>(std::numeric_limits<off_t>::max()) - target.size())
        return Error{ ErrorCode::FileUnreadable, displayName(m_path) + " was asked for bytes beyond any file.", m_path.string() };
    while (!target.empty()) {
        const ssize_t count = ::pread(m_descriptor, target.data(), std::min(target.size(), kMaxPiece), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) {
            return Error{ ErrorCode::FileUnreadable, displayName(m_path) + " cannot be read: " + std::strerror(errno) + ".", m_path.string() };
        }
        if (count == 0) {
            return Error{ ErrorCode::FileUnreadable,
                displayName(m_path) + " became shorter while it was read: it ends before byte " + std::to_string(offset + target.size()) + ".",
                m_path.string() };
        }
        target = target.subspan(static_cast<std::size_t>(count));
        offset += static_cast<std::uint64_t>(count);
    }
    return {};
}

Result<std::string> readTextFile(const std::filesystem::path& path, std::uint64_t maxBytes)
{
    Result<RegularFile> file = RegularFile::open(path);
    if (!file) return std::move(file).error();
    if (file->sizeInBytes() > maxBytes) {
        return Error{ ErrorCode::FileUnreadable,
            displayName(path) + " has " + std::to_string(file->sizeInBytes()) + " bytes; at most " + std::to_string(maxBytes) + " are allowed.",
            path.string() };
    }
    std::string text(static_cast<std::size_t>(file->sizeInBytes()), '\0');
    if (Result<void> outcome = file->read(0, std::as_writable_bytes(std::span(text))); !outcome) return std::move(outcome).error();
    return text;
}

std::filesystem::file_time_type modificationTime(const std::filesystem::path& path)
{
    std::error_code failure;
    const auto time = std::filesystem::last_write_time(path, failure);
    return failure ? std::filesystem::file_time_type::min() : time;
}

} // namespace sfumato::engine
