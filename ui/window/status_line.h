// StatusLine: hints at the left, state at the right: runs waiting, size and zoom of the picture, whether it was written.
// Thread: GUI. Owner: MainWindow.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workspace/workspace.h"
#include "ui/canvas/canvas_view.h"
#include "ui/tools/tool_box.h"

#include <QStatusBar>

namespace sfumato::ui {

class ElidedLabel;

class StatusLine final : public QStatusBar {
    Q_OBJECT

public:
    StatusLine(workspace::Workspace& workspace, ToolBox& tools, CanvasView& view, QWidget* parent = nullptr);

private:
    void watchDocument();
    void refreshHint();
    void refreshState();

    workspace::Workspace& m_workspace;
    ToolBox& m_tools;
    CanvasView& m_view;
    ElidedLabel* m_hint = nullptr;
    ElidedLabel* m_state = nullptr;
};

} // namespace sfumato::ui
