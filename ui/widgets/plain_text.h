// The one place where text meets widgets: labels and tooltips made here never interpret markup, so that a file name or a model's description cannot become a page.
// Thread: GUI. Owner of what is created: the given parent.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

QT_BEGIN_NAMESPACE
class QAction;
class QLabel;
class QPoint;
class QWidget;
QT_END_NAMESPACE

namespace sfumato::ui {

enum class LabelRole { Body,
    Secondary,
    Heading };

[[nodiscard]] QLabel* createLabel(const QString& text, LabelRole role, QWidget* parent);

// A label that wraps its lines and asks for the height its width needs.
[[nodiscard]] QLabel* createParagraph(const QString& text, LabelRole role, QWidget* parent);

// Replaces the text of a label made here.
void setLabelText(QLabel& label, const QString& text);

// The tooltip, and the same words for assistive technology.
void setHelp(QWidget& widget, const QString& text);
void setHelp(QAction& action, const QString& text);

// A tooltip at a place of the screen, for parts of a widget that paints itself.
void showHelp(const QPoint& globalPos, const QString& text, QWidget& widget);

// Name for assistive technology and, when `help` is not empty, tooltip and description.
void describe(QWidget& widget, const QString& name, const QString& help = {});

} // namespace sfumato::ui
