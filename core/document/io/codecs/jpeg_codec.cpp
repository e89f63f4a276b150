// SPDX-License-Identifier: Apache-2.0
#include "core/document/io/codecs/jpeg_codec.h"

#include "core/document/io/color_conversion.h"
#include "core/document/io/exif_writer.h"

#include <turbojpeg.h>

#include <memory>
#include <string_view>

namespace sfumato::document {

namespace {

struct HandleRelease {
    void operator()(void* handle) const noexcept { tjDestroy(handle); }
};
using HandlePointer = std::unique_ptr<void, HandleRelease>;

struct BufferRelease {
    void operator()(unsigned char* buffer) const noexcept { tjFree(buffer); }
};
using BufferPointer = std::unique_ptr<unsigned char, BufferRelease>;

std::string problemOf(void* handle)
{
    std::string problem = tjGetErrorStr2(handle);
    while (problem.ends_with('.')) problem.pop_back();
    return problem;
}

// Each block of 8 × 8 pixels takes one bit of a Huffman-coded file at the very least.
bool isPlausible(const JpegFile& file) noexcept
{
    const bool isHuffman = file.frameMarker <= 0xC2;
    const double blocks = static_cast<double>((file.extent.width + 7) / 8) * ((file.extent.height + 7) / 8) / 4.0;
    return !isHuffman || static_cast<double>(file.scanBytes) * 8.0 >= blocks;
}

} // namespace

Result<DecodedPicture> decodeJpeg(Bytes bytes, const JpegFile& file, const std::string& name)
{
    if (file.bitsPerSample != 8) {
        return Error{ ErrorCode::FileUnreadable, name + " is a JPEG of " + std::to_string(file.bitsPerSample) + " bits a sample; only 8 are read.", name };
    }
    if (!file.hasEnd || !isPlausible(file)) return damagedPicture(name, "the file is cut short");
    const HandlePointer handle(tjInitDecompress());
    if (!handle) return Error{ ErrorCode::Internal, "The JPEG decoder could not be started.", name };

    DecodedPicture picture;
    const bool isCmyk = file.components == 4;
    picture.image = ImageBuffer(file.extent, PixelFormat::Rgba8);
    const int state = tjDecompress2(handle.get(), reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<unsigned long>(bytes.size()), picture.image.row(0),
        file.extent.width, static_cast<int>(picture.image.bytesPerRow()), file.extent.height, isCmyk ? TJPF_CMYK : TJPF_RGBA,
        TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS);
    if (state != 0 && tjGetErrorCode(handle.get()) != TJERR_WARNING) return damagedPicture(name, problemOf(handle.get()));
    if (state != 0) picture.warnings.emplace_back("It is damaged in part (" + problemOf(handle.get()) + "); what could be read is shown.");
    if (isCmyk) picture.meaning = file.hasAdobeMarker ? SampleMeaning::InvertedCmyk : SampleMeaning::Cmyk;
    if (file.hasBrokenProfile) picture.warnings.emplace_back("Its colour profile is damaged; it is shown as sRGB.");
    picture.profile = file.profile;
    picture.exif = file.exif;
    return picture;
}

Result<std::vector<std::byte>> encodeJpeg(ImageView image, int quality, const PictureRecipe& recipe)
{
    const HandlePointer handle(tjInitCompress());
    if (!handle) return Error{ ErrorCode::Internal, "The JPEG encoder could not be started.", "jpeg" };
    const bool isGray = image.format == PixelFormat::Gray8;
    unsigned char* raw = nullptr;
    unsigned long size = 0;
    const int state = tjCompress2(handle.get(), image.row(0), image.extent.width, static_cast<int>(image.bytesPerRow), image.extent.height, isGray ? TJPF_GRAY : TJPF_RGB,
        &raw, &size, isGray ? TJSAMP_GRAY : TJSAMP_444, quality, TJFLAG_ACCURATEDCT);
    const BufferPointer buffer(raw);
    if (state != 0) return Error{ ErrorCode::Internal, "The JPEG could not be made: " + problemOf(handle.get()) + ".", "jpeg" };
    // A colour profile would contradict a grey picture.
    const std::vector<std::byte> profile = isGray ? std::vector<std::byte>{} : srgbProfile();
    return withSegments({ reinterpret_cast<const std::byte*>(buffer.get()), static_cast<std::size_t>(size) }, exifBlock(recipe), profile);
}

} // namespace sfumato::document
