// SPDX-License-Identifier: Apache-2.0
#include "tests/meaning/meadow.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

namespace sfumato::test {

namespace {

constexpr int kSide = 384;
constexpr int kPaintSide = kSide / 3;

using Colour = std::array<double, 3>; // 0..1

struct Sky {
    Colour top;
    Colour bottom;
};
constexpr std::array<Sky, 3> kSkies{ { { { .30, .58, .95 }, { .78, .90, 1. } }, { { .55, .60, .66 }, { .80, .83, .86 } }, { { .55, .75, .95 }, { 1., .88, .75 } } } };
constexpr Sky kGrass{ { .45, .74, .30 }, { .20, .48, .16 } };

// Uniform numbers that are the same with every standard library.
class Draw {
public:
    explicit Draw(int variant) : m_engine(static_cast<std::mt19937::result_type>(7919 + variant)) { }
    [[nodiscard]] double between(double low, double high) { return low + (high - low) * static_cast<double>(m_engine()) / 4294967296.0; }

private:
    std::mt19937 m_engine;
};

Colour mixed(const Sky& gradient, double share)
{
    const double t = std::clamp(share, 0.0, 1.0);
    Colour colour{};
    for (std::size_t channel = 0; channel < 3; ++channel) colour[channel] = gradient.top[channel] * (1 - t) + gradient.bottom[channel] * t;
    return colour;
}

void setPixel(std::uint8_t* pixel, const Colour& colour, double brightness)
{
    for (std::size_t channel = 0; channel < 3; ++channel) pixel[channel] = static_cast<std::uint8_t>(std::lround(255 * std::clamp(colour[channel] * brightness, 0.0, 1.0)));
    pixel[3] = 255;
}

} // namespace

Meadow emptyMeadow(int variant)
{
    Draw draw(variant);
    const Sky& sky = kSkies[static_cast<std::size_t>(variant) % kSkies.size()];
    const double horizon = draw.between(.25, .45), hill = draw.between(0, .03), wave = draw.between(3, 8), shift = draw.between(0, 6), brightness = draw.between(.94, 1.04);

    ImageBuffer picture({ kSide, kSide }, PixelFormat::Rgba8);
    for (int y = 0; y < kSide; ++y) {
        for (int x = 0; x < kSide; ++x) {
            const double across = (x + .5) / kSide, down = (y + .5) / kSide;
            const bool isGrass = down > horizon + hill * std::sin(across * wave + shift);
            const Colour colour = isGrass ? mixed(kGrass, (down - horizon) / (1 - horizon)) : mixed(sky, down / horizon);
            setPixel(picture.row(y) + 4 * x, colour, isGrass ? brightness : 1.0);
        }
    }

    const int left = static_cast<int>(draw.between(.05, .95) * (kSide - kPaintSide));
    const int firstRow = static_cast<int>((horizon + .06) * kSide), lastRow = kSide - kPaintSide - kSide / 20;
    const int top = static_cast<int>(draw.between(std::min(firstRow, lastRow), lastRow));
    ImageBuffer paint({ kSide, kSide }, PixelFormat::Gray8);
    constexpr double kRadius = kPaintSide / 2.0;
    for (int y = 0; y < kPaintSide; ++y) {
        for (int x = 0; x < kPaintSide; ++x) {
            const bool inside = variant % 2 != 0 || std::hypot(x + .5 - kRadius, y + .5 - kRadius) <= kRadius;
            paint.row(top + y)[left + x] = inside ? 255 : 0;
        }
    }
    return { imaging::Raster::fromImage(picture.view()), imaging::Mask(imaging::Raster::fromImage(paint.view())) };
}

} // namespace sfumato::test
