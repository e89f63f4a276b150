// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/command_search.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/plain_text.h"

#include <QAction>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPointer>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace sfumato::ui {

namespace {

constexpr int kWidth = 440;
constexpr int kHeight = 360;

QString plainName(const QAction& action)
{
    QString name = action.text();
    return name.remove(QLatin1Char('&'));
}

} // namespace

CommandSearch::CommandSearch(const QList<QAction*>& actions, QWidget* parent) : QDialog(parent), m_actions(actions)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Find a command"));
    resize(kWidth, kHeight);
    m_query = new QLineEdit(this);
    m_query->setPlaceholderText(tr("Name of a command"));
    describe(*m_query, tr("Search commands"));
    m_list = new QTreeWidget(this);
    m_list->setColumnCount(2);
    m_list->setRootIsDecorated(false);
    m_list->setHeaderHidden(true);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    describe(*m_list, tr("Commands"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::kDockMargin, metrics::kDockMargin, metrics::kDockMargin, metrics::kDockMargin);
    column->setSpacing(metrics::kBetween);
    column->addWidget(m_query);
    column->addWidget(m_list, 1);
    m_query->installEventFilter(this);
    connect(m_query, &QLineEdit::textChanged, this, &CommandSearch::refresh);
    connect(m_query, &QLineEdit::returnPressed, this, &CommandSearch::runMarked);
    connect(m_list, &QTreeWidget::itemActivated, this, &CommandSearch::runMarked);
    refresh();
    m_query->setFocus();
}

bool CommandSearch::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Up || key == Qt::Key_Down) {
            const int step = key == Qt::Key_Up ? -1 : 1;
            const int row = m_list->indexOfTopLevelItem(m_list->currentItem());
            m_list->setCurrentItem(m_list->topLevelItem(std::clamp(row + step, 0, std::max(0, m_list->topLevelItemCount() - 1))));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

void CommandSearch::refresh()
{
    m_list->clear();
    for (qsizetype i = 0; i < m_actions.size(); ++i) {
        const QAction& action = *m_actions.at(i);
        const QString name = plainName(action);
        if (!name.contains(m_query->text().trimmed(), Qt::CaseInsensitive)) continue;
        auto* item = new QTreeWidgetItem(m_list, { name, action.shortcut().toString(QKeySequence::NativeText) });
        item->setData(0, Qt::UserRole, static_cast<int>(i));
        if (!action.isEnabled()) item->setFlags(item->flags() & ~Qt::ItemIsEnabled);
    }
    m_list->setCurrentItem(m_list->topLevelItem(0));
}

void CommandSearch::runMarked()
{
    const QTreeWidgetItem* item = m_list->currentItem();
    if (!item || !item->flags().testFlag(Qt::ItemIsEnabled)) return;
    const QPointer<QAction> action = m_actions.at(item->data(0, Qt::UserRole).toInt());
    accept();
    if (action) action->trigger();
}

} // namespace sfumato::ui
