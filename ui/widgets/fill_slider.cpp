// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/fill_slider.h"

#include "ui/theme/metrics.h"
#include "ui/theme/style_painting.h"
#include "ui/theme/theme_tokens.h"

#include <QEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyle>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace sfumato::ui {

namespace {

constexpr qreal kGrooveHeight = 6;
constexpr qreal kHandleRadius = 7;

} // namespace

FillSlider::FillSlider(QWidget* parent) : QAbstractSlider(parent)
{
    setOrientation(Qt::Horizontal);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
}

void FillSlider::setDefaultPosition(int position)
{
    m_defaultPosition = position;
    update();
}

QSize FillSlider::sizeHint() const { return { 120, metrics::kControlHeight }; }

QSize FillSlider::minimumSizeHint() const { return { 48, metrics::kControlHeight }; }

qreal FillSlider::positionToX(int position) const
{
    const qreal span = std::max(1, maximum() - minimum());
    const qreal x = kHandleRadius + (width() - 2 * kHandleRadius) * (position - minimum()) / span;
    return layoutDirection() == Qt::RightToLeft ? width() - x : x;
}

int FillSlider::xToPosition(qreal x) const
{
    const qreal logicalX = layoutDirection() == Qt::RightToLeft ? width() - x : x;
    const qreal part = std::clamp((logicalX - kHandleRadius) / std::max<qreal>(1, width() - 2 * kHandleRadius), 0.0, 1.0);
    return minimum() + static_cast<int>(std::lround(part * (maximum() - minimum())));
}

void FillSlider::paintEvent(QPaintEvent* /*event*/)
{
    const ThemeTokens& tokens = tokensOf(*this);
    QPainter painter(this);
    const qreal middle = height() / 2.0;
    const QRectF groove(0, middle - kGrooveHeight / 2, width(), kGrooveHeight);
    const qreal handleX = positionToX(sliderPosition());
    const bool isRightToLeft = layoutDirection() == Qt::RightToLeft;

    drawBox(painter, groove, { .fill = tokens.surfaceInput, .outline = isEnabled() ? tokens.lineStrong : tokens.lineSubtle, .radius = kGrooveHeight / 2 });
    const QRectF filled = isRightToLeft ? QRectF(QPointF(handleX, groove.top()), groove.bottomRight()) : QRectF(groove.topLeft(), QPointF(handleX, groove.bottom()));
    drawBox(painter, filled, { .fill = isEnabled() ? tokens.accent : tokens.lineStrong, .outline = {}, .radius = kGrooveHeight / 2 });
    if (m_defaultPosition >= minimum() && m_defaultPosition != sliderPosition()) {
        const bool isInFill = m_defaultPosition < sliderPosition();
        painter.fillRect(QRectF(positionToX(m_defaultPosition) - 1, groove.top() - 2, 2, kGrooveHeight + 4), isInFill ? tokens.text : tokens.textSecondary);
    }

    const bool isHot = underMouse() || isSliderDown();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(hasFocus() ? tokens.accent : isEnabled() ? tokens.lineStrong
                                                                 : tokens.lineSubtle,
        hasFocus() ? 2 : 1));
    painter.setBrush(!isEnabled() ? tokens.surfacePanel : isHot || hasFocus() ? tokens.text
                                                                              : tokens.textSecondary);
    painter.drawEllipse(QPointF(handleX, middle), kHandleRadius - 1, kHandleRadius - 1);
}

void FillSlider::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton) return;
    setSliderDown(true);
    setSliderPosition(xToPosition(event->position().x()));
    update();
}

void FillSlider::mouseMoveEvent(QMouseEvent* event)
{
    if (isSliderDown()) setSliderPosition(xToPosition(event->position().x()));
}

void FillSlider::mouseReleaseEvent(QMouseEvent* /*event*/)
{
    setSliderDown(false);
    update();
}

void FillSlider::mouseDoubleClickEvent(QMouseEvent* /*event*/)
{
    setSliderDown(false);
    Q_EMIT defaultRequested();
}

// Scrolling a panel must not change values under the pointer.
void FillSlider::wheelEvent(QWheelEvent* event)
{
    if (hasFocus()) {
        QAbstractSlider::wheelEvent(event);
    } else {
        event->ignore();
    }
}

bool FillSlider::event(QEvent* event)
{
    switch (event->type()) {
    case QEvent::HoverEnter:
    case QEvent::HoverLeave:
    case QEvent::FocusIn:
    case QEvent::FocusOut: update(); break;
    default: break;
    }
    return QAbstractSlider::event(event);
}

} // namespace sfumato::ui
