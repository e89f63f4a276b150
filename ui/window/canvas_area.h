// CanvasArea: the middle of the window: messages, the canvas, what it says when it is empty, and what is dropped on it.
// Thread: GUI. Owner: MainWindow. It binds the canvas to the session: overlay, frame, document.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workspace/workspace.h"
#include "ui/canvas/canvas_controller.h"
#include "ui/canvas/canvas_view.h"
#include "ui/widgets/message_bar.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QAction;
class QMimeData;
QT_END_NAMESPACE

namespace sfumato::ui {

class EmptyState;

struct CanvasTools {
    ToolBox& tools;
    BrushStore& brushes;
};

class CanvasArea final : public QWidget {
    Q_OBJECT

public:
    CanvasArea(workspace::Workspace& workspace, const CanvasTools& canvasTools, QAction& open, QAction& paste, QWidget* parent = nullptr);

    [[nodiscard]] CanvasView& view() noexcept { return *m_view; }
    [[nodiscard]] CanvasController& controller() noexcept { return *m_controller; }
    [[nodiscard]] MessageBar& messages() noexcept { return *m_messages; }
    // Hands on the files or the picture that were dropped or pasted. Returns whether there was any.
    bool accept(const QMimeData& mime);

Q_SIGNALS:
    void pathsDropped(const QStringList& paths);
    void pictureDropped(const QImage& picture);
    void presetChosen(sfumato::workflow::SizePreset preset);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void connectWorkspace();
    void refreshDocument();
    void refreshFrame();
    void refreshEmptyState();
    void refreshEmptyExtent();
    void placeEmptyState();

    workspace::Workspace& m_workspace;
    MessageBar* m_messages = nullptr;
    CanvasView* m_view = nullptr;
    CanvasController* m_controller = nullptr;
    EmptyState* m_empty = nullptr;
};

} // namespace sfumato::ui
