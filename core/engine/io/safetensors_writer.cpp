// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/safetensors_writer.h"

#include "core/base/utf8.h"
#include "core/engine/io/message_text.h"
#include "core/engine/io/safetensors_header.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <numeric>

#include <fcntl.h>
#include <unistd.h>

namespace sfumato::engine {

namespace {

// JSON text of a string as the reference writes it: only what must be escaped is.
std::string jsonText(std::string_view text)
{
    std::string quotedText = "\"";
    for (const char c : text) {
        constexpr std::string_view kSpecial = "\"\\\b\f\n\r\t";
        constexpr std::string_view kLetters = "\"\\bfnrt";
        if (const std::size_t index = kSpecial.find(c); index != std::string_view::npos) {
            quotedText += '\\';
            quotedText += kLetters[index];
        } else if (static_cast<unsigned char>(c) < 0x20) {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
            quotedText += escape;
        } else {
            quotedText += c;
        }
    }
    return quotedText += '"';
}

template <typename Numbers>
std::string jsonList(const Numbers& numbers)
{
    std::string text = "[";
    for (const auto number : numbers) text += (text.size() > 1 ? "," : "") + std::to_string(number);
    return text += ']';
}

std::string headerText(std::span<const TensorToWrite* const> tensors, const std::map<std::string, std::string>& metadata)
{
    std::string text = "{";
    if (!metadata.empty()) {
        text += "\"__metadata__\":{";
        bool isFirst = true;
        for (const auto& [key, value] : metadata) text += (std::exchange(isFirst, false) ? "" : ",") + jsonText(key) + ':' + jsonText(value);
        text += '}';
    }
    std::uint64_t offset = 0;
    for (const TensorToWrite* tensor : tensors) {
        const std::uint64_t begin = std::exchange(offset, offset + tensor->bytes.size());
        text += (text.size() > 1 ? "," : "") + jsonText(tensor->name) + ":{\"dtype\":\"" + std::string(dtypeName(tensor->dtype)) + "\",\"shape\":" + jsonList(tensor->shape) + ",\"data_offsets\":" + jsonList(std::initializer_list<std::uint64_t>{ begin, offset }) + '}';
    }
    text += '}';
    text.append((8 - text.size() % 8) % 8, ' ');
    return text;
}

// What forbids writing, as the end of a sentence about a tensor; empty when nothing does.
std::string faultOf(const TensorToWrite& tensor)
{
    if (!isValidUtf8(tensor.name)) return "has a name that is not UTF-8";
    if (tensor.name.size() > SafetensorsFile::kMaxNameBytes) return "has a name of more than " + std::to_string(SafetensorsFile::kMaxNameBytes) + " bytes";
    if (tensor.name == "__metadata__") return "has the name that the format keeps for metadata";
    if (tensor.shape.size() > SafetensorsFile::kMaxDimensions) return "has more than " + std::to_string(SafetensorsFile::kMaxDimensions) + " dimensions";
    if (storedSize(tensor.dtype, tensor.shape) != std::optional<std::uint64_t>(tensor.bytes.size())) return "has another number of bytes than its shape and dtype need";
    return {};
}

// A new file that vanishes again unless it is renamed to its place.
class TemporaryFile {
public:
    explicit TemporaryFile(const std::filesystem::path& target) : m_target(target)
    {
        constexpr int kMaxAttempts = 1000; // names left behind by processes of the same number that were killed
        for (int attempt = 0; attempt < kMaxAttempts && m_descriptor < 0; ++attempt) {
            m_name = target.string() + '.' + std::to_string(::getpid()) + '-' + std::to_string(attempt) + ".part";
            m_descriptor = ::open(m_name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
            if (m_descriptor < 0 && errno != EEXIST) return;
        }
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile()
    {
        if (m_descriptor < 0) return;
        ::close(m_descriptor);
        if (!m_renamed) ::unlink(m_name.c_str());
    }

    [[nodiscard]] bool isOpen() const noexcept { return m_descriptor >= 0; }

    bool write(std::span<const std::byte> bytes) // errno tells why not
    {
        while (!bytes.empty()) {
            const ssize_t count = ::write(m_descriptor, bytes.data(), bytes.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) return false;
            bytes = bytes.subspan(static_cast<std::size_t>(count));
        }
        return true;
    }

    // Brings the bytes and then the new name to the disk. errno tells why not.
    bool finish()
    {
        if (::fsync(m_descriptor) != 0) return false;
        m_renamed = ::rename(m_name.c_str(), m_target.c_str()) == 0;
        if (!m_renamed) return false;
        const std::filesystem::path folder = m_target.has_parent_path() ? m_target.parent_path() : std::filesystem::path(".");
        const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (descriptor < 0) return true; // a folder that may be written to but not read: the name is there, only its flush is not ours to order
        const bool flushed = ::fsync(descriptor) == 0 || errno == EINVAL;
        ::close(descriptor);
        return flushed;
    }

private:
    std::filesystem::path m_target;
    std::string m_name;
    int m_descriptor = -1;
    bool m_renamed = false;
};

Error writeError(const std::filesystem::path& path, int error)
{
    const bool isFull = error == ENOSPC || error == EDQUOT;
    return fileError(path, std::string("cannot be written: ") + std::strerror(error) + '.', isFull ? ErrorCode::DiskFull : ErrorCode::FileUnreadable);
}

} // namespace

Result<void> writeSafetensors(const std::filesystem::path& path, std::span<const TensorToWrite> tensors, const std::map<std::string, std::string>& metadata)
{
    std::vector<const TensorToWrite*> ordered;
    for (const TensorToWrite& tensor : tensors) {
        if (const std::string fault = faultOf(tensor); !fault.empty())
            return fileError(path, "is not written: tensor " + quotedName(tensor.name) + ' ' + fault + '.', ErrorCode::InvalidRequest);
        ordered.push_back(&tensor);
    }
    std::sort(ordered.begin(), ordered.end(), [](const TensorToWrite* a, const TensorToWrite* b) {
        return a->dtype != b->dtype ? a->dtype > b->dtype : a->name < b->name;
    });
    for (const auto& [key, value] : metadata) {
        if (!isValidUtf8(key) || !isValidUtf8(value)) return fileError(path, "is not written: its metadata is not UTF-8.", ErrorCode::InvalidRequest);
    }
    const std::string header = headerText(ordered, metadata);
    if (header.size() > SafetensorsFile::kMaxHeaderBytes)
        return fileError(path, "is not written: its header would have more than 100000000 bytes.", ErrorCode::InvalidRequest);
    std::vector<std::string_view> names;
    for (const TensorToWrite& tensor : tensors) names.push_back(tensor.name);
    std::sort(names.begin(), names.end());
    if (const auto twice = std::adjacent_find(names.begin(), names.end()); twice != names.end())
        return fileError(path, "is not written: tensor " + quotedName(*twice) + " is given twice.", ErrorCode::InvalidRequest);

    TemporaryFile file(path);
    if (!file.isOpen()) return writeError(path, errno);
    std::array<std::byte, 8> length{};
    for (std::size_t i = 0; i < length.size(); ++i) length[i] = static_cast<std::byte>(header.size() >> (8 * i) & 0xFF);
    bool written = file.write(length) && file.write(std::as_bytes(std::span(header)));
    for (const TensorToWrite* tensor : ordered) written = written && file.write(tensor->bytes);
    if (!written || !file.finish()) return writeError(path, errno);
    return {};
}

} // namespace sfumato::engine
