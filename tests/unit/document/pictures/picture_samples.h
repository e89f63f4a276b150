// Picture files made by code: good, odd and hostile ones.
// Thread: any, pure. Owner: the tests. Bytes are held in strings, which are easy to cut and join.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"
#include "core/document/io/picture_reader.h"
#include "core/document/io/picture_writer.h"

#include <cstring>
#include <span>
#include <string>
#include <vector>

namespace sfumato::document {

[[nodiscard]] inline std::span<const std::byte> asBytes(const std::string& text)
{
    return std::as_bytes(std::span(text.data(), text.size()));
}

// A soft gradient with alpha 40 on its left half when `format` has alpha and `opaque` is false.
[[nodiscard]] ImageBuffer gradient(Extent extent, PixelFormat format, bool opaque = true);
// Four quarters: red, green (right), blue (below), white.
[[nodiscard]] ImageBuffer quarters(Extent extent);

// encodePicture, which must succeed.
[[nodiscard]] std::string encoded(const ImageBuffer& image, PictureFormat format, const PictureRecipe& recipe = {}, std::optional<int> quality = {});

[[nodiscard]] std::string bigEndian32(std::uint32_t value);
[[nodiscard]] std::string deflated(const std::string& text);

// PNG
[[nodiscard]] std::string pngChunk(const std::string& type, const std::string& content);
struct PngParts {
    std::uint32_t width = 1;
    std::uint32_t height = 1;
    int bitDepth = 8;
    int colorType = 2;
    bool interlaced = false;
    std::string beforeData = {}; // whole chunks
    std::string rows = {};       // with filter bytes
    std::string afterData = {};
};
[[nodiscard]] std::string png(const PngParts& parts);
// The file with whole chunks put behind its header.
[[nodiscard]] std::string withPngChunks(const std::string& file, const std::string& chunks);
[[nodiscard]] std::string pngProfileChunk(const std::string& profile);
// 8-bit RGB samples of an image as Adam7 passes.
[[nodiscard]] std::string adam7Rows(const ImageBuffer& rgb);

// JPEG
[[nodiscard]] std::string cmykJpeg(Extent extent, const unsigned char (&inks)[4]);
[[nodiscard]] std::string grayJpeg(Extent extent, unsigned char level);
[[nodiscard]] std::string withJpegSegments(const std::string& file, const std::string& exif, const std::string& profile);

// GIF: global palette of 256 greys (index = level), frames of one colour index each.
struct GifFrameParts {
    int x = 0, y = 0, width = 1, height = 1;
    unsigned char index = 0;
    int transparentIndex = -1;
};
[[nodiscard]] std::string gif(Extent screen, const std::vector<GifFrameParts>& frames);

// WebP and AVIF
[[nodiscard]] std::string withWebpChunk(const std::string& file, const std::string& fourCc, const std::string& content);
[[nodiscard]] std::string animatedWebp(Extent extent, int frames);
[[nodiscard]] std::string avif(const ImageBuffer& rgba, const std::string& exif, const std::string& profile, int depth = 8);

// EXIF in TIFF form, little-endian, with nothing but an orientation.
[[nodiscard]] std::string exifOrientation(int orientation);
// A matrix profile with Display-P3 primaries and the sRGB curve, a grey one of the given gamma.
[[nodiscard]] std::string displayP3Profile();
[[nodiscard]] std::string grayProfile(double gamma);

} // namespace sfumato::document
