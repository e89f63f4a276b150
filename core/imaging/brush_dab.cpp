// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/brush_dab.h"

#include <algorithm>
#include <cmath>

namespace sfumato::imaging {

namespace {

// The part of a row that is no farther than `radius` from the centre, whose distance from the row is dy; begin ≥ end when there is none.
struct Chord {
    int begin = 0;
    int end = 0;
};

Chord chordOf(double centre, double radius, double dy, int left, int right) noexcept
{
    if (radius <= std::abs(dy)) return { left, left };
    const double half = std::sqrt(radius * radius - dy * dy);
    // Pixels whose centre, x + 0.5, lies within.
    return { std::clamp(static_cast<int>(std::ceil(centre - half - 0.5)), left, right), std::clamp(static_cast<int>(std::floor(centre + half - 0.5)) + 1, left, right) };
}

void accumulateFall(std::uint8_t* row, int begin, int end, const BrushDab& dab, double dy) noexcept
{
    const auto firstDx = static_cast<float>(begin + 0.5 - dab.x), squaredDy = static_cast<float>(dy * dy);
    const auto outer = static_cast<float>(dab.outer), perPixel = static_cast<float>(1.0 / (dab.outer - dab.inner)), peak = static_cast<float>(dab.peak);
    row += begin;
    for (int i = 0; i < end - begin; ++i) {
        const float dx = firstDx + static_cast<float>(i);
        float t = (outer - std::sqrt(dx * dx + squaredDy)) * perPixel;
        t = t < 0.0F ? 0.0F : t;
        t = t > 1.0F ? 1.0F : t;
        const auto value = static_cast<std::uint8_t>(static_cast<int>(peak * t * t * (3.0F - 2.0F * t) + 0.5F));
        row[i] = row[i] < value ? value : row[i];
    }
}

// value / 255, rounded, of a product of two bytes.
inline std::uint8_t dividedBy255(unsigned product) noexcept
{
    const auto raised = static_cast<std::uint16_t>(product + 128);
    return static_cast<std::uint8_t>(static_cast<std::uint16_t>(raised + (raised >> 8)) >> 8);
}

} // namespace

Bounds BrushDab::bounds() const noexcept
{
    const int left = static_cast<int>(std::floor(x - outer)), top = static_cast<int>(std::floor(y - outer));
    return { left, top, static_cast<int>(std::ceil(x + outer)) - left, static_cast<int>(std::ceil(y + outer)) - top };
}

void accumulateDab(ImageSpan coverage, const Bounds& area, const BrushDab& dab) noexcept
{
    const Bounds touched = dab.bounds().intersected(area);
    const auto peak = static_cast<std::uint8_t>(std::lround(dab.peak));
    for (int y = touched.y; y < touched.bottom(); ++y) {
        std::uint8_t* row = coverage.row(y - area.y) - area.x;
        const double dy = y + 0.5 - dab.y;
        const Chord dabChord = chordOf(dab.x, dab.outer, dy, touched.x, touched.right());
        if (dabChord.begin >= dabChord.end) continue;
        const Chord full = chordOf(dab.x, dab.inner, dy, dabChord.begin, dabChord.end);
        if (full.begin >= full.end) {
            accumulateFall(row, dabChord.begin, dabChord.end, dab, dy);
            continue;
        }
        accumulateFall(row, dabChord.begin, full.begin, dab, dy);
        for (int x = full.begin; x < full.end; ++x) row[x] = row[x] < peak ? peak : row[x];
        accumulateFall(row, full.end, dabChord.end, dab, dy);
    }
}

void paintRow(std::uint8_t* target, const std::uint8_t* before, const std::uint8_t* coverage, int count, bool erase) noexcept
{
    if (!before) {
        for (int i = 0; i < count; ++i) target[i] = erase ? std::uint8_t{ 0 } : coverage[i];
    } else if (erase) {
        for (int i = 0; i < count; ++i) target[i] = dividedBy255(static_cast<unsigned>(before[i]) * (255U - coverage[i]));
    } else {
        for (int i = 0; i < count; ++i) target[i] = static_cast<std::uint8_t>(before[i] + dividedBy255((255U - before[i]) * coverage[i]));
    }
}

} // namespace sfumato::imaging
