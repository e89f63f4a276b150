// SPDX-License-Identifier: Apache-2.0
#include "core/document/io/exif_writer.h"

#include "core/document/io/text_encoding.h"

#include <cstdint>
#include <string>

namespace sfumato::document {

namespace {

enum class FieldType : std::uint16_t { Ascii = 2,
    Short = 3,
    Long = 4,
    Undefined = 7 };

struct Field {
    std::uint16_t tag = 0;
    FieldType type = FieldType::Undefined;
    std::uint32_t count = 0;
    std::string value; // big-endian bytes
};

std::string bigEndian(std::uint32_t value, int bytes)
{
    std::string text;
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) text.push_back(static_cast<char>(value >> shift & 0xFFU));
    return text;
}

std::uint32_t directorySize(const std::vector<Field>& fields)
{
    std::size_t size = 2 + 12 * fields.size() + 4;
    for (const Field& field : fields) size += field.value.size() > 4 ? (field.value.size() + 1) / 2 * 2 : 0;
    return static_cast<std::uint32_t>(size);
}

// A directory that begins at `offset`, followed by the values that do not fit into it. `fields` are in ascending order of tag.
std::string directory(const std::vector<Field>& fields, std::uint32_t offset)
{
    std::string entries = bigEndian(static_cast<std::uint32_t>(fields.size()), 2);
    std::string values;
    const auto valuesAt = static_cast<std::uint32_t>(offset + 2 + 12 * fields.size() + 4);
    for (const Field& field : fields) {
        entries += bigEndian(field.tag, 2) + bigEndian(static_cast<std::uint16_t>(field.type), 2) + bigEndian(field.count, 4);
        if (field.value.size() <= 4) {
            entries += field.value + std::string(4 - field.value.size(), '\0');
            continue;
        }
        entries += bigEndian(static_cast<std::uint32_t>(valuesAt + values.size()), 4);
        values += field.value;
        if (values.size() % 2 != 0) values.push_back('\0');
    }
    return entries + bigEndian(0, 4) + values;
}

} // namespace

std::vector<std::byte> exifBlock(const PictureRecipe& recipe)
{
    constexpr std::uint32_t kFirstDirectory = 8;
    std::vector<Field> main;
    if (!recipe.job.empty()) {
        const std::string description = std::string(kJobPrefix) + asciiJson(recipe.job) + '\0';
        main.push_back({ 0x010E, FieldType::Ascii, static_cast<std::uint32_t>(description.size()), description });
    }
    main.push_back({ 0x8769, FieldType::Long, 1, std::string(4, '\0') });
    const std::uint32_t second = kFirstDirectory + directorySize(main);
    main.back().value = bigEndian(second, 4);

    std::vector<Field> exif{ { 0x9000, FieldType::Undefined, 4, "0232" } };
    if (!recipe.parameters.empty()) {
        const std::string comment = std::string("UNICODE\0", 8) + utf16BigEndianFromUtf8(recipe.parameters);
        exif.push_back({ 0x9286, FieldType::Undefined, static_cast<std::uint32_t>(comment.size()), comment });
    }
    exif.push_back({ 0xA001, FieldType::Short, 1, bigEndian(1, 2) });

    const std::string block = std::string("MM\0*", 4) + bigEndian(kFirstDirectory, 4) + directory(main, kFirstDirectory) + directory(exif, second);
    const auto* bytes = reinterpret_cast<const std::byte*>(block.data());
    return { bytes, bytes + block.size() };
}

} // namespace sfumato::document
