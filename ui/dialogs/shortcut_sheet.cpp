// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/shortcut_sheet.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/plain_text.h"

#include <QAction>
#include <QCoreApplication>
#include <QDialog>
#include <QHeaderView>
#include <QKeySequence>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace sfumato::ui {

namespace {

constexpr int kWidth = 520;
constexpr int kHeight = 560;

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(ShortcutSheet)
};

QString keysOf(const QAction& action)
{
    QStringList keys;
    for (const QKeySequence& sequence : action.shortcuts()) keys.append(sequence.toString(QKeySequence::NativeText));
    return keys.join(QStringLiteral(", "));
}

} // namespace

void showShortcuts(const QList<QAction*>& actions, QWidget& parent)
{
    auto* dialog = new QDialog(&parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(Texts::tr("Keyboard shortcuts"));
    dialog->resize(kWidth, kHeight);
    auto* list = new QTreeWidget(dialog);
    list->setRootIsDecorated(false);
    list->setHeaderLabels({ Texts::tr("Command"), Texts::tr("Keys") });
    list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    list->header()->setStretchLastSection(false);
    describe(*list, Texts::tr("Keyboard shortcuts"));
    for (const QAction* action : actions) {
        if (!action->shortcuts().isEmpty()) new QTreeWidgetItem(list, { action->text(), keysOf(*action) });
    }
    auto* close = new QPushButton(Texts::tr("Close"), dialog);
    close->setAccessibleName(close->text());
    close->setDefault(true);
    QObject::connect(close, &QPushButton::clicked, dialog, &QDialog::accept);
    auto* column = new QVBoxLayout(dialog);
    column->setContentsMargins(metrics::kDockMargin, metrics::kDockMargin, metrics::kDockMargin, metrics::kDockMargin);
    column->setSpacing(metrics::kDockMargin);
    column->addWidget(list, 1);
    column->addWidget(close, 0, Qt::AlignRight);
    dialog->open();
}

} // namespace sfumato::ui
