// SPDX-License-Identifier: Apache-2.0
#include "core/document/io/codecs/bmp_decoder.h"

#include <QByteArray>
#include <QImage>

#include <algorithm>
#include <cstring>

namespace sfumato::document {

namespace {

// Offsets in the file: 14 bytes of file header, then BITMAPCOREHEADER (12 bytes) or BITMAPINFOHEADER and its successors up to BITMAPV5HEADER (124 bytes).
constexpr std::size_t kInfoAt = 14;
constexpr std::uint32_t kCoreHeaderSize = 12;
constexpr std::uint32_t kVersion5Size = 124;
constexpr std::size_t kColorSpaceAt = kInfoAt + 56;
constexpr std::size_t kProfileOffsetAt = kInfoAt + 112;
constexpr std::uint32_t kEmbeddedProfile = 0x4D424544; // 'MBED'
constexpr std::uint32_t kSrgb = 0x73524742;            // 'sRGB'

std::uint32_t littleEndian32(Bytes bytes, std::size_t at) noexcept
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4 && at + i < bytes.size(); ++i) value |= std::to_integer<std::uint32_t>(bytes[at + i]) << (8 * i);
    return value;
}

// Takes the profile out of `file`, which then claims sRGB.
std::vector<std::byte> takeProfile(Bytes bytes, QByteArray& file)
{
    if (littleEndian32(bytes, kInfoAt) < kVersion5Size || bytes.size() < kInfoAt + kVersion5Size || littleEndian32(bytes, kColorSpaceAt) != kEmbeddedProfile) return {};
    for (int i = 0; i < 4; ++i) file[static_cast<qsizetype>(kColorSpaceAt) + i] = static_cast<char>(kSrgb >> (8 * i) & 0xFFU);
    const std::size_t offset = kInfoAt + littleEndian32(bytes, kProfileOffsetAt), size = littleEndian32(bytes, kProfileOffsetAt + 4);
    if (offset > bytes.size() || size > bytes.size() - offset) return {};
    const Bytes profile = bytes.subspan(offset, size);
    return { profile.begin(), profile.end() };
}

} // namespace

Result<Extent> bmpExtent(Bytes bytes, const std::string& name)
{
    if (bytes.size() < kInfoAt + kCoreHeaderSize) return damagedPicture(name, "the file is cut short");
    if (littleEndian32(bytes, kInfoAt) == kCoreHeaderSize) {
        const std::uint32_t size = littleEndian32(bytes, kInfoAt + 4);
        return Extent{ static_cast<int>(size & 0xFFFFU), static_cast<int>(size >> 16U) };
    }
    const auto width = static_cast<std::int32_t>(littleEndian32(bytes, kInfoAt + 4));
    const auto height = static_cast<std::int64_t>(static_cast<std::int32_t>(littleEndian32(bytes, kInfoAt + 8)));
    return Extent{ width, static_cast<int>(std::min<std::int64_t>(height < 0 ? -height : height, 0x7FFFFFFF)) };
}

Result<DecodedPicture> decodeBmp(Bytes bytes, const std::string& name)
{
    QByteArray file(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size()));
    DecodedPicture picture;
    picture.profile = takeProfile(bytes, file);
    const QImage decoded = QImage::fromData(file, "BMP");
    if (decoded.isNull()) return damagedPicture(name, "the BMP cannot be read");
    const QImage image = decoded.convertToFormat(QImage::Format_RGBA8888);
    picture.hasAlpha = decoded.hasAlphaChannel();
    picture.image = ImageBuffer({ image.width(), image.height() }, PixelFormat::Rgba8);
    for (int y = 0; y < image.height(); ++y) std::memcpy(picture.image.row(y), image.constScanLine(y), static_cast<std::size_t>(picture.image.bytesPerRow()));
    return picture;
}

} // namespace sfumato::document
