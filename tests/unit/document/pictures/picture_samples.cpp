// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/document/pictures/picture_samples.h"

#include "core/document/io/codecs/jpeg_segments.h"

#include <avif/avif.h>
#include <lcms2.h>
#include <turbojpeg.h>
#include <webp/encode.h>
#include <webp/mux.h>
#include <zlib.h>

#include <algorithm>
#include <cstdlib>

namespace sfumato::document {

namespace {

std::string asString(std::span<const std::byte> bytes)
{
    return { reinterpret_cast<const char*>(bytes.data()), bytes.size() };
}

std::string littleEndian(std::uint32_t value, int bytes)
{
    std::string text;
    for (int i = 0; i < bytes; ++i) text.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
    return text;
}

std::string compressedJpeg(const std::vector<unsigned char>& samples, Extent extent, int pixelFormat, int subsampling)
{
    tjhandle handle = tjInitCompress();
    unsigned char* buffer = nullptr;
    unsigned long size = 0;
    tjCompress2(handle, samples.data(), extent.width, 0, extent.height, pixelFormat, &buffer, &size, subsampling, 95, 0);
    std::string file(reinterpret_cast<const char*>(buffer), size);
    tjFree(buffer);
    tjDestroy(handle);
    return file;
}

std::string profileBytes(cmsHPROFILE profile)
{
    cmsUInt32Number size = 0;
    cmsSaveProfileToMem(profile, nullptr, &size);
    std::string bytes(size, '\0');
    cmsSaveProfileToMem(profile, bytes.data(), &size);
    cmsCloseProfile(profile);
    return bytes;
}

// Codes of nine bits with a clear code before the table could make them longer.
std::string lzwOfOneIndex(std::size_t count, unsigned char index)
{
    std::string packed;
    std::uint32_t bits = 0;
    int bitCount = 0;
    const auto put = [&](std::uint32_t code) {
        bits |= code << bitCount;
        for (bitCount += 9; bitCount >= 8; bitCount -= 8, bits >>= 8U) packed.push_back(static_cast<char>(bits & 0xFFU));
    };
    for (std::size_t i = 0; i < count; ++i) {
        if (i % 200 == 0) put(256);
        put(index);
    }
    put(257);
    if (bitCount > 0) packed.push_back(static_cast<char>(bits & 0xFFU));
    std::string blocks;
    for (std::size_t at = 0; at < packed.size(); at += 255) {
        const std::string part = packed.substr(at, 255);
        blocks += static_cast<char>(part.size()) + part;
    }
    return blocks + '\0';
}

} // namespace

ImageBuffer gradient(Extent extent, PixelFormat format, bool opaque)
{
    ImageBuffer image(extent, format);
    const int channels = channelCount(format);
    for (int y = 0; y < extent.height; ++y) {
        for (int x = 0; x < extent.width; ++x) {
            const int values[4] = { x * 255 / std::max(1, extent.width - 1), y * 255 / std::max(1, extent.height - 1), 90 + (x + y) % 3, opaque || 2 * x >= extent.width ? 255 : 40 };
            for (int c = 0; c < channels; ++c) {
                if (format == PixelFormat::Rgba16) image.row<std::uint16_t>(y)[4 * x + c] = static_cast<std::uint16_t>(values[c] * 257 - (c < 3 && values[c] > 0 ? 31 : 0));
                else
                    image.row(y)[channels * x + c] = static_cast<std::uint8_t>(values[c]);
            }
        }
    }
    return image;
}

ImageBuffer quarters(Extent extent)
{
    ImageBuffer image(extent, PixelFormat::Rgba8);
    constexpr std::uint8_t kColors[4][4] = { { 220, 20, 20, 255 }, { 20, 200, 20, 255 }, { 20, 20, 220, 255 }, { 240, 240, 240, 255 } };
    for (int y = 0; y < extent.height; ++y) {
        for (int x = 0; x < extent.width; ++x) std::copy_n(kColors[(2 * x >= extent.width ? 1 : 0) + (2 * y >= extent.height ? 2 : 0)], 4, image.row(y) + 4 * x);
    }
    return image;
}

std::string encoded(const ImageBuffer& image, PictureFormat format, const PictureRecipe& recipe, std::optional<int> quality)
{
    PictureEncoding encoding;
    encoding.format = format;
    encoding.recipe = recipe;
    encoding.quality = quality;
    const Result<std::vector<std::byte>> bytes = encodePicture(image.view(), encoding);
    return bytes ? asString(*bytes) : std::string{};
}

std::string bigEndian32(std::uint32_t value)
{
    std::string text = littleEndian(value, 4);
    std::reverse(text.begin(), text.end());
    return text;
}

std::string deflated(const std::string& text)
{
    uLongf size = compressBound(text.size());
    std::string result(size, '\0');
    compress(reinterpret_cast<Bytef*>(result.data()), &size, reinterpret_cast<const Bytef*>(text.data()), text.size());
    result.resize(size);
    return result;
}

std::string pngChunk(const std::string& type, const std::string& content)
{
    const std::string checked = type + content;
    const uLong sum = crc32_z(0, reinterpret_cast<const Bytef*>(checked.data()), checked.size());
    return bigEndian32(static_cast<std::uint32_t>(content.size())) + checked + bigEndian32(static_cast<std::uint32_t>(sum));
}

std::string png(const PngParts& parts)
{
    std::string header = bigEndian32(parts.width) + bigEndian32(parts.height);
    for (const int value : { parts.bitDepth, parts.colorType, 0, 0, parts.interlaced ? 1 : 0 }) header.push_back(static_cast<char>(value));
    return "\x89PNG\r\n\x1a\n" + pngChunk("IHDR", header) + parts.beforeData + pngChunk("IDAT", deflated(parts.rows)) + parts.afterData + pngChunk("IEND", "");
}

std::string withPngChunks(const std::string& file, const std::string& chunks)
{
    return file.substr(0, 33) + chunks + file.substr(33);
}

std::string pngProfileChunk(const std::string& profile)
{
    return pngChunk("iCCP", std::string("test\0\0", 6) + deflated(profile));
}

std::string adam7Rows(const ImageBuffer& rgb)
{
    constexpr int kStartX[7] = { 0, 4, 0, 2, 0, 1, 0 }, kStartY[7] = { 0, 0, 4, 0, 2, 0, 1 }, kStepX[7] = { 8, 8, 4, 4, 2, 2, 1 }, kStepY[7] = { 8, 8, 8, 4, 4, 2, 2 };
    std::string rows;
    for (int pass = 0; pass < 7; ++pass) {
        for (int y = kStartY[pass]; y < rgb.height(); y += kStepY[pass]) {
            if (kStartX[pass] >= rgb.width()) break;
            rows.push_back('\0');
            for (int x = kStartX[pass]; x < rgb.width(); x += kStepX[pass]) rows.append(reinterpret_cast<const char*>(rgb.row(y)) + 3 * x, 3);
        }
    }
    return rows;
}

std::string cmykJpeg(Extent extent, const unsigned char (&inks)[4])
{
    std::vector<unsigned char> samples;
    for (std::int64_t i = 0; i < extent.area(); ++i) samples.insert(samples.end(), std::begin(inks), std::end(inks));
    return compressedJpeg(samples, extent, TJPF_CMYK, TJSAMP_444);
}

std::string grayJpeg(Extent extent, unsigned char level)
{
    return compressedJpeg(std::vector<unsigned char>(static_cast<std::size_t>(extent.area()), level), extent, TJPF_GRAY, TJSAMP_GRAY);
}

std::string withJpegSegments(const std::string& file, const std::string& exif, const std::string& profile)
{
    const Result<std::vector<std::byte>> bytes = withSegments(asBytes(file), asBytes(exif), asBytes(profile));
    return bytes ? asString(*bytes) : std::string{};
}

std::string gif(Extent screen, const std::vector<GifFrameParts>& frames)
{
    std::string file = "GIF89a" + littleEndian(static_cast<std::uint32_t>(screen.width), 2) + littleEndian(static_cast<std::uint32_t>(screen.height), 2) + std::string("\xF7\0\0", 3);
    for (int level = 0; level < 256; ++level) file.append(3, static_cast<char>(level));
    for (const GifFrameParts& frame : frames) {
        const bool transparent = frame.transparentIndex >= 0;
        file += std::string("\x21\xF9\x04", 3) + static_cast<char>(transparent ? 1 : 0) + std::string("\x05\0", 2) + static_cast<char>(transparent ? frame.transparentIndex : 0) + '\0';
        file += '\x2C';
        for (const int value : { frame.x, frame.y, frame.width, frame.height }) file += littleEndian(static_cast<std::uint32_t>(value), 2);
        file += std::string("\0\x08", 2) + lzwOfOneIndex(static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.height), frame.index);
    }
    return file + '\x3B';
}

std::string withWebpChunk(const std::string& file, const std::string& fourCc, const std::string& content)
{
    const WebPData source{ reinterpret_cast<const std::uint8_t*>(file.data()), file.size() };
    const WebPData chunk{ reinterpret_cast<const std::uint8_t*>(content.data()), content.size() };
    WebPMux* mux = WebPMuxCreate(&source, 1);
    WebPMuxSetChunk(mux, fourCc.c_str(), &chunk, 1);
    WebPData assembled = {};
    WebPMuxAssemble(mux, &assembled);
    std::string result(reinterpret_cast<const char*>(assembled.bytes), assembled.size);
    WebPDataClear(&assembled);
    WebPMuxDelete(mux);
    return result;
}

std::string animatedWebp(Extent extent, int frames)
{
    WebPAnimEncoder* encoder = WebPAnimEncoderNew(extent.width, extent.height, nullptr);
    for (int i = 0; i < frames; ++i) {
        std::vector<std::uint8_t> samples;
        for (std::int64_t p = 0; p < extent.area(); ++p) samples.insert(samples.end(), { static_cast<std::uint8_t>(40 + 60 * i), 100, 200, 255 });
        WebPPicture picture;
        WebPPictureInit(&picture);
        picture.use_argb = 1;
        picture.width = extent.width;
        picture.height = extent.height;
        WebPPictureImportRGBA(&picture, samples.data(), 4 * extent.width);
        WebPConfig config;
        WebPConfigInit(&config);
        config.lossless = 1;
        WebPAnimEncoderAdd(encoder, &picture, 100 * i, &config);
        WebPPictureFree(&picture);
    }
    WebPAnimEncoderAdd(encoder, nullptr, 100 * frames, nullptr);
    WebPData assembled = {};
    WebPAnimEncoderAssemble(encoder, &assembled);
    std::string result(reinterpret_cast<const char*>(assembled.bytes), assembled.size);
    WebPDataClear(&assembled);
    WebPAnimEncoderDelete(encoder);
    return result;
}

std::string avif(const ImageBuffer& rgba, const std::string& exif, const std::string& profile, int depth)
{
    avifImage* image = avifImageCreate(static_cast<std::uint32_t>(rgba.width()), static_cast<std::uint32_t>(rgba.height()), static_cast<std::uint32_t>(depth), AVIF_PIXEL_FORMAT_YUV444);
    image->matrixCoefficients = AVIF_MATRIX_COEFFICIENTS_BT601;
    if (!exif.empty()) avifImageSetMetadataExif(image, reinterpret_cast<const std::uint8_t*>(exif.data()), exif.size());
    if (!profile.empty()) avifImageSetProfileICC(image, reinterpret_cast<const std::uint8_t*>(profile.data()), profile.size());
    avifRGBImage rgb;
    avifRGBImageSetDefaults(&rgb, image);
    rgb.depth = rgba.format() == PixelFormat::Rgba16 ? 16 : 8;
    rgb.pixels = const_cast<std::uint8_t*>(rgba.row(0));
    rgb.rowBytes = static_cast<std::uint32_t>(rgba.bytesPerRow());
    avifImageRGBToYUV(image, &rgb);
    avifEncoder* encoder = avifEncoderCreate();
    encoder->speed = 10;
    encoder->minQuantizer = encoder->maxQuantizer = 4;
    avifRWData output = AVIF_DATA_EMPTY;
    avifEncoderWrite(encoder, image, &output);
    std::string result(reinterpret_cast<const char*>(output.data), output.size);
    avifRWDataFree(&output);
    avifEncoderDestroy(encoder);
    avifImageDestroy(image);
    return result;
}

std::string exifOrientation(int orientation)
{
    return std::string("II*\0", 4) + littleEndian(8, 4) + littleEndian(1, 2) + littleEndian(0x0112, 2) + littleEndian(3, 2) + littleEndian(1, 4)
        + littleEndian(static_cast<std::uint32_t>(orientation), 4) + littleEndian(0, 4);
}

std::string displayP3Profile()
{
    const cmsCIExyY white{ 0.3127, 0.3290, 1.0 };
    const cmsCIExyYTRIPLE primaries{ { 0.680, 0.320, 1.0 }, { 0.265, 0.690, 1.0 }, { 0.150, 0.060, 1.0 } };
    const cmsFloat64Number curve[5] = { 2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045 };
    cmsToneCurve* tone = cmsBuildParametricToneCurve(nullptr, 4, curve);
    cmsToneCurve* const tones[3] = { tone, tone, tone };
    cmsHPROFILE profile = cmsCreateRGBProfile(&white, &primaries, tones);
    cmsFreeToneCurve(tone);
    return profileBytes(profile);
}

std::string grayProfile(double gamma)
{
    cmsToneCurve* tone = cmsBuildGamma(nullptr, gamma);
    cmsHPROFILE profile = cmsCreateGrayProfile(cmsD50_xyY(), tone);
    cmsFreeToneCurve(tone);
    return profileBytes(profile);
}

} // namespace sfumato::document
