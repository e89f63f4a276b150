// ModelOverrideMenu: what the artist says of the model file in use where the file does not say it: how its prediction is meant. Remembered with the file.
// Thread: GUI. Owner: ModelRow.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workspace/workspace.h"

#include <QMenu>

QT_BEGIN_NAMESPACE
class QActionGroup;
QT_END_NAMESPACE

namespace sfumato::ui {

class ModelOverrideMenu final : public QMenu {
    Q_OBJECT

public:
    explicit ModelOverrideMenu(workspace::Workspace& workspace, QWidget* parent = nullptr);

private:
    void showPresent();
    void take(int choice);

    workspace::Workspace& m_workspace;
    QActionGroup* m_choices = nullptr;
};

// "taken for v-prediction"
[[nodiscard]] QString overrideText(const engine::ParametrisationOverride& told);

} // namespace sfumato::ui
