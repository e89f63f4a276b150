// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/primary_button.h"

#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/style_painting.h"
#include "ui/theme/theme_tokens.h"
#include "ui/widgets/plain_text.h"

#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolButton>

namespace sfumato::ui {

PrimaryButton::PrimaryButton(QWidget* parent) : QPushButton(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_stop = new QToolButton(this);
    m_stop->setIcon(themedIcon(QStringLiteral("actions/stop")));
    m_stop->setAutoRaise(true);
    m_stop->setFocusPolicy(Qt::StrongFocus);
    describe(*m_stop, tr("Stop"), tr("Stop the current run. Finished variations stay."));
    m_stop->hide();
    connect(m_stop, &QToolButton::clicked, this, &PrimaryButton::stopRequested);
}

void PrimaryButton::showProgress(const QString& words, std::optional<double> fraction)
{
    m_isShowingProgress = true;
    m_words = words;
    m_fraction = fraction;
    m_stop->show();
    setAccessibleDescription(words);
    update();
}

void PrimaryButton::showReady()
{
    m_isShowingProgress = false;
    m_words.clear();
    m_fraction.reset();
    m_stop->hide();
    setAccessibleDescription(QString());
    update();
}

QSize PrimaryButton::sizeHint() const { return { 200, metrics::kPrimaryHeight }; }

QSize PrimaryButton::minimumSizeHint() const
{
    return { fontMetrics().horizontalAdvance(text()) + 2 * metrics::kGroup, metrics::kPrimaryHeight };
}

void PrimaryButton::paintEvent(QPaintEvent* /*event*/)
{
    const ThemeTokens& tokens = tokensOf(*this);
    QPainter painter(this);
    painter.setFont(font());
    const QRectF box(rect());
    if (!m_isShowingProgress) {
        QColor fill = tokens.accent;
        if (underMouse()) fill = blended(fill, tokens.text, 0.12);
        if (isDown()) fill = blended(fill, tokens.surfaceCanvas, 0.25);
        if (isEnabled()) {
            drawBox(painter, box, { .fill = fill, .outline = {} });
        } else {
            drawBox(painter, box, { .fill = tokens.surfacePanel, .outline = tokens.lineSubtle });
        }
        painter.setPen(isEnabled() ? tokens.onAccent : tokens.textDisabled);
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextShowMnemonic, text());
    } else {
        drawBox(painter, box, { .fill = tokens.surfaceInput, .outline = tokens.lineStrong });
        painter.save();
        QPainterPath shape;
        shape.addRoundedRect(box.adjusted(1, 1, -1, -1), metrics::kControlRadius - 1, metrics::kControlRadius - 1);
        painter.setClipPath(shape);
        const QRectF bar(0, 0, width() * m_fraction.value_or(0.0), height());
        painter.fillRect(layoutDirection() == Qt::RightToLeft ? bar.translated(width() - bar.width(), 0) : bar, blended(tokens.surfaceInput, tokens.accent, 0.45));
        painter.restore();
        painter.setPen(tokens.text);
        const QRect words = rect().adjusted(metrics::kDockMargin, 0, -metrics::kPrimaryHeight, 0);
        painter.drawText(words, Qt::AlignVCenter | Qt::AlignLeading, painter.fontMetrics().elidedText(m_words, Qt::ElideRight, words.width()));
        painter.fillRect(QRectF(m_stop->x() - 1, 8, 1, height() - 16), tokens.lineStrong);
    }
    if (hasFocus()) {
        drawFocusRing(painter, box, tokens, metrics::kControlRadius);
        drawBox(painter, box.adjusted(2, 2, -2, -2), { .fill = {}, .outline = tokens.surfacePanel, .radius = metrics::kControlRadius - 2 });
    }
}

void PrimaryButton::resizeEvent(QResizeEvent* event)
{
    QPushButton::resizeEvent(event);
    const int side = height() - 2 * metrics::kInside;
    const int x = layoutDirection() == Qt::RightToLeft ? metrics::kInside : width() - side - metrics::kInside;
    m_stop->setGeometry(x, metrics::kInside, side, side);
}

bool PrimaryButton::hitButton(const QPoint& position) const
{
    return !m_isShowingProgress && QPushButton::hitButton(position);
}

void PrimaryButton::keyPressEvent(QKeyEvent* event)
{
    if (m_isShowingProgress && (event->key() == Qt::Key_Space || event->key() == Qt::Key_Return)) return;
    QPushButton::keyPressEvent(event);
}

} // namespace sfumato::ui
