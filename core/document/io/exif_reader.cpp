// SPDX-License-Identifier: Apache-2.0
#include "core/document/io/exif_reader.h"

#include "core/document/io/exif_writer.h"
#include "core/document/io/text_encoding.h"

#include <libexif/exif-data.h>

#include <cstring>
#include <memory>

namespace sfumato::document {

namespace {

struct ExifDataRelease {
    void operator()(ExifData* exif) const noexcept { exif_data_unref(exif); }
};
using ExifDataPointer = std::unique_ptr<ExifData, ExifDataRelease>;

constexpr std::size_t kLargestExif = 16U << 20U;
constexpr std::size_t kCharacterCodeSize = 8;

ExifDataPointer parsed(Bytes tiff)
{
    if (tiff.size() < 8 || tiff.size() > kLargestExif) return nullptr;
    std::vector<unsigned char> block{ 'E', 'x', 'i', 'f', 0, 0 };
    const auto* bytes = reinterpret_cast<const unsigned char*>(tiff.data());
    block.insert(block.end(), bytes, bytes + tiff.size());
    ExifDataPointer exif(exif_data_new());
    if (!exif) return nullptr;
    exif_data_unset_option(exif.get(), EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
    exif_data_unset_option(exif.get(), EXIF_DATA_OPTION_IGNORE_UNKNOWN_TAGS);
    exif_data_set_option(exif.get(), EXIF_DATA_OPTION_DONT_CHANGE_MAKER_NOTE);
    exif_data_load_data(exif.get(), block.data(), static_cast<unsigned int>(block.size()));
    return exif;
}

std::string_view rawValue(const ExifEntry* entry)
{
    if (!entry || !entry->data) return {};
    return { reinterpret_cast<const char*>(entry->data), entry->size };
}

std::string_view withoutTrailingZeros(std::string_view text)
{
    while (!text.empty() && text.back() == '\0') text.remove_suffix(1);
    return text;
}

// The standard leaves the byte order of UNICODE open and writers disagree; ordinary text has its zero bytes on the high side.
bool looksBigEndian(std::string_view bytes, bool otherwise)
{
    std::size_t zeros[2] = { 0, 0 };
    for (std::size_t i = 0; i < bytes.size(); ++i) zeros[i % 2] += bytes[i] == '\0' ? 1U : 0U;
    return zeros[0] == zeros[1] ? otherwise : zeros[0] > zeros[1];
}

std::string commentText(std::string_view raw, bool fileIsBigEndian)
{
    using namespace std::string_view_literals;
    if (raw.size() < kCharacterCodeSize) return {};
    const std::string_view code = raw.substr(0, kCharacterCodeSize);
    std::string_view text = raw.substr(kCharacterCodeSize);
    if (code != "UNICODE\0"sv) return utf8FromUnknown(withoutTrailingZeros(text));
    const bool hasBigMark = text.starts_with("\xFE\xFF"sv), hasLittleMark = text.starts_with("\xFF\xFE"sv);
    if (hasBigMark || hasLittleMark) text.remove_prefix(2);
    std::string result = utf8FromUtf16(text, hasBigMark || (!hasLittleMark && looksBigEndian(text, fileIsBigEndian)));
    while (!result.empty() && result.back() == '\0') result.pop_back();
    return result;
}

int orientationOf(ExifData* exif)
{
    const ExifEntry* entry = exif_content_get_entry(exif->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
    if (!entry || !entry->data || entry->format != EXIF_FORMAT_SHORT || entry->components < 1 || entry->size < 2) return 1;
    const int value = exif_get_short(entry->data, exif_data_get_byte_order(exif));
    return value >= 1 && value <= 8 ? value : 1;
}

} // namespace

ExifContent readExif(Bytes tiff)
{
    ExifContent content;
    const ExifDataPointer exif = parsed(tiff);
    if (!exif) return content;
    content.orientation = orientationOf(exif.get());
    const bool isBigEndian = exif_data_get_byte_order(exif.get()) == EXIF_BYTE_ORDER_MOTOROLA;
    content.recipe.parameters = commentText(rawValue(exif_content_get_entry(exif->ifd[EXIF_IFD_EXIF], EXIF_TAG_USER_COMMENT)), isBigEndian);
    std::string_view description = withoutTrailingZeros(rawValue(exif_content_get_entry(exif->ifd[EXIF_IFD_0], EXIF_TAG_IMAGE_DESCRIPTION)));
    if (description.starts_with(kJobPrefix)) content.recipe.job = utf8Json(description.substr(kJobPrefix.size()));
    return content;
}

} // namespace sfumato::document
