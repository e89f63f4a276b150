// MessageBar: one sentence above the canvas about what happened, what is safe and what to do, with at most two buttons.
// Thread: GUI. Owner: its parent. Never modal; a new message replaces the former one.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QWidget>

#include <functional>
#include <vector>

QT_BEGIN_NAMESPACE
class QHBoxLayout;
class QLabel;
class QToolButton;
QT_END_NAMESPACE

namespace sfumato::ui {

enum class Severity { Information,
    Success,
    Warning,
    Error };

struct MessageAction {
    QString label;
    std::function<void()> run;
};

struct Message {
    Severity severity = Severity::Information;
    QString text;
    QString details; // shown on request; may be empty
    std::vector<MessageAction> actions;
};

class MessageBar final : public QWidget {
    Q_OBJECT

public:
    explicit MessageBar(QWidget* parent = nullptr);

    void show(const Message& message);
    void dismiss();
    [[nodiscard]] QString text() const;

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void rebuildActions(const std::vector<MessageAction>& actions, bool hasDetails);
    void refreshSign();

    Severity m_severity = Severity::Information;
    QLabel* m_sign = nullptr;
    QLabel* m_text = nullptr;
    QLabel* m_details = nullptr;
    QWidget* m_buttons = nullptr;
    QHBoxLayout* m_buttonRow = nullptr;
    QToolButton* m_close = nullptr;
};

} // namespace sfumato::ui
