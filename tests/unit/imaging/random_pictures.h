// Seeded random pictures and masks for property tests.
// Thread: one. Owner: the test.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <random>

namespace sfumato::imaging {

class RandomPictures {
public:
    explicit RandomPictures(unsigned seed) : m_engine(seed) { }

    int number(int least, int most) { return std::uniform_int_distribution<int>(least, most)(m_engine); }

    ImageBuffer noise(Extent extent, PixelFormat format)
    {
        ImageBuffer image(extent, format);
        for (std::size_t i = 0; i < image.sizeInBytes(); ++i) image.bytes()[i] = static_cast<std::byte>(number(0, 255));
        return image;
    }

    // One of: empty, full, one pixel, a box that may touch the edges, a hard disc, a soft disc, scattered grey specks.
    ImageBuffer mask(Extent extent)
    {
        ImageBuffer mask(extent, PixelFormat::Gray8);
        switch (number(0, 6)) {
        case 0: break;
        case 1: std::memset(mask.bytes(), 255, mask.sizeInBytes()); break;
        case 2: mask.row(number(0, extent.height - 1))[number(0, extent.width - 1)] = 255; break;
        case 3: box(mask); break;
        case 4: disc(mask, 0.0); break;
        case 5: disc(mask, number(1, 20)); break;
        default:
            for (int i = 0; i < 40; ++i) mask.row(number(0, extent.height - 1))[number(0, extent.width - 1)] = static_cast<std::uint8_t>(number(0, 255));
        }
        return mask;
    }

private:
    void box(ImageBuffer& mask)
    {
        const int left = number(0, mask.width() - 1), top = number(0, mask.height() - 1);
        const int right = number(left, mask.width() - 1), bottom = number(top, mask.height() - 1);
        for (int y = top; y <= bottom; ++y) std::fill(mask.row(y) + left, mask.row(y) + right + 1, std::uint8_t{ 255 });
    }

    void disc(ImageBuffer& mask, double softPx)
    {
        const int cx = number(0, mask.width() - 1), cy = number(0, mask.height() - 1), radius = number(1, 40);
        for (int y = 0; y < mask.height(); ++y) {
            for (int x = 0; x < mask.width(); ++x) {
                const double inside = radius - std::hypot(x - cx, y - cy);
                const double value = softPx > 0.0 ? std::clamp(inside / softPx, 0.0, 1.0) : inside > 0.0 ? 1.0
                                                                                                         : 0.0;
                mask.row(y)[x] = static_cast<std::uint8_t>(std::lround(value * 255.0));
            }
        }
    }

    std::mt19937 m_engine;
};

inline ImageBuffer uniform(Extent extent, std::array<std::uint8_t, 4> color)
{
    ImageBuffer image(extent, PixelFormat::Rgba8);
    for (int y = 0; y < extent.height; ++y) {
        for (int x = 0; x < extent.width; ++x) std::copy(color.begin(), color.end(), image.row(y) + 4 * x);
    }
    return image;
}

} // namespace sfumato::imaging
