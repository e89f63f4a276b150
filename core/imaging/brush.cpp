// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/brush.h"

#include "core/imaging/brush_dab.h"

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

double diameterAt(const BrushSettings& settings, double pressure) noexcept
{
    const double size = std::clamp(settings.sizePx, 1.0, 2000.0);
    return settings.pressureToSize ? std::max(1.0, size * pressure) : size;
}

BrushDab dabAt(const BrushSettings& settings, const StrokePoint& point) noexcept
{
    const double radius = diameterAt(settings, point.pressure) / 2.0;
    const double hardness = std::clamp(settings.hardness, 0.0, 1.0);
    const double strength = std::clamp(settings.strength, 0.0, 1.0) * (settings.pressureToStrength ? point.pressure : 1.0);
    // One pixel of fall-off at least, centred on the radius, is the anti-aliasing of a hard edge.
    return { point.x, point.y, std::max(0.0, std::min(radius * hardness, radius - 0.5)), radius + 0.5, strength * 255.0 };
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
    std::vector<BrushDab> dabs;
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
        for (const BrushDab& dab : dabs) hit = hit.united(dab.bounds().intersected(m_mask.raster().tileBounds(index)));
        if (hit.isEmpty()) continue;
        m_coverage.raster().edit(hit, [&](ImageSpan pixels, const Bounds& area) {
            for (const BrushDab& dab : dabs) accumulateDab(pixels, area, dab);
        });
        const TilePointer former = m_mask.raster().tile(index);
        m_mask.raster().edit(hit, [&](ImageSpan pixels, const Bounds& area) {
            for (int y = 0; y < area.height; ++y) {
                const std::uint8_t* before = tileRow(m_before.raster(), area, y);
                const std::uint8_t* coverage = tileRow(m_coverage.raster(), area, y);
                if (coverage) paintRow(pixels.row(y), before, coverage, area.width, m_settings.erase);
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
