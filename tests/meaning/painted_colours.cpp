// SPDX-License-Identifier: Apache-2.0
#include "tests/meaning/painted_colours.h"

#include <algorithm>
#include <cmath>

namespace sfumato::test {

namespace {

constexpr double kSmallestDifference = 15;
constexpr double kSmallestChangedPart = .1;
constexpr double kPaleSaturation = .2, kDarkValue = .15, kBrownValue = .62;

struct HueRange {
    double end; // degrees, exclusive; it begins where the one before ends
    ColourFamily family;
};
constexpr std::array<HueRange, 9> kHues{ { { 18, ColourFamily::Red }, { 40, ColourFamily::Orange }, { 68, ColourFamily::Yellow }, { 165, ColourFamily::Green }, { 192, ColourFamily::Cyan },
    { 262, ColourFamily::Blue }, { 300, ColourFamily::Purple }, { 342, ColourFamily::Pink }, { 361, ColourFamily::Red } } };

using Triple = std::array<double, 3>;

double linear(std::uint8_t sample)
{
    const double value = sample / 255.0;
    return value <= .04045 ? value / 12.92 : std::pow((value + .055) / 1.055, 2.4);
}

// CIE L*a*b* of D65 sRGB.
Triple lab(const std::uint8_t* rgb)
{
    const double red = linear(rgb[0]), green = linear(rgb[1]), blue = linear(rgb[2]);
    const auto root = [](double t) { return t > .008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116; };
    const double x = root((.4124 * red + .3576 * green + .1805 * blue) / .95047), y = root(.2126 * red + .7152 * green + .0722 * blue),
                 z = root((.0193 * red + .1192 * green + .9505 * blue) / 1.08883);
    return { 116 * y - 16, 500 * (x - y), 200 * (y - z) };
}

double difference(const std::uint8_t* first, const std::uint8_t* second)
{
    const Triple a = lab(first), b = lab(second);
    return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

} // namespace

std::string_view familyName(ColourFamily family) noexcept
{
    constexpr std::array<std::string_view, kColourFamilyCount> kNames{ "none", "neutral", "red", "orange", "brown", "yellow", "green", "cyan", "blue", "purple", "pink" };
    return kNames[static_cast<std::size_t>(family)];
}

ColourFamily colourFamily(std::uint8_t red, std::uint8_t green, std::uint8_t blue) noexcept
{
    const double r = red / 255.0, g = green / 255.0, b = blue / 255.0;
    const double value = std::max({ r, g, b }), range = value - std::min({ r, g, b });
    if (value < kDarkValue || range < kPaleSaturation * value) return ColourFamily::Neutral;
    const double sixth = value == r ? std::fmod((g - b) / range + 6, 6) : value == g ? (b - r) / range + 2
                                                                                     : (r - g) / range + 4;
    const double hue = 60 * sixth;
    const auto* found = std::find_if(kHues.begin(), kHues.end(), [hue](const HueRange& entry) { return hue < entry.end; });
    return found->family == ColourFamily::Orange && value < kBrownValue ? ColourFamily::Brown : found->family;
}

ColourFamily PaintedColours::dominant() const noexcept
{
    if (static_cast<double>(changed) < kSmallestChangedPart * static_cast<double>(painted)) return ColourFamily::None;
    return static_cast<ColourFamily>(std::max_element(pixels.begin(), pixels.end()) - pixels.begin());
}

bool PaintedColours::isPainted() const noexcept
{
    return static_cast<double>(differing) >= kSmallestChangedPart * static_cast<double>(painted);
}

PaintedColours paintedColours(const imaging::Raster& before, const imaging::Raster& after, const imaging::Mask& mask)
{
    const Bounds area = mask.paintedBounds();
    const ImageBuffer old = before.toImage(area), fresh = after.toImage(area), paint = mask.toImage(area);
    PaintedColours result;
    for (int y = 0; y < area.height; ++y) {
        for (int x = 0; x < area.width; ++x) {
            if (paint.row(y)[x] == 0) continue;
            ++result.painted;
            const std::uint8_t* was = old.row(y) + 4 * x;
            const std::uint8_t* pixel = fresh.row(y) + 4 * x;
            const ColourFamily family = colourFamily(pixel[0], pixel[1], pixel[2]);
            if (difference(was, pixel) <= kSmallestDifference) continue;
            ++result.differing;
            if (family == colourFamily(was[0], was[1], was[2])) continue;
            ++result.changed;
            ++result.pixels[static_cast<std::size_t>(family)];
        }
    }
    return result;
}

} // namespace sfumato::test
