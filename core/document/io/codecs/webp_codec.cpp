// SPDX-License-Identifier: Apache-2.0
#include "core/document/io/codecs/webp_codec.h"

#include "core/document/io/color_conversion.h"
#include "core/document/io/exif_writer.h"

#include <webp/decode.h>
#include <webp/demux.h>
#include <webp/encode.h>
#include <webp/mux.h>

#include <cstring>
#include <memory>
#include <string_view>

namespace sfumato::document {

namespace {

using namespace std::string_view_literals;

struct DemuxRelease {
    void operator()(WebPDemuxer* demux) const noexcept { WebPDemuxDelete(demux); }
};
using DemuxPointer = std::unique_ptr<WebPDemuxer, DemuxRelease>;

struct MuxRelease {
    void operator()(WebPMux* mux) const noexcept { WebPMuxDelete(mux); }
};
using MuxPointer = std::unique_ptr<WebPMux, MuxRelease>;

// Owns the encoder's picture and its output.
struct EncoderState {
    WebPPicture picture = {};
    WebPMemoryWriter writer = {};

    EncoderState() { WebPMemoryWriterInit(&writer); }
    EncoderState(const EncoderState&) = delete;
    EncoderState& operator=(const EncoderState&) = delete;
    ~EncoderState()
    {
        WebPPictureFree(&picture);
        WebPMemoryWriterClear(&writer);
    }
};

const std::uint8_t* address(Bytes bytes) noexcept { return reinterpret_cast<const std::uint8_t*>(bytes.data()); }

DemuxPointer demuxed(Bytes bytes)
{
    const WebPData source{ address(bytes), bytes.size() };
    return DemuxPointer(WebPDemux(&source));
}

std::vector<std::byte> chunkContent(const WebPDemuxer* demux, const char* fourCc)
{
    WebPChunkIterator iterator = {};
    std::vector<std::byte> content;
    if (WebPDemuxGetChunk(demux, fourCc, 1, &iterator) != 0) {
        const auto* begin = reinterpret_cast<const std::byte*>(iterator.chunk.bytes);
        content.assign(begin, begin + iterator.chunk.size);
    }
    WebPDemuxReleaseChunkIterator(&iterator);
    return content;
}

// The first frame goes to its place on the canvas; libwebp decodes straight into it.
bool decodeFirstFrame(const WebPDemuxer* demux, ImageBuffer& image, bool& hasAlpha)
{
    WebPIterator frame = {};
    WebPDecoderConfig config = {};
    bool done = false;
    if (WebPInitDecoderConfig(&config) != 0 && WebPDemuxGetFrame(demux, 1, &frame) != 0) {
        const Bounds place{ frame.x_offset, frame.y_offset, frame.width, frame.height };
        const bool isOnCanvas = Bounds::ofExtent(image.extent()).contains(place);
        const bool fits = WebPGetFeatures(frame.fragment.bytes, frame.fragment.size, &config.input) == VP8_STATUS_OK && config.input.width == place.width
            && config.input.height == place.height;
        if (isOnCanvas && fits) {
            config.output.colorspace = MODE_RGBA;
            config.output.is_external_memory = 1;
            config.output.u.RGBA.rgba = image.row(place.y) + std::ptrdiff_t{ 4 } * place.x;
            config.output.u.RGBA.stride = static_cast<int>(image.bytesPerRow());
            config.output.u.RGBA.size = static_cast<std::size_t>(image.bytesPerRow()) * static_cast<std::size_t>(place.height - 1) + std::size_t{ 4 } * static_cast<std::size_t>(place.width);
            done = frame.complete != 0 && WebPDecode(frame.fragment.bytes, frame.fragment.size, &config) == VP8_STATUS_OK;
            hasAlpha = config.input.has_alpha != 0 || place.extent() != image.extent();
        }
    }
    WebPDemuxReleaseIterator(&frame);
    WebPFreeDecBuffer(&config.output);
    return done;
}

bool prepare(WebPConfig& config, int quality)
{
    if (WebPConfigPreset(&config, WEBP_PRESET_DEFAULT, static_cast<float>(quality)) == 0) return false;
    config.method = 4;
    config.exact = 1;
    config.alpha_quality = 100;
    config.use_sharp_yuv = 1;
    config.lossless = quality >= 100 ? 1 : 0;
    if (config.lossless != 0) config.quality = 75.0F;
    return WebPValidateConfig(&config) != 0;
}

bool addChunk(WebPMux* mux, const char* fourCc, const std::vector<std::byte>& content)
{
    const WebPData source{ address(content), content.size() };
    return WebPMuxSetChunk(mux, fourCc, &source, 0) == WEBP_MUX_OK;
}

Error encodingFailed()
{
    return { ErrorCode::Internal, "The WebP could not be made.", "webp" };
}

} // namespace

Result<Extent> webpExtent(Bytes bytes, const std::string& name)
{
    WebPBitstreamFeatures features = {};
    if (WebPGetFeatures(address(bytes), bytes.size(), &features) != VP8_STATUS_OK) return damagedPicture(name, "the WebP header is missing or cut short");
    return Extent{ features.width, features.height };
}

Result<DecodedPicture> decodeWebp(Bytes bytes, const std::string& name)
{
    const DemuxPointer demux = demuxed(bytes);
    if (!demux) return damagedPicture(name, "the file is cut short or its parts do not fit together");
    DecodedPicture picture;
    picture.image = ImageBuffer({ static_cast<int>(WebPDemuxGetI(demux.get(), WEBP_FF_CANVAS_WIDTH)), static_cast<int>(WebPDemuxGetI(demux.get(), WEBP_FF_CANVAS_HEIGHT)) }, PixelFormat::Rgba8);
    if (!decodeFirstFrame(demux.get(), picture.image, picture.hasAlpha)) return damagedPicture(name, "its picture data cannot be read");
    picture.profile = chunkContent(demux.get(), "ICCP");
    picture.exif = chunkContent(demux.get(), "EXIF");
    // Some writers keep the name that belongs to JPEG in front.
    constexpr std::string_view kExifName = "Exif\0\0"sv;
    if (picture.exif.size() > kExifName.size() && std::memcmp(picture.exif.data(), kExifName.data(), kExifName.size()) == 0) {
        picture.exif.erase(picture.exif.begin(), picture.exif.begin() + static_cast<std::ptrdiff_t>(kExifName.size()));
    }
    return picture;
}

Result<std::vector<std::byte>> encodeWebp(ImageView image, int quality, const PictureRecipe& recipe)
{
    EncoderState state;
    WebPConfig config = {};
    if (!prepare(config, quality) || WebPPictureInit(&state.picture) == 0) return encodingFailed();
    state.picture.use_argb = 1;
    state.picture.width = image.extent.width;
    state.picture.height = image.extent.height;
    state.picture.writer = WebPMemoryWrite;
    state.picture.custom_ptr = &state.writer;
    const int stride = static_cast<int>(image.bytesPerRow);
    const int imported = image.format == PixelFormat::Rgba8 ? WebPPictureImportRGBA(&state.picture, image.row(0), stride) : WebPPictureImportRGB(&state.picture, image.row(0), stride);
    if (imported == 0 || WebPEncode(&config, &state.picture) == 0) return encodingFailed();

    const MuxPointer mux(WebPMuxNew());
    const WebPData stream{ state.writer.mem, state.writer.size };
    if (!mux || WebPMuxSetImage(mux.get(), &stream, 0) != WEBP_MUX_OK) return encodingFailed();
    const std::vector<std::byte> profile = srgbProfile(), exif = exifBlock(recipe);
    if (!addChunk(mux.get(), "ICCP", profile) || !addChunk(mux.get(), "EXIF", exif)) return encodingFailed();
    WebPData assembled = {};
    const WebPMuxError error = WebPMuxAssemble(mux.get(), &assembled);
    std::vector<std::byte> bytes;
    const auto* begin = reinterpret_cast<const std::byte*>(assembled.bytes);
    if (error == WEBP_MUX_OK) bytes.assign(begin, begin + assembled.size);
    WebPDataClear(&assembled);
    if (bytes.empty()) return encodingFailed();
    return bytes;
}

} // namespace sfumato::document
