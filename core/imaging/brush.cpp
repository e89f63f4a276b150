// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/brush.h"

#include <algorithm>
#include <cmath>

namespace sfumato::imaging {

namespace {

constexpr double kSmallestSpacingPx = 0.5;
constexpr double kFlatteningPx = 2.0; // longest straight piece of a curve

StrokePoint mix(const StrokePoint& from, const StrokePoint& to, double t) noexcept
{
    return { std::lerp(from.x, to.x, t), std::lerp(from.y, to.y, t), std::lerp(from.pressure, to.pressure, t) };
}

double distanceBetween(const StrokePoint& from, const StrokePoint& to) noexcept
{
    return std::hypot(to.x - from.x, to.y - from.y);
}

// A dab: full to `inner`, then a smooth fall to nothing at `outer`.
struct Dab {
    double x = 0.0;
    double y = 0.0;
    double inner = 0.0;
    double outer = 0.0;
    double peak = 0.0; // 0..255

    [[nodiscard]] Bounds bounds() const noexcept
    {
        const int left = static_cast<int>(std::floor(x - outer)), top = static_cast<int>(std::floor(y - outer));
        return { left, top, static_cast<int>(std::ceil(x + outer)) - left, static_cast<int>(std::ceil(y + outer)) - top };
    }
};

double diameterAt(const BrushSettings& settings, double pressure) noexcept
{
    const double size = std::clamp(settings.sizePx, 1.0, 2000.0);
    return settings.pressureToSize ? std::max(1.0, size * pressure) : size;
}

Dab dabAt(const BrushSettings& settings, const StrokePoint& point) noexcept
{
    const double radius = diameterAt(settings, point.pressure) / 2.0;
    const double hardness = std::clamp(settings.hardness, 0.0, 1.0);
    const double strength = std::clamp(settings.strength, 0.0, 1.0) * (settings.pressureToStrength ? point.pressure : 1.0);
    // One pixel of fall-off at least, centred on the radius, is the anti-aliasing of a hard edge.
    return { point.x, point.y, std::max(0.0, std::min(radius * hardness, radius - 0.5)), radius + 0.5, strength * 255.0 };
}

std::uint8_t dabValue(const Dab& dab, double distance) noexcept
{
    if (distance <= dab.inner) return static_cast<std::uint8_t>(std::lround(dab.peak));
    const double t = std::clamp((dab.outer - distance) / (dab.outer - dab.inner), 0.0, 1.0);
    return static_cast<std::uint8_t>(std::lround(dab.peak * t * t * (3.0 - 2.0 * t)));
}

void accumulate(ImageSpan coverage, const Bounds& area, const Dab& dab)
{
    const Bounds touched = dab.bounds().intersected(area);
    const auto peak = static_cast<std::uint8_t>(std::lround(dab.peak));
    for (int y = touched.y; y < touched.bottom(); ++y) {
        std::uint8_t* row = coverage.row(y - area.y) - area.x;
        const double dy = y + 0.5 - dab.y;
        const double halfInner = dab.inner > std::abs(dy) ? std::sqrt(dab.inner * dab.inner - dy * dy) : -1.0;
        for (int x = touched.x; x < touched.right(); ++x) {
            const double dx = x + 0.5 - dab.x;
            const std::uint8_t value = std::abs(dx) <= halfInner ? peak : dabValue(dab, std::sqrt(dx * dx + dy * dy));
            row[x] = std::max(row[x], value);
        }
    }
}

std::uint8_t painted(std::uint8_t before, std::uint8_t coverage, bool erase) noexcept
{
    if (erase) return static_cast<std::uint8_t>((before * (255 - coverage) + 127) / 255);
    return static_cast<std::uint8_t>(before + ((255 - before) * coverage + 127) / 255);
}

const std::uint8_t* tileRow(const Raster& raster, const Bounds& area, int y) noexcept
{
    const TilePointer& tile = raster.tile({ area.x / kTileSize, area.y / kTileSize });
    return tile ? tile->view().row((area.y + y) % kTileSize) + area.x % kTileSize : nullptr;
}

} // namespace

BrushStroke::BrushStroke(Mask before, const BrushSettings& settings)
    : m_settings(settings), m_before(std::move(before)), m_mask(m_before), m_coverage(m_before.extent())
{
}

Bounds BrushStroke::extendTo(const StrokePoint& point)
{
    if (!std::isfinite(point.x) || !std::isfinite(point.y)) return {};
    // Far beyond the picture nothing is drawn; the clamp keeps the number of dabs of one call bounded.
    const Extent extent = m_before.extent();
    const StrokePoint pen{ std::clamp(point.x, -4000.0, extent.width + 4000.0), std::clamp(point.y, -4000.0, extent.height + 4000.0),
        std::isfinite(point.pressure) ? std::clamp(point.pressure, 0.0, 1.0) : 1.0 };
    if (!m_pen) {
        m_pen = m_smoothed = m_cursor = pen;
        m_dabs.push_back(pen);
        m_untilDab = std::max(kSmallestSpacingPx, m_settings.spacing * diameterAt(m_settings, pen.pressure));
        return applyDabs();
    }
    const StrokePoint former = m_smoothed;
    m_pen = pen;
    m_smoothed = mix(former, pen, 1.0 - std::clamp(m_settings.smoothing, 0.0, 0.95));
    traceCurve(former, mix(former, m_smoothed, 0.5));
    return applyDabs();
}

Bounds BrushStroke::finish()
{
    if (!m_pen) return {};
    traceLine(m_smoothed);
    traceLine(*m_pen);
    m_dabs.push_back(*m_pen);
    return applyDabs();
}

void BrushStroke::traceCurve(const StrokePoint& control, const StrokePoint& to)
{
    const StrokePoint from = m_cursor;
    const double length = distanceBetween(from, control) + distanceBetween(control, to);
    const int pieces = std::max(1, static_cast<int>(std::ceil(length / kFlatteningPx)));
    for (int i = 1; i <= pieces; ++i) {
        const double t = static_cast<double>(i) / pieces;
        traceLine(mix(mix(from, control, t), mix(control, to, t), t));
    }
}

void BrushStroke::traceLine(const StrokePoint& to)
{
    const StrokePoint from = m_cursor;
    const double length = distanceBetween(from, to);
    double travelled = 0.0;
    while (length - travelled >= m_untilDab) {
        travelled += m_untilDab;
        m_dabs.push_back(mix(from, to, travelled / length));
        m_untilDab = std::max(kSmallestSpacingPx, m_settings.spacing * diameterAt(m_settings, m_dabs.back().pressure));
    }
    m_untilDab -= length - travelled;
    m_cursor = to;
}

Bounds BrushStroke::applyDabs()
{
    std::vector<Dab> dabs;
    Bounds touched;
    for (const StrokePoint& point : m_dabs) {
        dabs.push_back(dabAt(m_settings, point));
        touched = touched.united(dabs.back().bounds());
    }
    m_dabs.clear();
    touched = touched.intersected(m_mask.raster().bounds());

    Bounds changed;
    for (const TileIndex index : m_mask.raster().tilesIn(touched)) {
        Bounds hit;
        for (const Dab& dab : dabs) hit = hit.united(dab.bounds().intersected(m_mask.raster().tileBounds(index)));
        if (hit.isEmpty()) continue;
        m_coverage.raster().edit(hit, [&](ImageSpan pixels, const Bounds& area) {
            for (const Dab& dab : dabs) accumulate(pixels, area, dab);
        });
        const TilePointer former = m_mask.raster().tile(index);
        m_mask.raster().edit(hit, [&](ImageSpan pixels, const Bounds& area) {
            for (int y = 0; y < area.height; ++y) {
                const std::uint8_t* before = tileRow(m_before.raster(), area, y);
                const std::uint8_t* coverage = tileRow(m_coverage.raster(), area, y);
                if (!coverage) continue;
                for (int x = 0; x < area.width; ++x) pixels.row(y)[x] = painted(before ? before[x] : std::uint8_t{ 0 }, coverage[x], m_settings.erase);
            }
        });
        if (m_mask.raster().tile(index) != former) changed = changed.united(hit);
    }
    m_dirty = m_dirty.united(changed);
    return changed;
}

Mask paintStroke(const Mask& mask, const BrushSettings& settings, std::span<const StrokePoint> points)
{
    BrushStroke stroke(mask, settings);
    for (const StrokePoint& point : points) stroke.extendTo(point);
    stroke.finish();
    return stroke.mask();
}

} // namespace sfumato::imaging
