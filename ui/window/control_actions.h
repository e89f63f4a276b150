// ControlActions: what the control rows ask of the window: model files and pictures.
// Thread: GUI. Owner: MainWindow.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workspace/workspace.h"
#include "ui/window/document_actions.h"

namespace sfumato::ui {

class ControlPanel;

class ControlActions final : public QObject {
    Q_OBJECT

public:
    ControlActions(workspace::Workspace& workspace, ControlPanel& panel, const Prompts& prompts, QWidget& window);

private:
    void chooseModel(int row);
    void choosePicture(int row);

    workspace::Workspace& m_workspace;
    ControlPanel& m_panel;
    Prompts m_prompts;
    QWidget& m_window;
};

} // namespace sfumato::ui
