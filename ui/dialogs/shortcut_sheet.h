// showShortcuts: every action that has keys, in one list.
// Thread: GUI. The dialog belongs to `parent` and closes itself.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QList>

QT_BEGIN_NAMESPACE
class QAction;
class QWidget;
QT_END_NAMESPACE

namespace sfumato::ui {

void showShortcuts(const QList<QAction*>& actions, QWidget& parent);

} // namespace sfumato::ui
