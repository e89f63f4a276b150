// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/prompt/expansion_panel.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/plain_text.h"
#include "ui/widgets/prompt_edit.h"

#include <QDir>
#include <QEvent>
#include <QLabel>
#include <QVBoxLayout>

namespace sfumato::ui {

using State = workspace::ExpansionSession::State;

ExpandButton::ExpandButton(workspace::ExpansionSession& session, QWidget* parent) : QPushButton(parent), m_session(session)
{
    setObjectName(QStringLiteral("expandPrompt"));
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    connect(&session, &workspace::ExpansionSession::changed, this, &ExpandButton::refresh);
    connect(this, &QPushButton::clicked, this, [this] {
        if (m_session.state() == State::Working) m_session.stop();
        else if (m_session.state() == State::Offered)
            m_session.expandAgain();
        else
            m_session.expand();
    });
    refresh();
}

void ExpandButton::refresh()
{
    const State state = m_session.state();
    const bool isWorking = state == State::Working;
    setText(isWorking ? tr("Stop") : tr("Expand"));
    setEnabled(isWorking || (state != State::NotInstalled && m_session.hasPrompt()));
    QString help = tr("Let a language model add to the prompt. You see what it would add and may change it before it is used.");
    if (state == State::NotInstalled) {
        const QString place = QDir::toNativeSeparators(m_session.folders().value(0));
        help = place.isEmpty() ? tr("No model that expands prompts is installed.") : tr("No model that expands prompts is installed. It is looked for in %1; the Generate menu chooses another folder.").arg(place);
    } else if (!isWorking && !m_session.hasPrompt()) {
        help = tr("Write something first; then a language model can add to it.");
    } else if (isWorking) {
        help = tr("Stop the language model. The prompt stays as it is.");
    }
    describe(*this, isWorking ? tr("Stop expanding the prompt") : tr("Expand the prompt"), help);
}

// Before its help is read: a model may have been put into the folder while the window was open.
bool ExpandButton::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip || event->type() == QEvent::WindowActivate) m_session.refreshModel();
    return QPushButton::event(event);
}

ExpansionPanel::ExpansionPanel(workspace::ExpansionSession& session, QWidget* parent) : QWidget(parent), m_session(session)
{
    setObjectName(QStringLiteral("expansionPanel"));
    m_heading = createLabel({}, LabelRole::Secondary, this);
    m_text = new PromptEdit(1, 5, this);
    m_text->setObjectName(QStringLiteral("expansionText"));
    m_text->setMuted(true);
    describe(*m_text, tr("Expansion"), tr("What would be added to the prompt. It can be changed here; it is used once it is added."));
    m_heading->setBuddy(m_text);
    m_take = new QPushButton(tr("Add to prompt"), this);
    m_take->setObjectName(QStringLiteral("takeExpansion"));
    describe(*m_take, tr("Add the expansion to the prompt"), tr("Put it behind the prompt. Ctrl+Z in the prompt takes it back."));
    m_again = new QPushButton(tr("Another"), this);
    m_again->setAccessibleName(tr("Another expansion"));
    m_again->setObjectName(QStringLiteral("anotherExpansion"));
    m_drop = new QPushButton(tr("Drop"), this);
    m_drop->setObjectName(QStringLiteral("dropExpansion"));
    describe(*m_drop, tr("Drop the expansion"), tr("The prompt stays as it is."));
    auto* buttons = new FlowLayout;
    for (QPushButton* button : { m_take, m_again, m_drop }) buttons->addWidget(button);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::kInside);
    column->addWidget(m_heading);
    column->addWidget(m_text);
    column->addLayout(buttons);

    connect(m_text, &QPlainTextEdit::textChanged, this, [this] { m_session.setAddition(m_text->prompt()); });
    connect(m_take, &QPushButton::clicked, &session, &workspace::ExpansionSession::take);
    connect(m_again, &QPushButton::clicked, &session, &workspace::ExpansionSession::expandAgain);
    connect(m_drop, &QPushButton::clicked, &session, &workspace::ExpansionSession::drop);
    connect(&session, &workspace::ExpansionSession::changed, this, &ExpansionPanel::show);
    show();
}

void ExpansionPanel::show()
{
    const State state = m_session.state();
    const bool isOffered = state == State::Offered;
    setVisible(isOffered || state == State::Working);
    setLabelText(*m_heading, isOffered ? tr("Would be added:") : tr("The language model is writing…"));
    m_text->setVisible(isOffered);
    for (QPushButton* button : { m_take, m_again, m_drop }) button->setVisible(isOffered);
    if (!isOffered) return;
    m_text->setPrompt(m_session.addition());
    describe(*m_again, tr("Another expansion"), tr("Let the language model write again, with the next seed after %1.").arg(m_session.seed()));
}

} // namespace sfumato::ui
