// Pixel values that cross module borders: ImageBuffer owns, ImageView reads, ImageSpan writes.
// Thread: any. ImageBuffer is a value; copies share nothing (they copy). Rows are tightly packed in an ImageBuffer; a view may have padding.
// Colours are sRGB-encoded; alpha is straight (not premultiplied); 16-bit and float samples are in native byte order.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/geometry.h"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sfumato {

enum class PixelFormat {
    Gray8,   // 1 byte
    Rgb8,    // 3 bytes: red, green, blue
    Rgba8,   // 4 bytes: red, green, blue, alpha
    Rgba16,  // 8 bytes: four 16-bit samples
    GrayF32, // 4 bytes: 0..1
};

[[nodiscard]] constexpr int channelCount(PixelFormat format) noexcept
{
    switch (format) {
    case PixelFormat::Gray8:
    case PixelFormat::GrayF32: return 1;
    case PixelFormat::Rgb8: return 3;
    case PixelFormat::Rgba8:
    case PixelFormat::Rgba16: return 4;
    }
    return 0;
}

[[nodiscard]] constexpr int bytesPerPixel(PixelFormat format) noexcept
{
    switch (format) {
    case PixelFormat::Gray8: return 1;
    case PixelFormat::Rgb8: return 3;
    case PixelFormat::Rgba8:
    case PixelFormat::GrayF32: return 4;
    case PixelFormat::Rgba16: return 8;
    }
    return 0;
}

// Read-only pixels owned by somebody else, valid for the duration of a call.
struct ImageView {
    const std::byte* bytes = nullptr;
    Extent extent;
    PixelFormat format = PixelFormat::Rgba8;
    std::ptrdiff_t bytesPerRow = 0;

    template <typename Sample = std::uint8_t>
    [[nodiscard]] const Sample* row(int y) const noexcept
    {
        assert(y >= 0 && y < extent.height);
        return reinterpret_cast<const Sample*>(bytes + y * bytesPerRow);
    }
};

// Writable pixels owned by somebody else, valid for the duration of a call.
struct ImageSpan {
    std::byte* bytes = nullptr;
    Extent extent;
    PixelFormat format = PixelFormat::Rgba8;
    std::ptrdiff_t bytesPerRow = 0;

    template <typename Sample = std::uint8_t>
    [[nodiscard]] Sample* row(int y) const noexcept
    {
        assert(y >= 0 && y < extent.height);
        return reinterpret_cast<Sample*>(bytes + y * bytesPerRow);
    }
    operator ImageView() const noexcept { return { bytes, extent, format, bytesPerRow }; }
};

// Owned pixels, zero-initialised. Cost of construction and copy: extent.area() × bytesPerPixel bytes.
class ImageBuffer {
public:
    ImageBuffer() = default;
    ImageBuffer(Extent extent, PixelFormat format)
        : m_extent(extent), m_format(format), m_bytes(static_cast<std::size_t>(extent.area()) * static_cast<std::size_t>(bytesPerPixel(format)))
    {
    }

    [[nodiscard]] bool isEmpty() const noexcept { return m_bytes.empty(); }
    [[nodiscard]] Extent extent() const noexcept { return m_extent; }
    [[nodiscard]] int width() const noexcept { return m_extent.width; }
    [[nodiscard]] int height() const noexcept { return m_extent.height; }
    [[nodiscard]] PixelFormat format() const noexcept { return m_format; }
    [[nodiscard]] std::size_t sizeInBytes() const noexcept { return m_bytes.size(); }
    [[nodiscard]] std::ptrdiff_t bytesPerRow() const noexcept { return std::ptrdiff_t{ m_extent.width } * bytesPerPixel(m_format); }
    [[nodiscard]] const std::byte* bytes() const noexcept { return m_bytes.data(); }
    [[nodiscard]] std::byte* bytes() noexcept { return m_bytes.data(); }

    [[nodiscard]] ImageView view() const noexcept { return { m_bytes.data(), m_extent, m_format, bytesPerRow() }; }
    [[nodiscard]] ImageSpan span() noexcept { return { m_bytes.data(), m_extent, m_format, bytesPerRow() }; }
    template <typename Sample = std::uint8_t>
    [[nodiscard]] const Sample* row(int y) const noexcept { return view().row<Sample>(y); }
    template <typename Sample = std::uint8_t>
    [[nodiscard]] Sample* row(int y) noexcept { return span().row<Sample>(y); }

    friend bool operator==(const ImageBuffer&, const ImageBuffer&) = default;

private:
    Extent m_extent;
    PixelFormat m_format = PixelFormat::Rgba8;
    std::vector<std::byte> m_bytes;
};

} // namespace sfumato
