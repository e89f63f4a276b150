// SPDX-License-Identifier: Apache-2.0
#include "ui/canvas/canvas_overlays.h"

#include "ui/theme/application_theme.h"
#include "ui/theme/metrics.h"
#include "ui/theme/style_painting.h"
#include "ui/theme/theme_tokens.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>

namespace sfumato::ui {

namespace {

constexpr double kCaptionHeight = 22;
constexpr double kCaptionGap = 6;
constexpr double kLeastCircle = 1.5;

void strokeTwice(QPainter& painter, const QColor& below, const QColor& above, const auto& draw)
{
    painter.setPen(QPen(below, 1));
    draw(1.0);
    painter.setPen(QPen(above, 1));
    draw(0.0);
}

QRectF captionRect(const QRectF& frame, double width, const QRect& view)
{
    const double x = std::clamp(frame.left(), view.left() + kCaptionGap, std::max<double>(view.left() + kCaptionGap, view.right() - width - kCaptionGap));
    double y = frame.bottom() + kCaptionGap;
    if (y + kCaptionHeight > view.bottom()) y = frame.top() - kCaptionGap - kCaptionHeight;
    if (y < view.top()) y = view.bottom() - kCaptionGap - kCaptionHeight;
    return { x, y, width, kCaptionHeight };
}

} // namespace

QRect BrushCursor::paintedRect() const
{
    const double reach = std::max(radius, 8.0) + 3;
    return QRectF(centre.x() - reach, centre.y() - reach, 2 * reach, 2 * reach).toAlignedRect();
}

void drawBrushCursor(QPainter& painter, const BrushCursor& cursor)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    const double radius = std::max(cursor.radius, kLeastCircle);
    strokeTwice(painter, QColor(0, 0, 0, 170), QColor(255, 255, 255, 230), [&](double outward) { painter.drawEllipse(cursor.centre, radius + outward, radius + outward); });
    if (cursor.hardRadius > 6 && cursor.radius - cursor.hardRadius > 3) {
        painter.setPen(QPen(QColor(255, 255, 255, 110), 1, Qt::DotLine));
        painter.drawEllipse(cursor.centre, cursor.hardRadius, cursor.hardRadius);
    }
    if (cursor.isErasing || radius < 4) {
        strokeTwice(painter, QColor(0, 0, 0, 170), QColor(255, 255, 255, 230), [&](double shift) {
            const QPointF at = cursor.centre + QPointF(shift, shift);
            painter.drawLine(at - QPointF(4, 0), at + QPointF(4, 0));
            if (!cursor.isErasing) painter.drawLine(at - QPointF(0, 4), at + QPointF(0, 4));
        });
    }
    painter.restore();
}

void drawContextFrame(QPainter& painter, const FrameLook& frame, const ViewTransform& transform, const QRect& view, const ThemeTokens& tokens)
{
    painter.save();
    const QRectF rect = QRectF(transform.toView(frame.crop).toAlignedRect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setBrush(Qt::NoBrush);
    if (frame.isRunning) {
        painter.setPen(QPen(QColor(0, 0, 0, 120), 3));
        painter.drawRect(rect);
        painter.setPen(QPen(tokens.accent, 1));
        painter.drawRect(rect);
    } else {
        painter.setPen(QPen(QColor(0, 0, 0, 150), 1));
        painter.drawRect(rect);
        QPen dashes(QColor(255, 255, 255, 220), 1, Qt::CustomDashLine);
        dashes.setDashPattern({ 5, 4 });
        painter.setPen(dashes);
        painter.drawRect(rect);
    }
    if (!frame.caption.isEmpty()) {
        painter.setFont(secondaryFont());
        const QRectF caption = captionRect(rect, QFontMetricsF(painter.font()).horizontalAdvance(frame.caption) + 2 * metrics::kBetween, view);
        drawBox(painter, caption, { .fill = tokens.surfaceRaised, .outline = tokens.lineSubtle });
        painter.setPen(tokens.textSecondary);
        painter.drawText(caption, Qt::AlignCenter, frame.caption);
    }
    painter.restore();
}

QRect contextFrameRect(const FrameLook& frame, const ViewTransform& transform)
{
    const double reach = kCaptionHeight + kCaptionGap + 4;
    QRectF rect = transform.toView(frame.crop);
    rect.setWidth(std::max(rect.width(), QFontMetricsF(secondaryFont()).horizontalAdvance(frame.caption) + 4.0 * metrics::kBetween));
    return rect.adjusted(-reach, -reach, reach, reach).toAlignedRect();
}

void drawEmptyFrame(QPainter& painter, const QRectF& rect, const ThemeTokens& tokens)
{
    painter.save();
    painter.fillRect(rect, blended(tokens.surfaceCanvas, tokens.text, 0.03));
    QPen dashes(blended(tokens.surfaceCanvas, tokens.text, 0.28), 1, Qt::CustomDashLine);
    dashes.setDashPattern({ 6, 5 });
    painter.setPen(dashes);
    painter.drawRect(QRectF(rect.toAlignedRect()).adjusted(0.5, 0.5, -0.5, -0.5));
    painter.restore();
}

} // namespace sfumato::ui
