// ExpansionPanel: what a language model would add to the prompt, as text that can be changed, with the buttons that take it or drop it; hidden while there is nothing.
// ExpandButton: the button beside the prompt's heading that asks for it.
// Thread: GUI. Owner: GenerateDock.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workspace/prompt/expansion_session.h"

#include <QPushButton>
#include <QWidget>

QT_BEGIN_NAMESPACE
class QLabel;
QT_END_NAMESPACE

namespace sfumato::ui {

class PromptEdit;

class ExpandButton final : public QPushButton {
    Q_OBJECT

public:
    explicit ExpandButton(workspace::ExpansionSession& session, QWidget* parent = nullptr);

    // Whether there is a prompt to expand may have changed.
    void refresh();

protected:
    bool event(QEvent* event) override;

private:
    workspace::ExpansionSession& m_session;
};

class ExpansionPanel final : public QWidget {
    Q_OBJECT

public:
    explicit ExpansionPanel(workspace::ExpansionSession& session, QWidget* parent = nullptr);

private:
    void show();

    workspace::ExpansionSession& m_session;
    QLabel* m_heading = nullptr;
    PromptEdit* m_text = nullptr;
    QPushButton* m_take = nullptr;
    QPushButton* m_again = nullptr;
    QPushButton* m_drop = nullptr;
};

} // namespace sfumato::ui
