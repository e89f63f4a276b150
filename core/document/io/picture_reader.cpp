// SPDX-License-Identifier: Apache-2.0
#include "core/document/io/picture_reader.h"

#include "core/document/io/atomic_file.h"
#include "core/document/io/codecs/avif_codec.h"
#include "core/document/io/codecs/bmp_decoder.h"
#include "core/document/io/codecs/decoded_picture.h"
#include "core/document/io/codecs/gif_decoder.h"
#include "core/document/io/codecs/jpeg_codec.h"
#include "core/document/io/codecs/png_codec.h"
#include "core/document/io/codecs/webp_codec.h"
#include "core/document/io/color_conversion.h"
#include "core/document/io/exif_reader.h"
#include "core/document/io/orientation.h"

#include <new>

namespace sfumato::document {

namespace {

Error unknownFormat(Bytes bytes, const std::string& name)
{
    if (bytes.empty()) return { ErrorCode::FileUnreadable, name + " is empty.", name };
    return { ErrorCode::FileUnreadable, name + " is not a picture this program reads (PNG, JPEG, WebP, GIF, AVIF or BMP).", name };
}

Error outOfMemory(const std::string& name)
{
    return { ErrorCode::FileUnreadable, name + " needs more memory than is free.", name };
}

Result<PictureHeader> headerOfExtent(PictureFormat format, const Result<Extent>& extent)
{
    if (!extent) return extent.error();
    return PictureHeader{ format, *extent, 8 };
}

Result<PictureHeader> headerOf(PictureFormat format, Bytes bytes, const std::string& name)
{
    switch (format) {
    case PictureFormat::Png: {
        const Result<PngFile> file = parsePng(bytes, name);
        if (!file) return file.error();
        return PictureHeader{ format, file->extent, file->bitDepth == 16 ? 16 : 8 };
    }
    case PictureFormat::Jpeg: {
        const Result<JpegFile> file = parseJpeg(bytes, name);
        if (!file) return file.error();
        return PictureHeader{ format, file->extent, file->bitsPerSample };
    }
    case PictureFormat::Avif: {
        const Result<AvifHeader> header = avifHeader(bytes, name);
        if (!header) return header.error();
        return PictureHeader{ format, header->extent, header->bitsPerSample };
    }
    case PictureFormat::WebP: return headerOfExtent(format, webpExtent(bytes, name));
    case PictureFormat::Gif: return headerOfExtent(format, gifExtent(bytes, name));
    case PictureFormat::Bmp: return headerOfExtent(format, bmpExtent(bytes, name));
    }
    return unknownFormat(bytes, name);
}

Result<DecodedPicture> decode(PictureFormat format, Bytes bytes, const std::string& name)
{
    switch (format) {
    case PictureFormat::Png: {
        const Result<PngFile> file = parsePng(bytes, name);
        if (!file) return file.error();
        return decodePng(*file, name);
    }
    case PictureFormat::Jpeg: {
        const Result<JpegFile> file = parseJpeg(bytes, name);
        if (!file) return file.error();
        return decodeJpeg(bytes, *file, name);
    }
    case PictureFormat::WebP: return decodeWebp(bytes, name);
    case PictureFormat::Gif: return decodeGif(bytes, name);
    case PictureFormat::Avif: return decodeAvif(bytes, name);
    case PictureFormat::Bmp: return decodeBmp(bytes, name);
    }
    return unknownFormat(bytes, name);
}

std::string sizeText(Extent extent)
{
    return std::to_string(extent.width) + " × " + std::to_string(extent.height) + " pixels";
}

Result<void> heldAgainst(const PictureLimits& limits, const PictureHeader& header, const std::string& name)
{
    if (header.extent.isEmpty()) return Error{ ErrorCode::FileUnreadable, name + " claims a size of " + sizeText(header.extent) + "; a picture has at least one.", name };
    const std::int64_t area = header.extent.area();
    if (area > limits.pixels) {
        return Error{ ErrorCode::FileUnreadable,
            name + " is " + sizeText(header.extent) + "; the limit is " + std::to_string(limits.pixels / 1'000'000) + " megapixels.", name };
    }
    const std::int64_t bytes = area * (header.bitsPerSample > 8 ? 8 : 4);
    if (bytes > limits.decodedBytes) {
        return Error{ ErrorCode::FileUnreadable,
            name + " takes " + std::to_string(bytes >> 20) + " MiB when opened; the limit is " + std::to_string(limits.decodedBytes >> 20) + " MiB.", name };
    }
    return {};
}

Picture finished(DecodedPicture decoded, PictureFormat format, const std::string& name)
{
    Picture picture;
    picture.format = format;
    picture.hasAlpha = decoded.hasAlpha;
    picture.hadProfile = !decoded.profile.empty() || decoded.primaries.has_value();
    const ExifContent exif = readExif(decoded.exif);
    picture.recipe = decoded.recipe;
    if (picture.recipe.parameters.empty()) picture.recipe.parameters = exif.recipe.parameters;
    if (picture.recipe.job.empty()) picture.recipe.job = exif.recipe.job;
    toSrgb(decoded);
    picture.image = upright(std::move(decoded.image), decoded.orientation.value_or(exif.orientation));
    for (const std::string& warning : decoded.warnings) picture.warnings.push_back(name + ": " + warning);
    return picture;
}

Result<Picture> readRecognised(Bytes bytes, const std::string& name, const PictureLimits& limits)
{
    const std::optional<PictureFormat> format = recognisePicture(bytes);
    if (!format) return unknownFormat(bytes, name);
    const Result<PictureHeader> header = headerOf(*format, bytes, name);
    if (!header) return header.error();
    if (const Result<void> allowed = heldAgainst(limits, *header, name); !allowed) return allowed.error();
    Result<DecodedPicture> decoded = decode(*format, bytes, name);
    if (!decoded) return decoded.error();
    return finished(std::move(*decoded), *format, name);
}

} // namespace

Result<Picture> readPicture(const std::filesystem::path& path, const PictureLimits& limits)
{
    const std::string name = path.filename().string();
    try {
        const Result<std::vector<std::byte>> bytes = readWholeFile(path, limits.fileBytes);
        if (!bytes) return bytes.error();
        return readPicture(*bytes, name, limits);
    } catch (const std::bad_alloc&) {
        return outOfMemory(name);
    }
}

Result<Picture> readPicture(std::span<const std::byte> bytes, const std::string& name, const PictureLimits& limits)
{
    try {
        return readRecognised(bytes, name, limits);
    } catch (const std::bad_alloc&) {
        return outOfMemory(name);
    }
}

Result<PictureHeader> readPictureHeader(std::span<const std::byte> bytes, const std::string& name)
{
    const std::optional<PictureFormat> format = recognisePicture(bytes);
    if (!format) return unknownFormat(bytes, name);
    try {
        return headerOf(*format, bytes, name);
    } catch (const std::bad_alloc&) {
        return outOfMemory(name);
    }
}

} // namespace sfumato::document
