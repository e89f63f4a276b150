// SPDX-License-Identifier: Apache-2.0
#include "core/document/io/codecs/png_codec.h"

#include "core/document/io/text_encoding.h"

#include <png.h>

#include <csetjmp>
#include <cstring>
#include <string_view>

namespace sfumato::document {

namespace {

// libpng leaves by longjmp, so the functions that call it own nothing: what they work on lives here, in the caller's frame.
struct PngSession {
    std::vector<Bytes> input;
    std::size_t inputPart = 0;
    std::size_t inputOffset = 0;
    std::vector<std::byte> output;
    std::vector<png_bytep> rows;
    std::string problem;
};

constexpr std::byte kSignature[8] = { std::byte{ 0x89 }, std::byte{ 'P' }, std::byte{ 'N' }, std::byte{ 'G' },
    std::byte{ '\r' }, std::byte{ '\n' }, std::byte{ 0x1A }, std::byte{ '\n' } };
constexpr double kHighestDeflateRatio = 1032.0;

PngSession& sessionOf(png_voidp pointer) { return *static_cast<PngSession*>(pointer); }

void onError(png_structp png, png_const_charp message)
{
    try {
        sessionOf(png_get_error_ptr(png)).problem = message;
    } catch (...) {
        // The text alone is lost; the failure is reported all the same.
    }
    png_longjmp(png, 1);
}

void onWarning(png_structp, png_const_charp) { }

void readInput(png_structp png, png_bytep target, png_size_t size)
{
    PngSession& session = sessionOf(png_get_io_ptr(png));
    while (size > 0) {
        if (session.inputPart == session.input.size()) png_error(png, "the file ends too early");
        const Bytes part = session.input[session.inputPart].subspan(session.inputOffset);
        const std::size_t count = std::min(size, part.size());
        std::memcpy(target, part.data(), count);
        target += count;
        size -= count;
        session.inputOffset += count;
        if (count == part.size()) {
            ++session.inputPart;
            session.inputOffset = 0;
        }
    }
}

void writeOutput(png_structp png, png_bytep source, png_size_t size)
{
    bool failed = false;
    try {
        const auto* bytes = reinterpret_cast<const std::byte*>(source);
        auto& output = sessionOf(png_get_io_ptr(png)).output;
        output.insert(output.end(), bytes, bytes + size);
    } catch (...) {
        failed = true;
    }
    if (failed) png_error(png, "the memory is used up");
}

void flushOutput(png_structp) { }

bool readHeader(png_structp png, png_infop info, PngSession* session)
{
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    png_set_user_limits(png, 0x7FFFFFFF, 0x7FFFFFFF);
    png_set_read_fn(png, session, readInput);
    png_read_info(png, info);
    if (png_get_bit_depth(png, info) == 16) png_set_swap(png);
    png_set_expand(png);
    png_set_gray_to_rgb(png);
    png_set_add_alpha(png, 0xFFFF, PNG_FILLER_AFTER);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
    return true;
}

bool readRows(png_structp png, png_bytepp rows)
{
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    png_read_image(png, rows);
    png_read_end(png, nullptr);
    return true;
}

struct PngShape {
    png_uint_32 width;
    png_uint_32 height;
    int bitDepth;
    int colorType;
    bool dropAlpha;
};

bool writeAll(png_structp png, png_infop info, PngSession* session, const PngShape* shape, png_textp texts, int textCount)
{
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    png_set_write_fn(png, session, writeOutput, flushOutput);
    png_set_IHDR(png, info, shape->width, shape->height, shape->bitDepth, shape->colorType, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
    if (textCount > 0) png_set_text(png, info, texts, textCount);
    png_write_info(png, info);
    if (shape->bitDepth == 16) png_set_swap(png);
    if (shape->dropAlpha) png_set_filler(png, 0, PNG_FILLER_AFTER);
    png_write_image(png, session->rows.data());
    png_write_end(png, info);
    return true;
}

void pointAtRows(PngSession& session, ImageView image)
{
    session.rows.reserve(static_cast<std::size_t>(image.extent.height));
    for (int y = 0; y < image.extent.height; ++y) session.rows.push_back(const_cast<png_bytep>(image.row<png_byte>(y)));
}

// Bytes of the picture before compression, interlacing left aside.
double rawSize(const PngFile& file)
{
    const int channels = file.colorType == 2 ? 3 : file.colorType == 4 ? 2
        : file.colorType == 6                                          ? 4
                                                                       : 1;
    return (static_cast<double>(file.extent.width) * channels * file.bitDepth / 8.0 + 1.0) * file.extent.height;
}

std::string plain(std::string problem)
{
    if (problem.empty()) return "its picture data cannot be read";
    while (problem.ends_with('.')) problem.pop_back();
    return problem;
}

// The chunks of the picture itself, in order; returns the bytes of compressed data among them.
std::size_t collectPicture(const PngFile& file, PngSession& session)
{
    std::size_t compressed = 0;
    session.input.emplace_back(kSignature);
    for (const PngChunk& chunk : file.chunks) {
        const bool isData = chunk.type == "IDAT";
        if (isData) compressed += chunk.content.size();
        if (isData || chunk.type == "IHDR" || chunk.type == "PLTE" || chunk.type == "tRNS" || chunk.type == "IEND") session.input.push_back(chunk.whole);
    }
    return compressed;
}

void addText(std::vector<png_text>& texts, const char* keyword, const std::string& content)
{
    if (content.empty()) return;
    png_text text = {};
    text.key = const_cast<png_charp>(keyword);
    text.text = const_cast<png_charp>(content.c_str());
    text.lang = text.lang_key = nullptr;
    if (isAscii(content)) {
        text.compression = PNG_TEXT_COMPRESSION_NONE;
        text.text_length = content.size();
    } else {
        text.compression = PNG_ITXT_COMPRESSION_NONE;
        text.itxt_length = content.size();
    }
    texts.push_back(text);
}

} // namespace

Result<DecodedPicture> decodePng(const PngFile& file, const std::string& name)
{
    PngSession session;
    const std::size_t compressed = collectPicture(file, session);
    if (file.isCutShort) return damagedPicture(name, "the file is cut short");
    if (static_cast<double>(compressed) * kHighestDeflateRatio + 1024.0 < rawSize(file)) return damagedPicture(name, "most of its picture data is missing");

    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &session, onError, onWarning);
    png_infop info = png ? png_create_info_struct(png) : nullptr;
    DecodedPicture picture;
    bool done = info && readHeader(png, info, &session);
    if (done) {
        const bool wide = png_get_bit_depth(png, info) == 16;
        picture.image = ImageBuffer(file.extent, wide ? PixelFormat::Rgba16 : PixelFormat::Rgba8);
        picture.hasAlpha = (file.colorType & PNG_COLOR_MASK_ALPHA) != 0 || png_get_valid(png, info, PNG_INFO_tRNS) != 0;
        pointAtRows(session, picture.image.view());
        done = png_get_rowbytes(png, info) == static_cast<std::size_t>(picture.image.bytesPerRow()) && readRows(png, session.rows.data());
    }
    png_destroy_read_struct(&png, &info, nullptr);
    if (!done) return damagedPicture(name, plain(session.problem));
    readAncillary(file, picture);
    return picture;
}

Result<std::vector<std::byte>> encodePng(ImageView image, bool withAlpha, const PictureRecipe& recipe)
{
    PngSession session;
    pointAtRows(session, image);
    std::vector<png_text> texts;
    addText(texts, "parameters", recipe.parameters);
    addText(texts, "sfumato", recipe.job);
    const bool isGray = image.format == PixelFormat::Gray8;
    const bool hasFourth = image.format == PixelFormat::Rgba8 || image.format == PixelFormat::Rgba16;
    const PngShape shape{ static_cast<png_uint_32>(image.extent.width), static_cast<png_uint_32>(image.extent.height),
        image.format == PixelFormat::Rgba16 ? 16 : 8,
        isGray ? PNG_COLOR_TYPE_GRAY : hasFourth && withAlpha ? PNG_COLOR_TYPE_RGB_ALPHA
                                                              : PNG_COLOR_TYPE_RGB,
        hasFourth && !withAlpha };
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &session, onError, onWarning);
    png_infop info = png ? png_create_info_struct(png) : nullptr;
    const bool done = info && writeAll(png, info, &session, &shape, texts.data(), static_cast<int>(texts.size()));
    png_destroy_write_struct(&png, &info);
    if (!done) return Error{ ErrorCode::Internal, "The PNG could not be made: " + plain(session.problem) + ".", "png" };
    return std::move(session.output);
}

} // namespace sfumato::document
