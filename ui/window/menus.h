// createMenus: the menu bar, out of the action registry.
// Thread: GUI.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/window/action_registry.h"

QT_BEGIN_NAMESPACE
class QMenuBar;
QT_END_NAMESPACE

namespace sfumato::ui {

// `docks`: the actions that show or hide them, for the Window menu.
void createMenus(QMenuBar& bar, const ActionRegistry& actions, const QList<QAction*>& docks);

} // namespace sfumato::ui
