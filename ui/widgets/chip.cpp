// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/chip.h"

#include "ui/theme/application_theme.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/style_painting.h"
#include "ui/theme/theme_tokens.h"
#include "ui/widgets/plain_text.h"

#include <QMenu>
#include <QPainter>

#include <algorithm>

namespace sfumato::ui {

namespace {

constexpr int kPadding = 9;
constexpr int kSignSize = 14;
constexpr int kWidest = 180;

} // namespace

Chip::Chip(const QString& label, const QString& help, QWidget* parent) : QAbstractButton(parent), m_help(help)
{
    setFont(secondaryFont());
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setLabel(label);
}

void Chip::setLabel(const QString& label)
{
    m_label = label.simplified();
    describe(*this, m_label, m_label == m_help ? m_label : m_label + QLatin1Char('\n') + m_help);
    updateGeometry();
    update();
}

void Chip::setMenu(QMenu* menu)
{
    m_menu = menu;
    connect(this, &QAbstractButton::clicked, this, [this] { m_menu->popup(mapToGlobal(QPoint(0, height()))); });
}

void Chip::setSign(const QString& iconName)
{
    m_sign = iconName;
    updateGeometry();
    update();
}

QSize Chip::sizeHint() const
{
    int width = fontMetrics().horizontalAdvance(m_label) + 2 * kPadding + 1;
    if (!m_sign.isEmpty()) width += kSignSize + metrics::kInside;
    if (m_menu) width += kSignSize;
    return { std::min(width, kWidest), metrics::kControlHeight };
}

QSize Chip::minimumSizeHint() const { return { std::min(sizeHint().width(), 48), sizeHint().height() }; }

void Chip::paintEvent(QPaintEvent* /*event*/)
{
    const ThemeTokens& tokens = tokensOf(*this);
    QPainter painter(this);
    const QRectF pill = QRectF(rect()).adjusted(0, 2, 0, -2);
    const bool isHot = underMouse() && isEnabled();
    const QColor fill = isChecked() ? blended(tokens.surfacePanel, tokens.accent, 0.28) : isHot ? tokens.surfaceRaised
                                                                                                : tokens.surfacePanel;
    drawBox(painter, pill, { .fill = fill, .outline = isChecked() ? tokens.accent : isHot ? tokens.textSecondary
                                                                                          : tokens.lineStrong,
                               .radius = pill.height() / 2 });
    QRect words = rect().adjusted(kPadding, 0, -kPadding, 0);
    const QColor color = !isEnabled() ? tokens.textDisabled : isChecked() ? tokens.text
                                                                          : tokens.textSecondary;
    const bool isRightToLeft = layoutDirection() == Qt::RightToLeft;
    const auto drawSign = [&](const QString& name, bool isFirst) {
        const bool isLeft = isFirst != isRightToLeft;
        const int x = isLeft ? words.left() - 2 : words.right() - kSignSize + 3;
        painter.drawPixmap(QPointF(x, (height() - kSignSize) / 2.0), tintedIcon(name, color, kSignSize, devicePixelRatioF()));
        words.adjust(isLeft ? kSignSize + 2 : 0, 0, isLeft ? 0 : -kSignSize + 2, 0);
    };
    if (!m_sign.isEmpty()) drawSign(m_sign, true);
    if (m_menu) drawSign(QStringLiteral("status/chevron-down"), false);
    painter.setPen(color);
    painter.drawText(words, Qt::AlignVCenter | Qt::AlignLeading | Qt::TextSingleLine, fontMetrics().elidedText(m_label, Qt::ElideRight, words.width()));
    if (hasFocus()) drawFocusRing(painter, pill, tokens, pill.height() / 2);
}

} // namespace sfumato::ui
