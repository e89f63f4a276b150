// SPDX-License-Identifier: Apache-2.0
#include "core/document/io/codecs/jpeg_segments.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace sfumato::document {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kExifName = "Exif\0\0"sv;
constexpr std::string_view kProfileName = "ICC_PROFILE\0"sv;
constexpr std::size_t kLargestSegment = 65533; // content of a segment
constexpr int kStartOfScan = 0xDA;
constexpr int kEndOfImage = 0xD9;

int byteAt(Bytes bytes, std::size_t at) noexcept { return std::to_integer<int>(bytes[at]); }
std::size_t wordAt(Bytes bytes, std::size_t at) noexcept { return static_cast<std::size_t>(byteAt(bytes, at)) << 8U | static_cast<std::size_t>(byteAt(bytes, at + 1)); }

bool startsWith(Bytes bytes, std::string_view text) noexcept
{
    return bytes.size() >= text.size() && std::memcmp(bytes.data(), text.data(), text.size()) == 0;
}

bool isFrame(int marker) noexcept
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

bool standsAlone(int marker) noexcept
{
    return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
}

struct ProfilePart {
    int number = 0;
    int count = 0;
    Bytes content;
};

void readFrame(int marker, Bytes content, JpegFile& file)
{
    if (content.size() < 6 || file.components != 0) return;
    file.frameMarker = marker;
    file.bitsPerSample = byteAt(content, 0);
    file.extent = { static_cast<int>(wordAt(content, 3)), static_cast<int>(wordAt(content, 1)) };
    file.components = byteAt(content, 5);
}

void readSegment(int marker, Bytes content, JpegFile& file, std::vector<ProfilePart>& parts)
{
    if (isFrame(marker)) readFrame(marker, content, file);
    if (marker == 0xE1 && startsWith(content, kExifName) && file.exif.empty()) {
        const Bytes tiff = content.subspan(kExifName.size());
        file.exif.assign(tiff.begin(), tiff.end());
    }
    if (marker == 0xE2 && startsWith(content, kProfileName) && content.size() > kProfileName.size() + 2) {
        parts.push_back({ byteAt(content, kProfileName.size()), byteAt(content, kProfileName.size() + 1), content.subspan(kProfileName.size() + 2) });
    }
    if (marker == 0xEE && startsWith(content, "Adobe"sv)) file.hasAdobeMarker = true;
}

void joinProfile(std::vector<ProfilePart>& parts, JpegFile& file)
{
    std::sort(parts.begin(), parts.end(), [](const ProfilePart& left, const ProfilePart& right) { return left.number < right.number; });
    for (std::size_t i = 0; i < parts.size(); ++i) {
        file.hasBrokenProfile = file.hasBrokenProfile || parts[i].number != static_cast<int>(i) + 1 || parts[i].count != static_cast<int>(parts.size());
        file.profile.insert(file.profile.end(), parts[i].content.begin(), parts[i].content.end());
    }
    if (file.hasBrokenProfile) file.profile.clear();
}

bool hasEndAfter(Bytes bytes, std::size_t from) noexcept
{
    for (std::size_t at = bytes.size(); at >= from + 2; --at) {
        if (byteAt(bytes, at - 2) == 0xFF && byteAt(bytes, at - 1) == kEndOfImage) return true;
    }
    return false;
}

void append(std::vector<std::byte>& to, std::string_view text)
{
    const auto* bytes = reinterpret_cast<const std::byte*>(text.data());
    to.insert(to.end(), bytes, bytes + text.size());
}

void appendSegment(std::vector<std::byte>& to, int marker, std::string_view name, Bytes content)
{
    const std::size_t size = 2 + name.size() + content.size();
    for (const std::size_t value : { std::size_t{ 0xFF }, static_cast<std::size_t>(marker), size >> 8U, size & 0xFFU }) to.push_back(static_cast<std::byte>(value));
    append(to, name);
    to.insert(to.end(), content.begin(), content.end());
}

} // namespace

Result<JpegFile> parseJpeg(Bytes bytes, const std::string& name)
{
    JpegFile file;
    std::vector<ProfilePart> parts;
    std::size_t at = 2;
    while (at + 4 <= bytes.size()) {
        if (byteAt(bytes, at) != 0xFF || byteAt(bytes, at + 1) == 0xFF) { // fill bytes and stray ones
            ++at;
            continue;
        }
        const int marker = byteAt(bytes, at + 1);
        if (marker == 0 || standsAlone(marker)) {
            at += 2;
            continue;
        }
        const std::size_t size = wordAt(bytes, at + 2);
        if (marker == kEndOfImage || size < 2 || size > bytes.size() - at - 2) break;
        if (marker == kStartOfScan) {
            file.scanBytes = bytes.size() - at;
            file.hasEnd = hasEndAfter(bytes, at + 2 + size);
            break;
        }
        readSegment(marker, bytes.subspan(at + 4, size - 2), file, parts);
        at += 2 + size;
    }
    if (file.components == 0) return damagedPicture(name, "the JPEG header is missing or cut short");
    joinProfile(parts, file);
    return file;
}

Result<std::vector<std::byte>> withSegments(Bytes jpeg, Bytes exif, Bytes profile)
{
    if (kExifName.size() + exif.size() > kLargestSegment) {
        return Error{ ErrorCode::InvalidRequest,
            "The recipe takes " + std::to_string(exif.size()) + " bytes; a JPEG holds at most " + std::to_string(kLargestSegment) + ". PNG has no such limit.", "recipe" };
    }
    // After the start marker and the JFIF header, where it is.
    std::size_t at = 2;
    if (jpeg.size() > 20 && byteAt(jpeg, 3) == 0xE0) at += 2 + wordAt(jpeg, 4);
    std::vector<std::byte> result(jpeg.begin(), jpeg.begin() + static_cast<std::ptrdiff_t>(at));
    if (!exif.empty()) appendSegment(result, 0xE1, kExifName, exif);
    const std::size_t room = kLargestSegment - kProfileName.size() - 2;
    const std::size_t count = (profile.size() + room - 1) / room;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string header = std::string(kProfileName) + static_cast<char>(i + 1) + static_cast<char>(count);
        appendSegment(result, 0xE2, header, profile.subspan(i * room, std::min(room, profile.size() - i * room)));
    }
    result.insert(result.end(), jpeg.begin() + static_cast<std::ptrdiff_t>(at), jpeg.end());
    return result;
}

} // namespace sfumato::document
