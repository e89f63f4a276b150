// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/elided_label.h"

#include "ui/theme/application_theme.h"
#include "ui/theme/theme_tokens.h"
#include "ui/widgets/plain_text.h"

#include <QPainter>

namespace sfumato::ui {

ElidedLabel::ElidedLabel(QWidget* parent) : QWidget(parent)
{
    setFont(secondaryFont());
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void ElidedLabel::setText(const QString& text)
{
    if (text == m_text) return;
    m_text = text;
    setAccessibleName(text);
    refreshHelp();
    updateGeometry();
    update();
}

void ElidedLabel::setAlignment(Qt::Alignment alignment)
{
    m_alignment = alignment;
    update();
}

void ElidedLabel::setProminent()
{
    m_isProminent = true;
    setFont(bodyFont());
    updateGeometry();
}

QSize ElidedLabel::sizeHint() const { return { fontMetrics().horizontalAdvance(m_text) + 1, fontMetrics().lineSpacing() }; }

QSize ElidedLabel::minimumSizeHint() const { return { 24, fontMetrics().lineSpacing() }; }

void ElidedLabel::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    const ThemeTokens& tokens = tokensOf(*this);
    painter.setPen(!isEnabled() ? tokens.textDisabled : m_isProminent ? tokens.text
                                                                      : tokens.textSecondary);
    painter.drawText(rect(), static_cast<int>(m_alignment | Qt::AlignVCenter) | Qt::TextSingleLine, fontMetrics().elidedText(m_text, Qt::ElideRight, width()));
}

void ElidedLabel::resizeEvent(QResizeEvent* /*event*/) { refreshHelp(); }

void ElidedLabel::refreshHelp()
{
    setHelp(*this, fontMetrics().horizontalAdvance(m_text) > width() ? m_text : QString());
}

} // namespace sfumato::ui
