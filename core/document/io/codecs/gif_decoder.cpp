// SPDX-License-Identifier: Apache-2.0
#include "core/document/io/codecs/gif_decoder.h"

#include <algorithm>
#include <array>

namespace sfumato::document {

namespace {

constexpr int kExtension = 0x21;
constexpr int kImage = 0x2C;
constexpr int kGraphicControl = 0xF9;
constexpr int kLargestCode = 4096;

// Where the first frame is and how it is coded.
struct GifFrame {
    Extent screen;
    Bounds place;
    Bytes palette; // three bytes a colour
    bool isInterlaced = false;
    int transparentIndex = -1;
    int minimumCodeSize = 0;
    std::size_t blocksAt = 0; // first sub-block of the coded pixels
};

// Reads on from `at`; beyond the end every byte is 0 and isPast() tells.
class ByteCursor {
public:
    explicit ByteCursor(Bytes bytes, std::size_t at = 0) : m_bytes(bytes), m_at(at) { }
    int byte() noexcept { return m_at < m_bytes.size() ? std::to_integer<int>(m_bytes[m_at++]) : (m_past = true, 0); }
    int word() noexcept
    {
        const int low = byte();
        return low | byte() << 8;
    }
    Bytes block(std::size_t size) noexcept
    {
        m_past = m_past || size > m_bytes.size() - m_at;
        const Bytes part = m_bytes.subspan(m_at, std::min(size, m_bytes.size() - m_at));
        m_at += part.size();
        return part;
    }
    void skipSubBlocks() noexcept
    {
        while (!m_past) {
            const int size = byte();
            if (size == 0) return;
            block(static_cast<std::size_t>(size));
        }
    }
    [[nodiscard]] bool isPast() const noexcept { return m_past; }
    [[nodiscard]] std::size_t position() const noexcept { return m_at; }

private:
    Bytes m_bytes;
    std::size_t m_at = 0;
    bool m_past = false;
};

std::size_t paletteBytes(int flags) noexcept
{
    return (flags & 0x80) != 0 ? std::size_t{ 3 } << ((flags & 7) + 1) : 0;
}

void readExtension(ByteCursor& cursor, GifFrame& frame)
{
    if (cursor.byte() == kGraphicControl) {
        const int size = cursor.byte();
        const Bytes control = cursor.block(static_cast<std::size_t>(size));
        if (control.size() >= 4 && (std::to_integer<int>(control[0]) & 1) != 0) frame.transparentIndex = std::to_integer<int>(control[3]);
    }
    cursor.skipSubBlocks();
}

Result<GifFrame> findFrame(Bytes bytes, const std::string& name)
{
    ByteCursor cursor(bytes, 6);
    GifFrame frame;
    frame.screen.width = cursor.word();
    frame.screen.height = cursor.word();
    const int flags = cursor.byte();
    cursor.block(2);
    frame.palette = cursor.block(paletteBytes(flags));
    int kind = cursor.byte();
    while (kind == kExtension && !cursor.isPast()) {
        readExtension(cursor, frame);
        kind = cursor.byte();
    }
    if (kind != kImage) return damagedPicture(name, "it holds no picture");
    frame.place.x = cursor.word();
    frame.place.y = cursor.word();
    frame.place.width = cursor.word();
    frame.place.height = cursor.word();
    const int imageFlags = cursor.byte();
    frame.isInterlaced = (imageFlags & 0x40) != 0;
    if ((imageFlags & 0x80) != 0) frame.palette = cursor.block(paletteBytes(imageFlags));
    frame.minimumCodeSize = cursor.byte();
    frame.blocksAt = cursor.position();
    if (cursor.isPast()) return damagedPicture(name, "the file is cut short");
    if (frame.place.isEmpty()) return damagedPicture(name, "its picture has no size");
    frame.screen.width = std::max(frame.screen.width, frame.place.right());
    frame.screen.height = std::max(frame.screen.height, frame.place.bottom());
    return frame;
}

// The coded bytes of all sub-blocks in a row.
std::vector<std::uint8_t> codedBytes(Bytes bytes, std::size_t at)
{
    ByteCursor cursor(bytes, at);
    std::vector<std::uint8_t> result;
    while (!cursor.isPast()) {
        const int size = cursor.byte();
        if (size == 0) break;
        for (const std::byte value : cursor.block(static_cast<std::size_t>(size))) result.push_back(std::to_integer<std::uint8_t>(value));
    }
    return result;
}

// Lempel–Ziv–Welch with codes of growing length, least significant bit first.
class LzwDecoder {
public:
    LzwDecoder(const std::vector<std::uint8_t>& coded, int minimumCodeSize) : m_coded(coded), m_minimumSize(minimumCodeSize) { reset(); }

    // Appends pixels until `count` are there or the codes end.
    void decode(std::size_t count, std::vector<std::uint8_t>& pixels)
    {
        const int clearCode = 1 << m_minimumSize;
        while (pixels.size() < count) {
            const int code = nextCode();
            if (code < 0 || code == clearCode + 1) return;
            if (code == clearCode) {
                reset();
                continue;
            }
            if (code > m_next || (m_previous < 0 && code >= clearCode)) return;
            emit(code, count, pixels);
        }
    }

private:
    void reset() noexcept
    {
        m_codeSize = m_minimumSize + 1;
        m_next = (1 << m_minimumSize) + 2;
        m_previous = -1;
    }

    int nextCode() noexcept
    {
        while (m_bitCount < m_codeSize) {
            if (m_at == m_coded.size()) return -1;
            m_bits |= static_cast<std::uint32_t>(m_coded[m_at++]) << m_bitCount;
            m_bitCount += 8;
        }
        const int code = static_cast<int>(m_bits & ((1U << m_codeSize) - 1U));
        m_bits >>= m_codeSize;
        m_bitCount -= m_codeSize;
        return code;
    }

    void emit(int code, std::size_t count, std::vector<std::uint8_t>& pixels)
    {
        const int clearCode = 1 << m_minimumSize;
        const bool isNew = code == m_next; // the string that is being defined: the previous one and its own first pixel
        int walk = isNew ? m_previous : code;
        m_stack.clear();
        for (; walk >= clearCode; walk = m_prefix[static_cast<std::size_t>(walk)]) m_stack.push_back(m_suffix[static_cast<std::size_t>(walk)]);
        const auto first = static_cast<std::uint8_t>(walk);
        pixels.push_back(first);
        pixels.insert(pixels.end(), m_stack.rbegin(), m_stack.rend());
        if (isNew) pixels.push_back(first);
        pixels.resize(std::min(pixels.size(), count));
        if (m_previous >= 0 && m_next < kLargestCode) {
            m_prefix[static_cast<std::size_t>(m_next)] = static_cast<std::uint16_t>(m_previous);
            m_suffix[static_cast<std::size_t>(m_next)] = first;
            if (++m_next == 1 << m_codeSize && m_codeSize < 12) ++m_codeSize;
        }
        m_previous = code;
    }

    const std::vector<std::uint8_t>& m_coded;
    int m_minimumSize;
    std::size_t m_at = 0;
    std::uint32_t m_bits = 0;
    int m_bitCount = 0;
    int m_codeSize = 0;
    int m_next = 0;
    int m_previous = -1;
    std::array<std::uint16_t, kLargestCode> m_prefix{};
    std::array<std::uint8_t, kLargestCode> m_suffix{};
    std::vector<std::uint8_t> m_stack;
};

// Rows in the order in which they are stored.
std::vector<int> rowOrder(int height, bool isInterlaced)
{
    std::vector<int> rows;
    constexpr int kStarts[4] = { 0, 4, 2, 1 };
    constexpr int kSteps[4] = { 8, 8, 4, 2 };
    for (int pass = 0; pass < (isInterlaced ? 4 : 1); ++pass) {
        for (int y = isInterlaced ? kStarts[pass] : 0; y < height; y += isInterlaced ? kSteps[pass] : 1) rows.push_back(y);
    }
    return rows;
}

void placePixels(const GifFrame& frame, const std::vector<std::uint8_t>& pixels, ImageBuffer& image)
{
    const std::vector<int> rows = rowOrder(frame.place.height, frame.isInterlaced);
    std::size_t at = 0;
    for (const int y : rows) {
        std::uint8_t* row = image.row(frame.place.y + y) + std::ptrdiff_t{ 4 } * frame.place.x;
        for (int x = 0; x < frame.place.width; ++x, ++at) {
            const std::size_t color = std::size_t{ 3 } * pixels[at];
            for (std::size_t c = 0; c < 3; ++c) row[4 * x + static_cast<int>(c)] = color + c < frame.palette.size() ? std::to_integer<std::uint8_t>(frame.palette[color + c]) : std::uint8_t{ 0 };
            row[4 * x + 3] = pixels[at] == frame.transparentIndex ? 0 : 255;
        }
    }
}

} // namespace

Result<Extent> gifExtent(Bytes bytes, const std::string& name)
{
    const Result<GifFrame> frame = findFrame(bytes, name);
    if (!frame) return frame.error();
    return frame->screen;
}

Result<DecodedPicture> decodeGif(Bytes bytes, const std::string& name)
{
    const Result<GifFrame> frame = findFrame(bytes, name);
    if (!frame) return frame.error();
    if (frame->minimumCodeSize < 2 || frame->minimumCodeSize > 8) return damagedPicture(name, "its picture data cannot be read");
    const std::vector<std::uint8_t> coded = codedBytes(bytes, frame->blocksAt);
    const auto count = static_cast<std::size_t>(frame->place.extent().area());
    // A code of at most 12 bits stands for at most 4,096 pixels.
    if (coded.size() * 8 / 3 * kLargestCode < count) return damagedPicture(name, "the file is cut short");
    std::vector<std::uint8_t> pixels;
    pixels.reserve(count);
    LzwDecoder(coded, frame->minimumCodeSize).decode(count, pixels);
    if (pixels.size() < count) return damagedPicture(name, "its picture data ends too early");

    DecodedPicture picture;
    picture.image = ImageBuffer(frame->screen, PixelFormat::Rgba8);
    picture.hasAlpha = frame->transparentIndex >= 0 || frame->place.extent() != frame->screen;
    placePixels(*frame, pixels, picture.image);
    return picture;
}

} // namespace sfumato::document
