// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/message_bar.h"

#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme_tokens.h"
#include "ui/widgets/plain_text.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <memory>

namespace sfumato::ui {

namespace {

QColor colorOf(Severity severity, const ThemeTokens& tokens)
{
    switch (severity) {
    case Severity::Information: return tokens.accent;
    case Severity::Success: return tokens.success;
    case Severity::Warning: return tokens.warning;
    case Severity::Error: return tokens.danger;
    }
    return tokens.accent;
}

QString iconOf(Severity severity)
{
    switch (severity) {
    case Severity::Information: return QStringLiteral("status/information");
    case Severity::Success: return QStringLiteral("status/success");
    case Severity::Warning: return QStringLiteral("status/warning");
    case Severity::Error: return QStringLiteral("status/error");
    }
    return {};
}

} // namespace

MessageBar::MessageBar(QWidget* parent) : QWidget(parent)
{
    m_sign = createLabel({}, LabelRole::Body, this);
    m_sign->setFixedSize(metrics::kIconSize, metrics::kControlHeight);
    m_text = createParagraph({}, LabelRole::Body, this);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_details = createParagraph({}, LabelRole::Secondary, this);
    m_details->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_buttons = new QWidget(this);
    m_buttonRow = new QHBoxLayout(m_buttons);
    m_buttonRow->setContentsMargins(0, 0, 0, 0);
    m_close = new QToolButton(this);
    m_close->setIcon(themedIcon(QStringLiteral("status/close")));
    m_close->setIconSize(QSize(16, 16));
    m_close->setAutoRaise(true);
    describe(*m_close, tr("Close message"), tr("Close this message"));
    connect(m_close, &QToolButton::clicked, this, &MessageBar::dismiss);

    auto* words = new QVBoxLayout;
    words->setSpacing(metrics::kInside);
    words->addWidget(m_text);
    words->addWidget(m_details);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(metrics::kDockMargin, 6, metrics::kBetween, 6);
    row->setSpacing(metrics::kBetween);
    row->addWidget(m_sign, 0, Qt::AlignTop);
    row->addLayout(words, 1);
    row->addWidget(m_buttons, 0, Qt::AlignTop);
    row->addWidget(m_close, 0, Qt::AlignTop);
    m_text->setMinimumHeight(metrics::kControlHeight);
    describe(*this, tr("Message"));
    hide();
}

void MessageBar::show(const Message& message)
{
    m_severity = message.severity;
    setLabelText(*m_text, message.text);
    setLabelText(*m_details, message.details);
    m_details->hide();
    rebuildActions(message.actions, !message.details.isEmpty());
    refreshSign();
    setAccessibleDescription(message.text);
    QWidget::show();
    update();
}

void MessageBar::dismiss()
{
    setLabelText(*m_text, {});
    hide();
}

QString MessageBar::text() const { return m_text->text(); }

void MessageBar::rebuildActions(const std::vector<MessageAction>& actions, bool hasDetails)
{
    while (const std::unique_ptr<QLayoutItem> item{ m_buttonRow->takeAt(0) }) item->widget()->deleteLater();
    for (const MessageAction& action : actions) {
        auto* button = new QPushButton(action.label, m_buttons);
        button->setAccessibleName(action.label);
        connect(button, &QPushButton::clicked, this, [this, run = action.run] {
            dismiss();
            if (run) run();
        });
        m_buttonRow->addWidget(button);
    }
    if (hasDetails) {
        auto* button = new QPushButton(tr("Details"), m_buttons);
        button->setAccessibleName(tr("Details"));
        button->setCheckable(true);
        connect(button, &QPushButton::toggled, m_details, &QWidget::setVisible);
        m_buttonRow->addWidget(button);
    }
}

void MessageBar::refreshSign()
{
    const ThemeTokens& tokens = tokensOf(*this);
    m_sign->setPixmap(tintedIcon(iconOf(m_severity), colorOf(m_severity, tokens), metrics::kIconSize, devicePixelRatioF()));
}

void MessageBar::paintEvent(QPaintEvent* /*event*/)
{
    const ThemeTokens& tokens = tokensOf(*this);
    QPainter painter(this);
    painter.fillRect(rect(), blended(tokens.surfaceWindow, colorOf(m_severity, tokens), 0.10));
    painter.fillRect(QRect(0, 0, 3, height()), colorOf(m_severity, tokens));
    painter.fillRect(QRect(0, height() - 1, width(), 1), tokens.lineSubtle);
}

void MessageBar::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange && m_sign) refreshSign();
    QWidget::changeEvent(event);
}

} // namespace sfumato::ui
