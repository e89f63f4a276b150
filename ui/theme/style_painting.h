// Drawing of single controls for SfumatoStyle; also used by widgets that paint themselves, so that both look alike.
// Thread: GUI.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QColor>
#include <QRect>

QT_BEGIN_NAMESPACE
class QPainter;
class QStyleOption;
class QStyleOptionComboBox;
class QStyleOptionMenuItem;
class QStyleOptionSlider;
class QStyleOptionTab;
class QWidget;
QT_END_NAMESPACE

namespace sfumato::ui {

struct ThemeTokens;

// A filled box with an outline of whole device-independent pixels; an invalid colour leaves its part out.
struct BoxLook {
    QColor fill;
    QColor outline;
    qreal radius = 4;
    qreal outlineWidth = 1;
};
void drawBox(QPainter& painter, const QRectF& rect, const BoxLook& look);

// The ring around what has the keyboard focus.
void drawFocusRing(QPainter& painter, const QRectF& rect, const ThemeTokens& tokens, qreal radius);

void drawFieldPanel(QPainter& painter, const QStyleOption& option, const ThemeTokens& tokens);
void drawButtonPanel(QPainter& painter, const QStyleOption& option, const ThemeTokens& tokens, bool isPrimary);
void drawToolButtonPanel(QPainter& painter, const QStyleOption& option, const ThemeTokens& tokens);
void drawCheckBox(QPainter& painter, const QStyleOption& option, const ThemeTokens& tokens);
void drawRadioButton(QPainter& painter, const QStyleOption& option, const ThemeTokens& tokens);
void drawComboBox(QPainter& painter, const QStyleOptionComboBox& option, const ThemeTokens& tokens, const QRect& arrowRect);
void drawScrollBar(QPainter& painter, const QStyleOptionSlider& option, const ThemeTokens& tokens, const QRect& handle);
// A tab keeps its size when it comes to the front.
[[nodiscard]] QSize tabSize(const QStyleOptionTab& option);
void drawTab(QPainter& painter, const QStyleOptionTab& option, const ThemeTokens& tokens);
void drawMenuItem(QPainter& painter, const QStyleOptionMenuItem& option, const ThemeTokens& tokens);

} // namespace sfumato::ui
