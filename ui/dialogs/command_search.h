// CommandSearch: every action by name, with its keys; Enter runs the one that is marked.
// Thread: GUI. Owner: its parent; shown by open().
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDialog>
#include <QList>

QT_BEGIN_NAMESPACE
class QAction;
class QLineEdit;
class QTreeWidget;
QT_END_NAMESPACE

namespace sfumato::ui {

class CommandSearch final : public QDialog {
    Q_OBJECT

public:
    explicit CommandSearch(const QList<QAction*>& actions, QWidget* parent = nullptr);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void refresh();
    void runMarked();

    QList<QAction*> m_actions;
    QLineEdit* m_query = nullptr;
    QTreeWidget* m_list = nullptr;
};

} // namespace sfumato::ui
