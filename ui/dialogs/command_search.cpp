// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/command_search.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/plain_text.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPointer>
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
    m_query->setClearButtonEnabled(false);
    describe(*m_query, tr("Search commands"));
    m_list = new QListWidget(this);
    describe(*m_list, tr("Commands"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::kDockMargin, metrics::kDockMargin, metrics::kDockMargin, metrics::kDockMargin);
    column->setSpacing(metrics::kBetween);
    column->addWidget(m_query);
    column->addWidget(m_list, 1);
    m_query->installEventFilter(this);
    connect(m_query, &QLineEdit::textChanged, this, &CommandSearch::refresh);
    connect(m_query, &QLineEdit::returnPressed, this, &CommandSearch::runMarked);
    connect(m_list, &QListWidget::itemActivated, this, &CommandSearch::runMarked);
    refresh();
    m_query->setFocus();
}

bool CommandSearch::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Up || key == Qt::Key_Down) {
            const int step = key == Qt::Key_Up ? -1 : 1;
            m_list->setCurrentRow(std::clamp(m_list->currentRow() + step, 0, std::max(0, m_list->count() - 1)));
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
        const QString keys = action.shortcut().toString(QKeySequence::NativeText);
        auto* item = new QListWidgetItem(keys.isEmpty() ? name : QStringLiteral("%1    %2").arg(name, keys), m_list);
        item->setData(Qt::UserRole, static_cast<int>(i));
        if (!action.isEnabled()) item->setFlags(item->flags() & ~Qt::ItemIsEnabled);
    }
    m_list->setCurrentRow(0);
}

void CommandSearch::runMarked()
{
    const QListWidgetItem* item = m_list->currentItem();
    if (!item || !item->flags().testFlag(Qt::ItemIsEnabled)) return;
    const QPointer<QAction> action = m_actions.at(item->data(Qt::UserRole).toInt());
    accept();
    if (action) action->trigger();
}

} // namespace sfumato::ui
