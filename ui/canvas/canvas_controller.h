// CanvasController: turns mouse, pen, wheel and key events of the canvas into tool gestures and view changes.
// Thread: GUI. Owner: CanvasArea. It filters the events of one CanvasView and is the ToolContext of its tools.
//
// Left button: the tool. Right button or the pen's eraser: its opposite. Middle button or Space held: pan. Z held: zoom. Wheel: zoom at the pointer; Shift+wheel and a
// touchpad's two fingers: pan; Ctrl+wheel: brush size. Ctrl+Alt drag: size (sideways) and hardness (up and down). Backslash held: the original.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/canvas/canvas_view.h"
#include "ui/tools/tool_box.h"

#include <QPointer>

QT_BEGIN_NAMESPACE
class QKeyEvent;
class QMouseEvent;
class QTabletEvent;
class QWheelEvent;
QT_END_NAMESPACE

namespace sfumato::ui {

class CanvasController final : public QObject, private ToolContext {
    Q_OBJECT

public:
    CanvasController(CanvasView& view, ToolBox& tools, BrushStore& brushes, QObject* parent = nullptr);

    // The open document, before the old one is gone.
    void setDocument(document::Document* document);
    // Ends a gesture without a trace. Returns whether there was one.
    bool cancelGesture();
    [[nodiscard]] bool isGestureOn() const noexcept { return m_gesture != Gesture::None; }

Q_SIGNALS:
    // A stroke begins; the document has not changed yet.
    void paintingBegan();
    void paintingEnded();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    enum class Gesture { None,
        Tool,
        Pan,
        BrushShape };

    document::Document* document() override;
    const BrushStore& brushes() const override { return m_brushes; }
    void panView(QPointF viewDelta) override;
    void zoomView(double factor, QPointF viewPos) override;
    void stepZoom(int direction, QPointF viewPos) override;

    bool handleMouse(QMouseEvent& event);
    bool handleTablet(QTabletEvent& event);
    bool handleWheel(QWheelEvent& event);
    bool handleKey(QKeyEvent& event, bool isPress);
    bool handlePointer(QEvent& event);
    void press(Qt::MouseButton button, const PointerSample& sample);
    void drag(const PointerSample& sample);
    void release(const PointerSample& sample);
    void beginBrushShape(const PointerSample& sample);
    void dragBrushShape(const PointerSample& sample);
    [[nodiscard]] PointerSample sampleAt(QPointF viewPos, Qt::KeyboardModifiers modifiers) const;
    void refreshCursor();

    CanvasView& m_view;
    ToolBox& m_tools;
    BrushStore& m_brushes;
    QPointer<document::Document> m_document;
    Gesture m_gesture = Gesture::None;
    Tool* m_gestureTool = nullptr; // the one that began it, whatever is chosen meanwhile
    Qt::MouseButton m_button = Qt::NoButton;
    bool m_isPenEraser = false;
    bool m_isInside = false;
    QPointF m_viewPos;
    QPointF m_panPos;
    QPointF m_shapeStart;
    imaging::BrushSettings m_shapeBrush;
};

} // namespace sfumato::ui
