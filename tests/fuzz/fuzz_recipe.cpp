// Recipes in picture files, and the files around them. Input: a letter that names the container, then what is put into it.
//   T  a tEXt chunk, I an iTXt chunk, Z a zTXt chunk, E an eXIf chunk of a PNG, with its check sum made right
//   J  the EXIF segment of a JPEG     else  the whole input as a file of any format
// SPDX-License-Identifier: Apache-2.0
#include "core/document/io/picture_reader.h"
#include "core/workflow/recipes/foreign_recipe.h"
#include "tests/fuzz/job_way_back.h"

#include <string>

#include <zlib.h>

using namespace sfumato;

namespace {

std::string bigEndian(std::size_t value)
{
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>((value >> shift) & 0xFFU);
    return bytes;
}

std::string pngChunk(std::string_view type, std::string_view content)
{
    const std::string body = std::string(type).append(content);
    return bigEndian(content.size()) + body + bigEndian(crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size())));
}

std::string pngWith(std::string_view type, std::string_view content)
{
    constexpr std::string_view kHeader("\0\0\0\1\0\0\0\1\x08\0\0\0\0", 13); // one grey pixel
    constexpr std::string_view kPixel("\x78\x9C\x63\x60\0\0\0\2\0\1", 10);
    return std::string("\x89PNG\r\n\x1A\n") + pngChunk("IHDR", kHeader) + pngChunk(type, content) + pngChunk("IDAT", kPixel) + pngChunk("IEND", {});
}

// The segments alone: what follows them is of no matter to the recipe.
std::string jpegWith(std::string_view exif)
{
    const std::string_view content = exif.substr(0, 65000);
    const std::size_t length = content.size() + 8;
    std::string file("\xFF\xD8\xFF\xE1");
    file += static_cast<char>(length >> 8);
    file += static_cast<char>(length & 0xFFU);
    file.append("Exif\0\0", 6).append(content);
    constexpr std::string_view kFrameAndScan("\xFF\xC0\0\x0B\x08\0\1\0\1\1\1\x11\0\xFF\xDA\0\x08\1\1\0\0\x3F\0\x3F\xFF\xD9", 26);
    return file.append(kFrameAndScan);
}

std::string containerOf(std::string_view input)
{
    const std::string_view content = input.substr(std::min<std::size_t>(1, input.size()));
    switch (input.empty() ? '\0' : input.front()) {
    case 'T': return pngWith("tEXt", content);
    case 'I': return pngWith("iTXt", content);
    case 'Z': return pngWith("zTXt", content);
    case 'E': return pngWith("eXIf", content);
    case 'J': return jpegWith(content);
    default: return std::string(input);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr document::PictureLimits kLimits{ .pixels = 1 << 20, .decodedBytes = 16 << 20, .fileBytes = 4 << 20 };
    const std::string file = containerOf(fuzz::asText(data, size));
    const auto bytes = std::as_bytes(std::span(file));
    (void)document::readPictureHeader(bytes, "picture");
    const Result<document::Picture> picture = document::readPicture(bytes, "picture", kLimits);
    if (!picture) {
        FUZZ_CHECK(!picture.error().message.empty());
        return 0;
    }
    FUZZ_CHECK(picture->image.width() > 0 && picture->image.height() > 0);
    if (const auto job = workflow::jobFromPicture({ picture->recipe.job, picture->recipe.parameters, picture->recipe.comfyGraph })) fuzz::checkWayBack(*job);
    return 0;
}
