// SPDX-License-Identifier: Apache-2.0
#include "core/document/io/codecs/avif_codec.h"

#include "core/document/io/exif_writer.h"

#include <avif/avif.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace sfumato::document {

namespace {

struct DecoderRelease {
    void operator()(avifDecoder* decoder) const noexcept { avifDecoderDestroy(decoder); }
};
using DecoderPointer = std::unique_ptr<avifDecoder, DecoderRelease>;

struct EncoderRelease {
    void operator()(avifEncoder* encoder) const noexcept { avifEncoderDestroy(encoder); }
};
using EncoderPointer = std::unique_ptr<avifEncoder, EncoderRelease>;

struct ImageRelease {
    void operator()(avifImage* image) const noexcept { avifImageDestroy(image); }
};
using ImagePointer = std::unique_ptr<avifImage, ImageRelease>;

struct OutputData {
    avifRWData bytes = AVIF_DATA_EMPTY;
    OutputData() = default;
    OutputData(const OutputData&) = delete;
    OutputData& operator=(const OutputData&) = delete;
    ~OutputData() { avifRWDataFree(&bytes); }
};

constexpr int kThreads = 2;
constexpr int kSpeed = 6;

Error problem(const std::string& name, avifResult result)
{
    return damagedPicture(name, std::string("the AVIF decoder says \"") + avifResultToString(result) + "\"");
}

// Parsed, nothing decoded.
Result<DecoderPointer> parsedDecoder(Bytes bytes, const std::string& name)
{
    DecoderPointer decoder(avifDecoderCreate());
    if (!decoder) return Error{ ErrorCode::Internal, "The AVIF decoder could not be started.", name };
    decoder->maxThreads = kThreads;
    decoder->imageDimensionLimit = 65536;
    decoder->strictFlags = AVIF_STRICT_DISABLED;
    avifResult result = avifDecoderSetIOMemory(decoder.get(), reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    if (result == AVIF_RESULT_OK) result = avifDecoderParse(decoder.get());
    if (result != AVIF_RESULT_OK) return problem(name, result);
    return decoder;
}

std::vector<std::byte> contentOf(const avifRWData& source)
{
    const auto* begin = reinterpret_cast<const std::byte*>(source.data);
    return source.size == 0 ? std::vector<std::byte>{} : std::vector<std::byte>(begin, begin + source.size);
}

// irot turns anticlockwise by quarters, then imir mirrors: mode 0 exchanges top and bottom, 1 left and right.
std::optional<int> orientationOf(const avifImage& image)
{
    const bool turns = (image.transformFlags & AVIF_TRANSFORM_IROT) != 0, mirrors = (image.transformFlags & AVIF_TRANSFORM_IMIR) != 0;
    if (!turns && !mirrors) return std::nullopt;
    constexpr int kOrientations[4][3] = { { 1, 4, 2 }, { 8, 5, 7 }, { 3, 2, 4 }, { 6, 7, 5 } };
    return kOrientations[turns ? image.irot.angle & 3 : 0][mirrors ? 1 + (image.imir.mode & 1) : 0];
}

// The part of the picture that is meant to be seen.
void applyCleanAperture(const avifImage& source, ImageBuffer& image)
{
    avifCropRect crop = {};
    avifDiagnostics ignored = {};
    if ((source.transformFlags & AVIF_TRANSFORM_CLAP) == 0
        || avifCropRectConvertCleanApertureBox(&crop, &source.clap, source.width, source.height, source.yuvFormat, &ignored) == AVIF_FALSE) {
        return;
    }
    const Bounds area = Bounds{ static_cast<int>(crop.x), static_cast<int>(crop.y), static_cast<int>(crop.width), static_cast<int>(crop.height) }.intersected(Bounds::ofExtent(image.extent()));
    if (area.isEmpty()) return;
    ImageBuffer part(area.extent(), image.format());
    const int pixelBytes = bytesPerPixel(image.format());
    for (int y = 0; y < area.height; ++y) {
        std::memcpy(part.row<std::byte>(y), image.row<std::byte>(area.y + y) + std::ptrdiff_t{ area.x } * pixelBytes, static_cast<std::size_t>(part.bytesPerRow()));
    }
    image = std::move(part);
}

Result<ImageBuffer> toRgba(const avifImage& source, const std::string& name)
{
    const bool wide = source.depth > 8;
    ImageBuffer image({ static_cast<int>(source.width), static_cast<int>(source.height) }, wide ? PixelFormat::Rgba16 : PixelFormat::Rgba8);
    avifRGBImage rgb;
    avifRGBImageSetDefaults(&rgb, &source);
    rgb.format = AVIF_RGB_FORMAT_RGBA;
    rgb.depth = wide ? 16 : 8;
    rgb.pixels = image.row(0);
    rgb.rowBytes = static_cast<std::uint32_t>(image.bytesPerRow());
    if (const avifResult result = avifImageYUVToRGB(&source, &rgb); result != AVIF_RESULT_OK) return problem(name, result);
    return image;
}

// 1..100 to AV1's 63 (coarse) … 0 (lossless).
int quantizerFor(int quality) noexcept
{
    return ((100 - std::clamp(quality, 0, 100)) * 63 + 50) / 100;
}

void describe(avifImage& image, const PictureRecipe& recipe)
{
    image.colorPrimaries = AVIF_COLOR_PRIMARIES_BT709;
    image.transferCharacteristics = AVIF_TRANSFER_CHARACTERISTICS_SRGB;
    image.matrixCoefficients = AVIF_MATRIX_COEFFICIENTS_BT601;
    image.yuvRange = AVIF_RANGE_FULL;
    image.alphaPremultiplied = AVIF_FALSE;
    const std::vector<std::byte> exif = exifBlock(recipe);
    avifImageSetMetadataExif(&image, reinterpret_cast<const std::uint8_t*>(exif.data()), exif.size());
}

} // namespace

Result<AvifHeader> avifHeader(Bytes bytes, const std::string& name)
{
    const Result<DecoderPointer> decoder = parsedDecoder(bytes, name);
    if (!decoder) return decoder.error();
    const avifImage& image = *(*decoder)->image;
    return AvifHeader{ { static_cast<int>(image.width), static_cast<int>(image.height) }, static_cast<int>(image.depth) };
}

Result<DecodedPicture> decodeAvif(Bytes bytes, const std::string& name)
{
    const Result<DecoderPointer> decoder = parsedDecoder(bytes, name);
    if (!decoder) return decoder.error();
    if (const avifResult result = avifDecoderNextImage(decoder->get()); result != AVIF_RESULT_OK) return problem(name, result);
    const avifImage& source = *(*decoder)->image;
    Result<ImageBuffer> image = toRgba(source, name);
    if (!image) return image.error();

    DecodedPicture picture;
    picture.image = std::move(*image);
    applyCleanAperture(source, picture.image);
    picture.hasAlpha = (*decoder)->alphaPresent != AVIF_FALSE;
    picture.orientation = orientationOf(source);
    picture.exif = contentOf(source.exif);
    picture.profile = contentOf(source.icc);
    if (picture.profile.empty()) picture.primaries = primariesFromCodes(source.colorPrimaries, source.transferCharacteristics, picture.warnings);
    return picture;
}

Result<std::vector<std::byte>> encodeAvif(ImageView image, bool withAlpha, int quality, const PictureRecipe& recipe)
{
    const bool wide = image.format == PixelFormat::Rgba16;
    const ImagePointer target(avifImageCreate(static_cast<std::uint32_t>(image.extent.width), static_cast<std::uint32_t>(image.extent.height), wide ? 10 : 8, AVIF_PIXEL_FORMAT_YUV444));
    const EncoderPointer encoder(avifEncoderCreate());
    if (!target || !encoder) return Error{ ErrorCode::Internal, "The AVIF encoder could not be started.", "avif" };
    describe(*target, recipe);
    avifRGBImage rgb;
    avifRGBImageSetDefaults(&rgb, target.get());
    rgb.format = image.format == PixelFormat::Rgb8 ? AVIF_RGB_FORMAT_RGB : AVIF_RGB_FORMAT_RGBA;
    rgb.depth = wide ? 16 : 8;
    rgb.ignoreAlpha = withAlpha ? AVIF_FALSE : AVIF_TRUE;
    rgb.pixels = const_cast<std::uint8_t*>(image.row(0));
    rgb.rowBytes = static_cast<std::uint32_t>(image.bytesPerRow);
    avifResult result = avifImageRGBToYUV(target.get(), &rgb);

    encoder->maxThreads = kThreads;
    encoder->speed = kSpeed;
    encoder->minQuantizer = encoder->maxQuantizer = quantizerFor(quality);
    encoder->minQuantizerAlpha = encoder->maxQuantizerAlpha = AVIF_QUANTIZER_LOSSLESS;
    OutputData output;
    if (result == AVIF_RESULT_OK) result = avifEncoderWrite(encoder.get(), target.get(), &output.bytes);
    if (result != AVIF_RESULT_OK) return Error{ ErrorCode::Internal, std::string("The AVIF could not be made: ") + avifResultToString(result) + ".", "avif" };
    return contentOf(output.bytes);
}

} // namespace sfumato::document
