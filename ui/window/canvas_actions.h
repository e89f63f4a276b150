// CanvasActions: tools, brush keys, zoom and what of the window is shown.
// Thread: GUI. Owner: MainWindow.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/window/action_registry.h"
#include "ui/window/canvas_area.h"

#include <functional>

QT_BEGIN_NAMESPACE
class QMainWindow;
QT_END_NAMESPACE

namespace sfumato::ui {

class CanvasActions final : public QObject {
    Q_OBJECT

public:
    CanvasActions(workspace::Workspace& workspace, ActionRegistry& actions, CanvasArea& canvas, const CanvasTools& canvasTools, QMainWindow& window);

private:
    void connectTools();
    void connectBrushKeys();
    void connectZoom();
    void connectWindow();
    void zoomStep(int direction);
    void hideAllButCanvas(bool isHidden);
    void focusNextPane();

    workspace::Workspace& m_workspace;
    ActionRegistry& m_actions;
    CanvasArea& m_canvas;
    CanvasTools m_canvasTools;
    QMainWindow& m_window;
    QList<QWidget*> m_hidden;
    QList<QWidget*> m_inFront; // of these, the docks that lay before others
};

} // namespace sfumato::ui
