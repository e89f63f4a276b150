// SPDX-License-Identifier: Apache-2.0
#include "ui/window/canvas_actions.h"

#include <QActionGroup>
#include <QApplication>
#include <QDockWidget>
#include <QListView>
#include <QMainWindow>
#include <QPlainTextEdit>
#include <QStatusBar>
#include <QToolBar>

#include <array>

namespace sfumato::ui {

namespace {

struct ToolAction {
    ActionId action;
    ToolId tool;
};
constexpr std::array kTools{ ToolAction{ ActionId::ToolMaskBrush, ToolId::MaskBrush }, ToolAction{ ActionId::ToolMaskEraser, ToolId::MaskEraser }, ToolAction{ ActionId::ToolPan, ToolId::Pan },
    ToolAction{ ActionId::ToolZoom, ToolId::Zoom } };

MaskView nextView(MaskView view)
{
    switch (view) {
    case MaskView::Tint: return MaskView::Outline;
    case MaskView::Outline: return MaskView::Alone;
    case MaskView::Alone: break;
    }
    return MaskView::Tint;
}

} // namespace

CanvasActions::CanvasActions(workspace::Workspace& workspace, ActionRegistry& actions, CanvasArea& canvas, const CanvasTools& canvasTools, QMainWindow& window)
    : QObject(&window), m_workspace(workspace), m_actions(actions), m_canvas(canvas), m_canvasTools(canvasTools), m_window(window)
{
    connectTools();
    connectBrushKeys();
    connectZoom();
    connectWindow();
}

void CanvasActions::connectTools()
{
    auto* group = new QActionGroup(this);
    for (const ToolAction& entry : kTools) {
        QAction& action = m_actions.action(entry.action);
        group->addAction(&action);
        action.setChecked(m_canvasTools.tools.chosen() == entry.tool);
        connect(&action, &QAction::triggered, this, [this, tool = entry.tool] { m_canvasTools.tools.choose(tool); });
    }
    connect(&m_canvasTools.tools, &ToolBox::chosenChanged, this, [this](ToolId chosen) {
        for (const ToolAction& entry : kTools) {
            if (entry.tool == chosen) m_actions.action(entry.action).setChecked(true);
        }
    });
}

void CanvasActions::connectBrushKeys()
{
    ToolBox& tools = m_canvasTools.tools;
    BrushStore& brushes = m_canvasTools.brushes;
    connect(&m_actions.action(ActionId::SwapBrush), &QAction::triggered, this, [&tools] { tools.choose(tools.chosen() == ToolId::MaskBrush ? ToolId::MaskEraser : ToolId::MaskBrush); });
    connect(&m_actions.action(ActionId::BrushSmaller), &QAction::triggered, this, [&tools, &brushes] { brushes.stepSize(tools.brushRole(), -1); });
    connect(&m_actions.action(ActionId::BrushLarger), &QAction::triggered, this, [&tools, &brushes] { brushes.stepSize(tools.brushRole(), 1); });
    connect(&m_actions.action(ActionId::BrushSofter), &QAction::triggered, this, [&tools, &brushes] { brushes.stepHardness(tools.brushRole(), -1); });
    connect(&m_actions.action(ActionId::BrushHarder), &QAction::triggered, this, [&tools, &brushes] { brushes.stepHardness(tools.brushRole(), 1); });
}

void CanvasActions::zoomStep(int direction)
{
    CanvasView& view = m_canvas.view();
    view.setTransform(view.transform().stepped(direction, QRectF(view.rect()).center()));
}

void CanvasActions::connectZoom()
{
    CanvasView& view = m_canvas.view();
    connect(&m_actions.action(ActionId::ZoomIn), &QAction::triggered, this, [this] { zoomStep(1); });
    connect(&m_actions.action(ActionId::ZoomOut), &QAction::triggered, this, [this] { zoomStep(-1); });
    connect(&m_actions.action(ActionId::ZoomFit), &QAction::triggered, this, [&view] { view.fit(); });
    connect(&m_actions.action(ActionId::ZoomActual), &QAction::triggered, this, [&view] { view.setTransform(view.transform().zoomedTo(1.0, QRectF(view.rect()).center())); });
    connect(&m_actions.action(ActionId::ZoomMask), &QAction::triggered, this, [this, &view] { view.fit(m_workspace.document()->mask().paintedBounds()); });
    connect(&m_actions.action(ActionId::MaskView), &QAction::triggered, this, [&view] { view.setMaskView(nextView(view.maskView())); });
}

void CanvasActions::connectWindow()
{
    connect(&m_actions.action(ActionId::HideDocks), &QAction::toggled, this, &CanvasActions::hideAllButCanvas);
    connect(&m_actions.action(ActionId::FullScreen), &QAction::toggled, this, [this](bool isOn) { m_window.setWindowState(m_window.windowState().setFlag(Qt::WindowFullScreen, isOn)); });
    connect(&m_actions.action(ActionId::NextPane), &QAction::triggered, this, &CanvasActions::focusNextPane);
}

void CanvasActions::hideAllButCanvas(bool isHidden)
{
    if (!isHidden) {
        for (QWidget* widget : std::as_const(m_hidden)) widget->show();
        for (QWidget* dock : std::as_const(m_inFront)) dock->raise();
        m_hidden.clear();
        m_inFront.clear();
        return;
    }
    QList<QWidget*> around;
    for (QDockWidget* dock : m_window.findChildren<QDockWidget*>()) around.append(dock);
    for (QToolBar* bar : m_window.findChildren<QToolBar*>()) around.append(bar);
    around.append(m_window.statusBar());
    for (QWidget* widget : std::as_const(around)) {
        if (qobject_cast<QDockWidget*>(widget) && !widget->visibleRegion().isEmpty()) m_inFront.append(widget);
    }
    for (QWidget* widget : std::as_const(around)) {
        if (!widget->isVisible()) continue;
        widget->hide();
        m_hidden.append(widget);
    }
}

// Canvas, then the first control of each visible dock.
void CanvasActions::focusNextPane()
{
    QList<QWidget*> panes{ &m_canvas.view() };
    for (QDockWidget* dock : m_window.findChildren<QDockWidget*>()) {
        if (dock->visibleRegion().isEmpty()) continue; // also those behind another
        QWidget* first = dock->findChild<QPlainTextEdit*>();
        if (!first) first = dock->findChild<QListView*>();
        if (first) panes.append(first);
    }
    const QWidget* focused = QApplication::focusWidget();
    qsizetype present = -1;
    for (qsizetype i = 0; i < panes.size(); ++i) {
        const QWidget* area = i == 0 ? panes.at(i) : panes.at(i)->parentWidget();
        if (focused && (panes.at(i) == focused || area->isAncestorOf(focused))) present = i;
    }
    panes.at((present + 1) % panes.size())->setFocus(Qt::ShortcutFocusReason);
}

} // namespace sfumato::ui
