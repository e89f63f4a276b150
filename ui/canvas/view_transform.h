// ViewTransform: where canvas pixels lie in the view.
// Thread: any, pure value. Canvas coordinates are picture pixels; view coordinates are the widget's device-independent pixels. Right-to-left windows do not mirror it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/geometry.h"

#include <QPointF>
#include <QRectF>
#include <QSizeF>

namespace sfumato::ui {

class ViewTransform {
public:
    static constexpr double kSmallestZoom = 0.01;
    static constexpr double kLargestZoom = 64.0;

    // `zoom`: device pixels per picture pixel (1 = 100 %); `devicePixelRatio`: device pixels per view unit.
    explicit ViewTransform(double zoom = 1.0, QPointF origin = {}, double devicePixelRatio = 1.0) noexcept;

    [[nodiscard]] double zoom() const noexcept { return m_zoom; }
    // View units per picture pixel.
    [[nodiscard]] double scale() const noexcept { return m_zoom / m_devicePixelRatio; }
    // Where picture pixel (0, 0) begins in the view.
    [[nodiscard]] QPointF origin() const noexcept { return m_origin; }

    [[nodiscard]] QPointF toView(QPointF canvasPos) const noexcept { return m_origin + canvasPos * scale(); }
    [[nodiscard]] QPointF toCanvas(QPointF viewPos) const noexcept { return (viewPos - m_origin) / scale(); }
    [[nodiscard]] QRectF toView(const Bounds& canvasBounds) const noexcept;
    // The smallest picture rectangle that holds a part of the view.
    [[nodiscard]] Bounds toCanvas(const QRectF& viewRect) const noexcept;

    [[nodiscard]] ViewTransform panned(QPointF viewDelta) const noexcept;
    // Zoomed so that what lies under `viewPos` stays there; clamped to the limits.
    [[nodiscard]] ViewTransform zoomedTo(double zoom, QPointF viewPos) const noexcept;
    // The next rung of the ladder (…, 50 %, 67 %, 100 %, 150 %, 200 %, …) above or below.
    [[nodiscard]] ViewTransform stepped(int direction, QPointF viewPos) const noexcept;
    // `canvasBounds` centred and as large as the view allows with `margin` units around; never above `largestZoom`.
    [[nodiscard]] ViewTransform fitted(const Bounds& canvasBounds, QSizeF viewSize, double margin, double largestZoom) const noexcept;
    // The picture cannot leave the view: at least `margin` units of it stay inside.
    [[nodiscard]] ViewTransform keptInView(Extent picture, QSizeF viewSize, double margin) const noexcept;
    [[nodiscard]] ViewTransform withDevicePixelRatio(double ratio) const noexcept;

    friend bool operator==(const ViewTransform&, const ViewTransform&) = default;

private:
    double m_zoom;
    QPointF m_origin;
    double m_devicePixelRatio;
};

} // namespace sfumato::ui
