// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/fold.h"

#include "ui/theme/application_theme.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/style_painting.h"
#include "ui/theme/theme_tokens.h"

#include <QPainter>
#include <QVBoxLayout>

namespace sfumato::ui {

namespace {

constexpr int kSignSize = 14;

} // namespace

FoldHeader::FoldHeader(const QString& title, QWidget* parent) : QAbstractButton(parent)
{
    setText(title);
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(title);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void FoldHeader::setValues(const QString& values)
{
    if (m_values == values) return;
    m_values = values;
    setAccessibleDescription(values);
    update();
}

QSize FoldHeader::sizeHint() const { return { 120, metrics::kControlHeight }; }

void FoldHeader::paintEvent(QPaintEvent* /*event*/)
{
    const ThemeTokens& tokens = tokensOf(*this);
    QPainter painter(this);
    const bool isRightToLeft = layoutDirection() == Qt::RightToLeft;
    painter.fillRect(QRect(0, 0, width(), 1), tokens.lineSubtle);
    const QColor color = underMouse() ? tokens.text : tokens.textSecondary;
    const QString sign = isChecked() ? QStringLiteral("status/chevron-down") : QStringLiteral("status/chevron-right");
    const int signX = isRightToLeft ? width() - kSignSize : 0;
    painter.drawPixmap(QPointF(signX, (height() - kSignSize) / 2.0), tintedIcon(sign, color, kSignSize, devicePixelRatioF()));

    const QRect words = rect().adjusted(isRightToLeft ? 0 : kSignSize + metrics::kInside, 0, isRightToLeft ? -kSignSize - metrics::kInside : 0, 0);
    painter.setPen(tokens.text);
    painter.drawText(words, Qt::AlignVCenter | Qt::AlignLeading, text());
    if (!isChecked()) {
        const int titleWidth = painter.fontMetrics().horizontalAdvance(text()) + metrics::kDockMargin;
        painter.setFont(secondaryFont());
        painter.setPen(tokens.textSecondary);
        const int room = words.width() - titleWidth;
        painter.drawText(words, Qt::AlignVCenter | Qt::AlignTrailing, painter.fontMetrics().elidedText(m_values, Qt::ElideRight, room));
    }
    if (hasFocus()) drawFocusRing(painter, rect(), tokens, metrics::kControlRadius);
}

Fold::Fold(const QString& title, QWidget* parent) : QWidget(parent)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::kInside);
    m_header = new FoldHeader(title, this);
    column->addWidget(m_header);
    connect(m_header, &QAbstractButton::toggled, this, [this](bool isOpen) {
        if (m_body) m_body->setVisible(isOpen);
        Q_EMIT toggled(isOpen);
    });
}

void Fold::setBody(QWidget* body)
{
    m_body = body;
    layout()->addWidget(body);
    body->setVisible(m_header->isChecked());
}

void Fold::setValues(const QString& values) { m_header->setValues(values); }

void Fold::setOpen(bool isOpen) { m_header->setChecked(isOpen); }

bool Fold::isOpen() const { return m_header->isChecked(); }

} // namespace sfumato::ui
