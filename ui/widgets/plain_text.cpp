// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/plain_text.h"

#include "ui/theme/application_theme.h"

#include <QAction>
#include <QLabel>
#include <QPalette>
#include <QToolTip>

namespace sfumato::ui {

namespace {

// Tooltips guess whether a text is markup; escaped and marked as such it is shown letter by letter, and long lines wrap.
QString asToolTip(const QString& text)
{
    if (text.isEmpty()) return {};
    return QStringLiteral("<p style=\"white-space:pre-wrap\">%1</p>").arg(text.toHtmlEscaped());
}

} // namespace

QLabel* createLabel(const QString& text, LabelRole role, QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setText(text);
    switch (role) {
    case LabelRole::Body: label->setFont(bodyFont()); break;
    case LabelRole::Secondary:
        label->setFont(secondaryFont());
        label->setForegroundRole(kSecondaryTextRole);
        break;
    case LabelRole::Heading: label->setFont(headingFont()); break;
    }
    return label;
}

QLabel* createParagraph(const QString& text, LabelRole role, QWidget* parent)
{
    QLabel* label = createLabel(text, role, parent);
    label->setWordWrap(true);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    label->setSizePolicy(policy);
    return label;
}

void setLabelText(QLabel& label, const QString& text)
{
    if (label.text() != text) label.setText(text);
}

void setHelp(QWidget& widget, const QString& text)
{
    widget.setToolTip(asToolTip(text));
    widget.setAccessibleDescription(text);
}

void setHelp(QAction& action, const QString& text)
{
    action.setToolTip(asToolTip(text));
    action.setStatusTip(text);
}

void showHelp(const QPoint& globalPos, const QString& text, QWidget& widget)
{
    QToolTip::showText(globalPos, asToolTip(text), &widget);
}

void describe(QWidget& widget, const QString& name, const QString& help)
{
    widget.setAccessibleName(name);
    if (!help.isEmpty()) setHelp(widget, help);
}

} // namespace sfumato::ui
