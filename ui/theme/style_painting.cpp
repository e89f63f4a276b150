// SPDX-License-Identifier: Apache-2.0
#include "ui/theme/style_painting.h"

#include "ui/theme/application_theme.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme_tokens.h"

#include <QPainter>
#include <QStyle>
#include <QStyleOption>

namespace sfumato::ui {

namespace {

void drawIcon(QPainter& painter, const QString& name, const QColor& color, const QRect& within, int sizePx)
{
    const qreal scale = painter.device()->devicePixelRatioF();
    const QPointF at(within.x() + (within.width() - sizePx) / 2, within.y() + (within.height() - sizePx) / 2);
    painter.drawPixmap(at, tintedIcon(name, color, sizePx, scale));
}

bool isEnabled(const QStyleOption& option)
{
    return option.state.testFlag(QStyle::State_Enabled);
}

} // namespace

void drawBox(QPainter& painter, const QRectF& rect, const BoxLook& look)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal half = look.outline.isValid() ? look.outlineWidth / 2 : 0;
    painter.setPen(look.outline.isValid() ? QPen(look.outline, look.outlineWidth) : QPen(Qt::NoPen));
    painter.setBrush(look.fill.isValid() ? QBrush(look.fill) : QBrush(Qt::NoBrush));
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), look.radius, look.radius);
    painter.restore();
}

void drawFocusRing(QPainter& painter, const QRectF& rect, const ThemeTokens& tokens, qreal radius)
{
    drawBox(painter, rect, { .fill = {}, .outline = tokens.accent, .radius = radius, .outlineWidth = 2 });
}

void drawFieldPanel(QPainter& painter, const QStyleOption& option, const ThemeTokens& tokens)
{
    const bool hasFocus = option.state.testFlag(QStyle::State_HasFocus);
    const bool isHovered = option.state.testFlag(QStyle::State_MouseOver);
    QColor outline = isEnabled(option) ? tokens.lineStrong : tokens.lineSubtle;
    if (isHovered && isEnabled(option)) outline = tokens.textSecondary;
    drawBox(painter, option.rect, { .fill = isEnabled(option) ? tokens.surfaceInput : tokens.surfacePanel, .outline = outline, .radius = metrics::kControlRadius });
    if (hasFocus) drawFocusRing(painter, option.rect, tokens, metrics::kControlRadius);
}

void drawButtonPanel(QPainter& painter, const QStyleOption& option, const ThemeTokens& tokens, bool isPrimary)
{
    const bool isDown = option.state.testFlag(QStyle::State_Sunken) || option.state.testFlag(QStyle::State_On);
    const bool isHovered = option.state.testFlag(QStyle::State_MouseOver) && isEnabled(option);
    BoxLook look{ .fill = tokens.surfaceRaised, .outline = tokens.lineStrong, .radius = metrics::kControlRadius };
    if (isPrimary) look = { .fill = tokens.accent, .outline = {}, .radius = metrics::kControlRadius };
    if (!isEnabled(option)) look = { .fill = tokens.surfacePanel, .outline = tokens.lineSubtle, .radius = metrics::kControlRadius };
    if (isHovered) look.fill = blended(look.fill, tokens.text, 0.08);
    if (isDown && isEnabled(option)) look.fill = blended(look.fill, tokens.surfaceCanvas, 0.35);
    drawBox(painter, option.rect, look);
}

void drawToolButtonPanel(QPainter& painter, const QStyleOption& option, const ThemeTokens& tokens)
{
    const bool isOn = option.state.testFlag(QStyle::State_On);
    const bool isDown = option.state.testFlag(QStyle::State_Sunken);
    const bool isHovered = option.state.testFlag(QStyle::State_MouseOver) && isEnabled(option);
    if (isOn) {
        drawBox(painter, option.rect, { .fill = blended(tokens.surfaceWindow, tokens.accent, 0.22), .outline = tokens.accent });
    } else if (isDown) {
        drawBox(painter, option.rect, { .fill = blended(tokens.surfaceRaised, tokens.surfaceCanvas, 0.35), .outline = {} });
    } else if (isHovered) {
        drawBox(painter, option.rect, { .fill = blended(tokens.surfaceRaised, tokens.text, 0.06), .outline = {} });
    }
}

void drawCheckBox(QPainter& painter, const QStyleOption& option, const ThemeTokens& tokens)
{
    const bool isOn = option.state.testFlag(QStyle::State_On) || option.state.testFlag(QStyle::State_NoChange);
    if (!isOn) {
        drawBox(painter, option.rect, { .fill = tokens.surfaceInput, .outline = isEnabled(option) ? tokens.lineStrong : tokens.lineSubtle, .radius = 3 });
        return;
    }
    drawBox(painter, option.rect, { .fill = isEnabled(option) ? tokens.accent : tokens.lineStrong, .outline = {}, .radius = 3 });
    const bool isPartial = option.state.testFlag(QStyle::State_NoChange);
    drawIcon(painter, isPartial ? QStringLiteral("actions/minus") : QStringLiteral("actions/keep"), tokens.onAccent, option.rect, option.rect.width() - 2);
}

void drawRadioButton(QPainter& painter, const QStyleOption& option, const ThemeTokens& tokens)
{
    const qreal radius = option.rect.width() / 2.0;
    const bool isOn = option.state.testFlag(QStyle::State_On);
    drawBox(painter, option.rect, { .fill = isOn ? tokens.accent : tokens.surfaceInput, .outline = isOn ? QColor() : tokens.lineStrong, .radius = radius });
    if (isOn) drawBox(painter, QRectF(option.rect).adjusted(5, 5, -5, -5), { .fill = tokens.onAccent, .outline = {}, .radius = radius });
}

void drawComboBox(QPainter& painter, const QStyleOptionComboBox& option, const ThemeTokens& tokens, const QRect& arrowRect)
{
    QStyleOption panel = option;
    if (option.frame) drawFieldPanel(painter, panel, tokens);
    const QColor color = isEnabled(option) ? tokens.textSecondary : tokens.textDisabled;
    drawIcon(painter, QStringLiteral("status/chevron-down"), color, arrowRect, 14);
}

void drawScrollBar(QPainter& painter, const QStyleOptionSlider& option, const ThemeTokens& tokens, const QRect& handle)
{
    if (option.maximum <= option.minimum) return;
    const bool isActive = option.state.testFlag(QStyle::State_MouseOver) || option.state.testFlag(QStyle::State_Sunken);
    const QRectF bar = option.orientation == Qt::Vertical ? QRectF(handle).adjusted(3, 1, -2, -1) : QRectF(handle).adjusted(1, 3, -1, -2);
    drawBox(painter, bar, { .fill = isActive ? tokens.lineStrong : blended(tokens.lineSubtle, tokens.lineStrong, 0.5), .outline = {}, .radius = 3 });
}

QSize tabSize(const QStyleOptionTab& option)
{
    return { QFontMetrics(headingFont()).horizontalAdvance(option.text) + 2 * metrics::kDockMargin, metrics::kPrimaryHeight };
}

// The tab in front is a heading with a line of the accent below it.
void drawTab(QPainter& painter, const QStyleOptionTab& option, const ThemeTokens& tokens)
{
    const bool isFront = option.state.testFlag(QStyle::State_Selected);
    const bool isHot = option.state.testFlag(QStyle::State_MouseOver);
    painter.fillRect(option.rect, tokens.surfacePanel);
    painter.fillRect(QRect(option.rect.x(), option.rect.bottom(), option.rect.width(), 1), tokens.lineSubtle);
    if (isFront) painter.fillRect(QRect(option.rect.x() + metrics::kDockMargin, option.rect.bottom() - 1, option.rect.width() - 2 * metrics::kDockMargin, 2), tokens.accent);
    painter.setFont(isFront ? headingFont() : bodyFont());
    painter.setPen(isFront || isHot ? tokens.text : tokens.textSecondary);
    painter.drawText(option.rect, Qt::AlignCenter | Qt::TextSingleLine | Qt::TextHideMnemonic, option.text);
    if (option.state.testFlag(QStyle::State_HasFocus) && option.state.testFlag(QStyle::State_KeyboardFocusChange)) drawFocusRing(painter, QRectF(option.rect).adjusted(2, 2, -2, -3), tokens, metrics::kControlRadius);
}

void drawMenuItem(QPainter& painter, const QStyleOptionMenuItem& option, const ThemeTokens& tokens)
{
    constexpr int kTextLeft = 34;
    if (option.menuItemType == QStyleOptionMenuItem::Separator) {
        painter.fillRect(QRect(option.rect.x() + 8, option.rect.center().y(), option.rect.width() - 16, 1), tokens.lineSubtle);
        return;
    }
    const bool isSelected = option.state.testFlag(QStyle::State_Selected) && isEnabled(option);
    if (isSelected) drawBox(painter, QRectF(option.rect).adjusted(4, 0, -4, 0), { .fill = tokens.accent, .outline = {} });
    const QColor color = !isEnabled(option) ? tokens.textDisabled : isSelected ? tokens.onAccent
                                                                               : tokens.text;

    const QRect iconRect = QStyle::visualRect(option.direction, option.rect, QRect(option.rect.x() + 8, option.rect.y(), 22, option.rect.height()));
    if (option.checkType != QStyleOptionMenuItem::NotCheckable && option.checked) {
        drawIcon(painter, QStringLiteral("actions/keep"), color, iconRect, 16);
    } else if (!option.icon.isNull() && option.checkType == QStyleOptionMenuItem::NotCheckable) {
        drawIcon(painter, option.icon.name(), color, iconRect, 18);
    }

    const QRect textRect = QStyle::visualRect(option.direction, option.rect, option.rect.adjusted(kTextLeft, 0, -16, 0));
    const QStringList parts = option.text.split(QLatin1Char('\t'));
    const int leading = option.direction == Qt::RightToLeft ? Qt::AlignRight : Qt::AlignLeft;
    painter.setPen(color);
    painter.setFont(option.font);
    painter.drawText(textRect, Qt::TextShowMnemonic | Qt::TextSingleLine | Qt::AlignVCenter | leading, parts.value(0));
    if (parts.size() > 1) {
        painter.setPen(isSelected ? tokens.onAccent : isEnabled(option) ? tokens.textSecondary
                                                                        : tokens.textDisabled);
        const int trailing = option.direction == Qt::RightToLeft ? Qt::AlignLeft : Qt::AlignRight;
        painter.drawText(textRect, Qt::TextSingleLine | Qt::AlignVCenter | trailing, parts.value(1));
    }
    if (option.menuItemType == QStyleOptionMenuItem::SubMenu) {
        const QRect arrow = QStyle::visualRect(option.direction, option.rect, QRect(option.rect.right() - 24, option.rect.y(), 20, option.rect.height()));
        drawIcon(painter, QStringLiteral("status/chevron-right"), color, arrow, 14);
    }
}

} // namespace sfumato::ui
