// GenerationActions: generate, stop, look, decide: what the actions of Generate do, and which are allowed now.
// Thread: GUI. Owner: MainWindow.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workspace/workspace.h"
#include "ui/docks/generate_dock.h"
#include "ui/window/action_registry.h"
#include "ui/window/canvas_area.h"

#include <QElapsedTimer>

namespace sfumato::ui {

class GenerationActions final : public QObject {
    Q_OBJECT

public:
    GenerationActions(workspace::Workspace& workspace, ActionRegistry& actions, CanvasArea& canvas, GenerateDock& dock, QObject* parent);

private:
    void connectRunActions();
    // A checkable action that is a setting.
    void bindSetting(ActionId id, bool workspace::AppSettings::*setting);
    void connectReviewActions();
    void connectSeedActions();
    void watchDocument();
    void generate();
    void stop();
    void flip(int direction);
    void discardRest();
    void refreshConditions();
    [[nodiscard]] Conditions presentConditions();

    workspace::Workspace& m_workspace;
    ActionRegistry& m_actions;
    CanvasArea& m_canvas;
    GenerateDock& m_dock;
    QElapsedTimer m_sinceStop;
};

} // namespace sfumato::ui
