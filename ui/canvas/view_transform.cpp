// SPDX-License-Identifier: Apache-2.0
#include "ui/canvas/view_transform.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace sfumato::ui {

namespace {

constexpr std::array kLadder{ 0.01, 0.02, 0.03, 0.05, 0.0833, 0.125, 0.1667, 0.25, 0.3333, 0.5, 0.6667, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0, 64.0 };
constexpr double kSameRung = 1.001; // zooms closer than this are one rung

} // namespace

ViewTransform::ViewTransform(double zoom, QPointF origin, double devicePixelRatio) noexcept
    : m_zoom(std::clamp(zoom, kSmallestZoom, kLargestZoom)), m_origin(origin), m_devicePixelRatio(devicePixelRatio)
{
}

QRectF ViewTransform::toView(const Bounds& canvasBounds) const noexcept
{
    return { toView(QPointF(canvasBounds.x, canvasBounds.y)), QSizeF(canvasBounds.width, canvasBounds.height) * scale() };
}

Bounds ViewTransform::toCanvas(const QRectF& viewRect) const noexcept
{
    const QPointF first = toCanvas(viewRect.topLeft()), last = toCanvas(viewRect.bottomRight());
    const int left = static_cast<int>(std::floor(first.x())), top = static_cast<int>(std::floor(first.y()));
    return { left, top, static_cast<int>(std::ceil(last.x())) - left, static_cast<int>(std::ceil(last.y())) - top };
}

ViewTransform ViewTransform::panned(QPointF viewDelta) const noexcept
{
    return ViewTransform(m_zoom, m_origin + viewDelta, m_devicePixelRatio);
}

ViewTransform ViewTransform::zoomedTo(double zoom, QPointF viewPos) const noexcept
{
    const QPointF anchor = toCanvas(viewPos);
    ViewTransform result(zoom, {}, m_devicePixelRatio);
    result.m_origin = viewPos - anchor * result.scale();
    return result;
}

ViewTransform ViewTransform::stepped(int direction, QPointF viewPos) const noexcept
{
    if (direction > 0) {
        const auto rung = std::find_if(kLadder.begin(), kLadder.end(), [this](double zoom) { return zoom > m_zoom * kSameRung; });
        return zoomedTo(rung == kLadder.end() ? kLargestZoom : *rung, viewPos);
    }
    const auto rung = std::find_if(kLadder.rbegin(), kLadder.rend(), [this](double zoom) { return zoom * kSameRung < m_zoom; });
    return zoomedTo(rung == kLadder.rend() ? kSmallestZoom : *rung, viewPos);
}

ViewTransform ViewTransform::fitted(const Bounds& canvasBounds, QSizeF viewSize, double margin, double largestZoom) const noexcept
{
    if (canvasBounds.isEmpty() || viewSize.isEmpty()) return *this;
    const double width = std::max(1.0, viewSize.width() - 2 * margin), height = std::max(1.0, viewSize.height() - 2 * margin);
    const double fitting = std::min(width / canvasBounds.width, height / canvasBounds.height) * m_devicePixelRatio;
    ViewTransform result(std::min(fitting, largestZoom), {}, m_devicePixelRatio);
    const QPointF centre(canvasBounds.x + canvasBounds.width / 2.0, canvasBounds.y + canvasBounds.height / 2.0);
    result.m_origin = QPointF(viewSize.width() / 2, viewSize.height() / 2) - centre * result.scale();
    return result;
}

ViewTransform ViewTransform::keptInView(Extent picture, QSizeF viewSize, double margin) const noexcept
{
    if (picture.isEmpty()) return *this;
    const auto kept = [margin](double origin, double length, double room) {
        const double least = std::min(margin, length);
        return std::clamp(origin, least - length, std::max(least - length, room - least));
    };
    ViewTransform result = *this;
    result.m_origin = { kept(m_origin.x(), picture.width * scale(), viewSize.width()), kept(m_origin.y(), picture.height * scale(), viewSize.height()) };
    return result;
}

ViewTransform ViewTransform::withDevicePixelRatio(double ratio) const noexcept
{
    return ViewTransform(m_zoom, m_origin, ratio);
}

} // namespace sfumato::ui
