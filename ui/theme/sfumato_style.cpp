// SPDX-License-Identifier: Apache-2.0
#include "ui/theme/sfumato_style.h"

#include "ui/theme/metrics.h"
#include "ui/theme/style_painting.h"
#include "ui/theme/theme_tokens.h"

#include <QAbstractScrollArea>
#include <QComboBox>
#include <QPainter>
#include <QPushButton>
#include <QStyleFactory>
#include <QStyleOption>
#include <QToolButton>

#include <algorithm>

namespace sfumato::ui {

namespace {

// The default button of a dialog is its accent one.
bool isPrimary(const QStyleOption* option)
{
    const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
    return button && button->features.testFlag(QStyleOptionButton::DefaultButton);
}

void drawFrame(const QStyleOption& option, QPainter& painter, const QWidget* widget, const ThemeTokens& tokens)
{
    if (!qobject_cast<const QAbstractScrollArea*>(widget)) return;
    QStyleOption panel = option;
    panel.state.setFlag(QStyle::State_HasFocus, widget->hasFocus());
    drawFieldPanel(painter, panel, tokens);
}

// No buttons at the ends: the handle has the whole length.
QRect scrollBarPart(const QStyleOptionSlider& bar, QStyle::SubControl part)
{
    constexpr int kLeastHandle = 32;
    const bool isVertical = bar.orientation == Qt::Vertical;
    const int length = isVertical ? bar.rect.height() : bar.rect.width();
    const qint64 range = qint64{ bar.maximum } - bar.minimum;
    const qint64 whole = range + std::max(1, bar.pageStep);
    const int handle = range <= 0 ? length : std::clamp(static_cast<int>(qint64{ length } * bar.pageStep / whole), std::min(kLeastHandle, length), length);
    const int begin = QStyle::sliderPositionFromValue(bar.minimum, bar.maximum, bar.sliderPosition, length - handle, bar.upsideDown);
    const auto piece = [&](int from, int size) { return isVertical ? QRect(bar.rect.x(), bar.rect.y() + from, bar.rect.width(), size) : QRect(bar.rect.x() + from, bar.rect.y(), size, bar.rect.height()); };
    switch (part) {
    case QStyle::SC_ScrollBarSlider: return piece(begin, handle);
    case QStyle::SC_ScrollBarSubPage: return piece(0, begin);
    case QStyle::SC_ScrollBarAddPage: return piece(begin + handle, length - begin - handle);
    case QStyle::SC_ScrollBarGroove: return bar.rect;
    default: return {};
    }
}

bool drawButtonPrimitive(QStyle::PrimitiveElement element, const QStyleOption& option, QPainter& painter, const ThemeTokens& tokens)
{
    switch (element) {
    case QStyle::PE_PanelButtonCommand: drawButtonPanel(painter, option, tokens, isPrimary(&option)); return true;
    case QStyle::PE_PanelButtonTool: drawToolButtonPanel(painter, option, tokens); return true;
    case QStyle::PE_IndicatorCheckBox: drawCheckBox(painter, option, tokens); return true;
    case QStyle::PE_IndicatorRadioButton: drawRadioButton(painter, option, tokens); return true;
    default: return false;
    }
}

bool drawPanelPrimitive(QStyle::PrimitiveElement element, const QStyleOption& option, QPainter& painter, const ThemeTokens& tokens)
{
    switch (element) {
    case QStyle::PE_PanelMenu: painter.fillRect(option.rect, tokens.surfaceRaised); return true;
    case QStyle::PE_FrameMenu: drawBox(painter, option.rect, { .fill = {}, .outline = tokens.lineSubtle, .radius = 0 }); return true;
    case QStyle::PE_PanelTipLabel: drawBox(painter, option.rect, { .fill = tokens.surfaceRaised, .outline = tokens.lineStrong, .radius = 0 }); return true;
    case QStyle::PE_PanelMenuBar:
    case QStyle::PE_PanelStatusBar:
    case QStyle::PE_FrameStatusBarItem:
    case QStyle::PE_FrameDockWidget:
    case QStyle::PE_FrameTabBarBase:
    case QStyle::PE_IndicatorToolBarSeparator: return true;
    default: return false;
    }
}

} // namespace

SfumatoStyle::SfumatoStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) { }

void SfumatoStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    const ThemeTokens& tokens = tokensOf(option->palette);
    if (drawButtonPrimitive(element, *option, *painter, tokens) || drawPanelPrimitive(element, *option, *painter, tokens)) return;
    switch (element) {
    case PE_PanelLineEdit: {
        const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
        if (frame && frame->lineWidth > 0) drawFieldPanel(*painter, *option, tokens);
        return;
    }
    case PE_FrameLineEdit: return;
    case PE_IndicatorArrowDown:
        if (!qobject_cast<const QToolButton*>(widget)) QProxyStyle::drawPrimitive(element, option, painter, widget);
        return;
    case PE_Frame: drawFrame(*option, *painter, widget, tokens); return;
    case PE_FrameFocusRect: {
        if (!option->state.testFlag(State_KeyboardFocusChange) && widget && !widget->property("alwaysShowsFocus").toBool()) return;
        const QRect rect = qobject_cast<const QToolButton*>(widget) ? widget->rect() : option->rect;
        drawFocusRing(*painter, rect, tokens, metrics::kControlRadius);
        return;
    }
    default: QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void SfumatoStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    const ThemeTokens& tokens = tokensOf(option->palette);
    switch (element) {
    case CE_MenuItem:
        if (const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option)) drawMenuItem(*painter, *item, tokens);
        return;
    case CE_MenuEmptyArea: return;
    case CE_MenuBarEmptyArea:
    case CE_ToolBar: painter->fillRect(option->rect, tokens.surfaceWindow); return;
    case CE_MenuBarItem:
        if (const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option)) {
            const bool isActive = item->state.testFlag(State_Selected) || item->state.testFlag(State_Sunken);
            painter->fillRect(item->rect, tokens.surfaceWindow);
            if (isActive) drawBox(*painter, QRectF(item->rect).adjusted(1, 2, -1, -2), { .fill = blended(tokens.surfaceRaised, tokens.text, 0.06), .outline = {} });
            painter->setPen(item->state.testFlag(State_Enabled) ? tokens.text : tokens.textDisabled);
            painter->drawText(item->rect, Qt::AlignCenter | Qt::TextShowMnemonic | Qt::TextSingleLine, item->text);
        }
        return;
    case CE_PushButtonLabel: {
        const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
        QStyleOptionButton copy = *button;
        if (isPrimary(option) && option->state.testFlag(State_Enabled)) copy.palette.setColor(QPalette::ButtonText, tokens.onAccent);
        QProxyStyle::drawControl(element, &copy, painter, widget);
        return;
    }
    case CE_HeaderSection:
        painter->fillRect(option->rect, tokens.surfacePanel);
        painter->fillRect(QRect(option->rect.x(), option->rect.bottom(), option->rect.width(), 1), tokens.lineSubtle);
        return;
    case CE_Splitter: return;
    case CE_TabBarTab:
        if (const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option)) drawTab(*painter, *tab, tokens);
        return;
    default: QProxyStyle::drawControl(element, option, painter, widget);
    }
}

void SfumatoStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const
{
    const ThemeTokens& tokens = tokensOf(option->palette);
    switch (control) {
    case CC_ComboBox:
        if (const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option)) {
            drawComboBox(*painter, *combo, tokens, subControlRect(CC_ComboBox, option, SC_ComboBoxArrow, widget));
        }
        return;
    case CC_SpinBox: {
        QStyleOption panel = *option;
        panel.state.setFlag(State_HasFocus, widget && widget->hasFocus());
        drawFieldPanel(*painter, panel, tokens);
        return;
    }
    case CC_ScrollBar:
        if (const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option)) {
            drawScrollBar(*painter, *bar, tokens, subControlRect(CC_ScrollBar, option, SC_ScrollBarSlider, widget));
        }
        return;
    default: QProxyStyle::drawComplexControl(control, option, painter, widget);
    }
}

int SfumatoStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    switch (metric) {
    case PM_ButtonIconSize:
    case PM_SmallIconSize:
    case PM_ToolBarIconSize: return metrics::kIconSize;
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight: return 16;
    case PM_ScrollBarExtent: return 12;
    case PM_FocusFrameHMargin: return metrics::kBetween - 1; // beside the text of list rows
    case PM_ScrollBarSliderMin: return 32;
    case PM_DockWidgetSeparatorExtent: return 5;
    case PM_MenuPanelWidth: return 1;
    case PM_MenuVMargin: return 4;
    case PM_MenuHMargin:
    case PM_ToolBarFrameWidth:
    case PM_ToolBarItemMargin:
    case PM_DockWidgetFrameWidth:
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical: return 0;
    case PM_ToolBarItemSpacing: return metrics::kInside;
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing: return metrics::kBetween;
    default: return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int SfumatoStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* returned) const
{
    switch (hint) {
    case SH_EtchDisabledText:
    case SH_DialogButtonBox_ButtonsHaveIcons:
    case SH_ComboBox_Popup: return 0;
    case SH_ToolTipLabel_Opacity: return 255;
    case SH_MenuBar_AltKeyNavigation: return 1;
    default: return QProxyStyle::styleHint(hint, option, widget, returned);
    }
}

QSize SfumatoStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size, const QWidget* widget) const
{
    QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    switch (type) {
    case CT_PushButton:
        result.setWidth(std::max(result.width() + metrics::kBetween, 64));
        [[fallthrough]];
    case CT_ComboBox:
    case CT_LineEdit:
    case CT_SpinBox: result.setHeight(std::max(result.height(), metrics::kControlHeight)); break;
    case CT_TabBarTab:
        if (const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option)) result = tabSize(*tab);
        break;
    case CT_ToolButton: result = result.expandedTo(QSize(metrics::kControlHeight, metrics::kControlHeight)); break;
    case CT_MenuItem: {
        const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option);
        const bool isSeparator = item && item->menuItemType == QStyleOptionMenuItem::Separator;
        const bool hasShortcut = item && item->text.contains(QLatin1Char('\t'));
        result = QSize(size.width() + 56 + (hasShortcut ? 32 : 0), isSeparator ? 9 : metrics::kControlHeight);
        break;
    }
    case CT_ItemViewItem: result.setHeight(std::max(result.height(), metrics::kControlHeight)); break;
    case CT_HeaderSection: result.setHeight(std::max(result.height(), metrics::kControlHeight)); break;
    case CT_MenuBarItem: result = QSize(size.width() + 16, metrics::kControlHeight); break;
    default: break;
    }
    return result;
}

QRect SfumatoStyle::subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const
{
    if (element == SE_PushButtonFocusRect) return option->rect;
    return QProxyStyle::subElementRect(element, option, widget);
}

QRect SfumatoStyle::subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part, const QWidget* widget) const
{
    if (control == CC_ComboBox && part == SC_ComboBoxEditField) {
        return visualRect(option->direction, option->rect, option->rect.adjusted(8, 1, -26, -1));
    }
    if (control == CC_ComboBox && part == SC_ComboBoxArrow) {
        return visualRect(option->direction, option->rect, QRect(option->rect.right() - 24, option->rect.y(), 22, option->rect.height()));
    }
    if (control == CC_ScrollBar) {
        const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option);
        return bar ? scrollBarPart(*bar, part) : QRect();
    }
    return QProxyStyle::subControlRect(control, option, part, widget);
}

} // namespace sfumato::ui
