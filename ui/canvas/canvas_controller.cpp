// SPDX-License-Identifier: Apache-2.0
#include "ui/canvas/canvas_controller.h"

#include <QAction>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QPointingDevice>
#include <QTabletEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <utility>

namespace sfumato::ui {

namespace {

constexpr double kZoomPerNotch = 1.25;
constexpr double kDegreesPerNotch = 120;
constexpr double kHardnessPerUnit = 0.005;
constexpr double kKeyPan = 32;

// The shortcuts of Qt act in the active window alone, which some desktops name late or not at all after a dialog. Keys still arrive at the canvas then,
// where they must mean what they always mean: its own actions come before panning.
QAction* actionOf(const QWidget& view, const QKeyEvent& event)
{
    const QKeySequence pressed(QKeyCombination(event.modifiers() & ~Qt::KeypadModifier, static_cast<Qt::Key>(event.key())));
    const QList<QAction*> actions = view.actions();
    const auto found = std::find_if(actions.begin(), actions.end(), [&pressed](const QAction* action) { return action->isEnabled() && action->shortcuts().contains(pressed); });
    return found == actions.end() ? nullptr : *found;
}

bool isBrushShapeGesture(Qt::KeyboardModifiers modifiers)
{
    return modifiers.testFlag(Qt::ControlModifier) && modifiers.testFlag(Qt::AltModifier);
}

} // namespace

CanvasController::CanvasController(CanvasView& view, ToolBox& tools, BrushStore& brushes, QObject* parent)
    : QObject(parent), m_view(view), m_tools(tools), m_brushes(brushes)
{
    m_view.installEventFilter(this);
    connect(&m_tools, &ToolBox::activeChanged, this, &CanvasController::refreshCursor);
    connect(&m_brushes, &BrushStore::brushChanged, this, &CanvasController::refreshCursor);
    connect(&m_view, &CanvasView::transformChanged, this, &CanvasController::refreshCursor);
    refreshCursor();
}

document::Document* CanvasController::document() { return m_document; }

void CanvasController::setDocument(document::Document* document)
{
    cancelGesture();
    m_document = document;
    refreshCursor();
}

bool CanvasController::cancelGesture()
{
    if (m_gesture == Gesture::None) return false;
    if (m_gesture == Gesture::Tool) m_gestureTool->cancel();
    if (m_gesture == Gesture::BrushShape) m_brushes.setBrush(m_tools.brushRole(), m_shapeBrush);
    m_gesture = Gesture::None;
    m_button = Qt::NoButton;
    m_view.setPainting(false);
    Q_EMIT paintingEnded();
    refreshCursor();
    return true;
}

void CanvasController::panView(QPointF viewDelta) { m_view.setTransform(m_view.transform().panned(viewDelta)); }

void CanvasController::zoomView(double factor, QPointF viewPos)
{
    m_view.setTransform(m_view.transform().zoomedTo(m_view.transform().zoom() * factor, viewPos));
}

void CanvasController::stepZoom(int direction, QPointF viewPos) { m_view.setTransform(m_view.transform().stepped(direction, viewPos)); }

bool CanvasController::eventFilter(QObject* /*watched*/, QEvent* event)
{
    switch (event->type()) {
    case QEvent::MouseButtonPress:
    case QEvent::MouseButtonDblClick:
    case QEvent::MouseMove:
    case QEvent::MouseButtonRelease: return handleMouse(static_cast<QMouseEvent&>(*event));
    case QEvent::TabletPress:
    case QEvent::TabletMove:
    case QEvent::TabletRelease: return handleTablet(static_cast<QTabletEvent&>(*event));
    case QEvent::Wheel: return handleWheel(static_cast<QWheelEvent&>(*event));
    case QEvent::KeyPress: return handleKey(static_cast<QKeyEvent&>(*event), true);
    case QEvent::KeyRelease: return handleKey(static_cast<QKeyEvent&>(*event), false);
    default: return handlePointer(*event);
    }
}

PointerSample CanvasController::sampleAt(QPointF viewPos, Qt::KeyboardModifiers modifiers) const
{
    return { m_view.transform().toCanvas(viewPos), viewPos, 1.0, modifiers, m_button == Qt::RightButton || m_isPenEraser };
}

bool CanvasController::handleMouse(QMouseEvent& event)
{
    m_viewPos = event.position();
    m_isInside = true;
    if (event.type() == QEvent::MouseMove) {
        if (m_gesture != Gesture::None) {
            drag(sampleAt(event.position(), event.modifiers()));
        } else {
            refreshCursor();
        }
        return true;
    }
    if (event.type() == QEvent::MouseButtonRelease) {
        if (event.button() == m_button) release(sampleAt(event.position(), event.modifiers()));
        return true;
    }
    if (m_gesture != Gesture::None) return true;
    m_isPenEraser = false;
    m_button = event.button();
    press(event.button(), sampleAt(event.position(), event.modifiers()));
    return true;
}

bool CanvasController::handleTablet(QTabletEvent& event)
{
    event.accept(); // else Qt makes mouse events of it
    m_viewPos = event.position();
    m_isInside = true;
    m_isPenEraser = event.pointerType() == QPointingDevice::PointerType::Eraser;
    if (event.type() == QEvent::TabletPress && m_gesture == Gesture::None) m_button = event.button();
    PointerSample sample = sampleAt(event.position(), event.modifiers());
    sample.pressure = std::clamp(event.pressure(), 0.0, 1.0);
    switch (event.type()) {
    case QEvent::TabletPress:
        if (m_gesture == Gesture::None) press(m_button, sample);
        break;
    case QEvent::TabletMove:
        if (m_gesture != Gesture::None) {
            drag(sample);
        } else {
            refreshCursor();
        }
        break;
    default: release(sample); break;
    }
    return true;
}

bool CanvasController::handleWheel(QWheelEvent& event)
{
    const bool isTouchpad = !event.pixelDelta().isNull() && event.phase() != Qt::NoScrollPhase;
    const double notches = event.angleDelta().y() / kDegreesPerNotch;
    if (event.modifiers().testFlag(Qt::ControlModifier) && !isTouchpad) {
        if (notches != 0) m_brushes.stepSize(m_tools.brushRole(), notches > 0 ? 1 : -1);
    } else if (isTouchpad && !event.modifiers().testFlag(Qt::ControlModifier)) {
        panView(event.pixelDelta());
    } else if (event.modifiers().testFlag(Qt::ShiftModifier) || event.angleDelta().y() == 0) {
        const double sideways = event.angleDelta().x() != 0 ? event.angleDelta().x() : event.angleDelta().y();
        panView(QPointF(sideways / 2, 0));
    } else {
        zoomView(std::pow(kZoomPerNotch, notches), event.position());
    }
    event.accept();
    return true;
}

bool CanvasController::handleKey(QKeyEvent& event, bool isPress)
{
    if (event.isAutoRepeat() && (event.key() == Qt::Key_Space || event.key() == Qt::Key_Backslash)) return true;
    switch (event.key()) {
    case Qt::Key_Space: m_tools.lend(isPress ? std::optional(ToolId::Pan) : std::nullopt); return true;
    case Qt::Key_Backslash: m_view.setShowsOriginal(isPress); return true;
    default: break;
    }
    if (!isPress) return false;
    if (QAction* action = actionOf(m_view, event)) {
        action->trigger();
        return true;
    }
    if (event.modifiers().testFlag(Qt::ControlModifier)) return false;
    const double distance = event.modifiers().testFlag(Qt::ShiftModifier) ? 4 * kKeyPan : kKeyPan;
    switch (event.key()) {
    case Qt::Key_Left: panView({ distance, 0 }); return true;
    case Qt::Key_Right: panView({ -distance, 0 }); return true;
    case Qt::Key_Up: panView({ 0, distance }); return true;
    case Qt::Key_Down: panView({ 0, -distance }); return true;
    default: return false;
    }
}

bool CanvasController::handlePointer(QEvent& event)
{
    switch (event.type()) {
    case QEvent::Leave:
        m_isInside = false;
        refreshCursor();
        break;
    case QEvent::FocusOut:
        m_tools.lend(std::nullopt);
        m_view.setShowsOriginal(false);
        break;
    case QEvent::NativeGesture: {
        const auto& gesture = static_cast<QNativeGestureEvent&>(event);
        if (gesture.gestureType() != Qt::ZoomNativeGesture) return false;
        zoomView(1.0 + gesture.value(), gesture.position());
        return true;
    }
    case QEvent::ContextMenu: return true; // the right button paints
    default: break;
    }
    return false;
}

void CanvasController::press(Qt::MouseButton button, const PointerSample& sample)
{
    m_view.setFocus(Qt::MouseFocusReason);
    if (button == Qt::MiddleButton) {
        m_gesture = Gesture::Pan;
        m_panPos = sample.viewPos;
    } else if (isBrushShapeGesture(sample.modifiers)) {
        beginBrushShape(sample);
    } else if (button == Qt::LeftButton || button == Qt::RightButton) {
        m_gesture = Gesture::Tool;
        m_gestureTool = &m_tools.active();
        if (m_gestureTool->paints() && m_document) {
            m_view.setPainting(true);
            Q_EMIT paintingBegan();
        }
        m_gestureTool->begin(*this, sample);
    }
    refreshCursor();
}

void CanvasController::drag(const PointerSample& sample)
{
    switch (m_gesture) {
    case Gesture::Tool: m_gestureTool->move(*this, sample); break;
    case Gesture::Pan:
        panView(sample.viewPos - m_panPos);
        m_panPos = sample.viewPos;
        break;
    case Gesture::BrushShape: dragBrushShape(sample); break;
    case Gesture::None: break;
    }
    refreshCursor();
}

void CanvasController::release(const PointerSample& sample)
{
    const Gesture gesture = std::exchange(m_gesture, Gesture::None);
    m_button = Qt::NoButton;
    if (gesture == Gesture::Tool) {
        m_gestureTool->end(*this, sample);
        m_view.setPainting(false);
        if (m_gestureTool->paints()) Q_EMIT paintingEnded();
    }
    refreshCursor();
}

void CanvasController::beginBrushShape(const PointerSample& sample)
{
    m_gesture = Gesture::BrushShape;
    m_shapeStart = sample.viewPos;
    m_shapeBrush = m_brushes.brush(m_tools.brushRole());
}

void CanvasController::dragBrushShape(const PointerSample& sample)
{
    const QPointF moved = sample.viewPos - m_shapeStart;
    imaging::BrushSettings brush = m_shapeBrush;
    brush.sizePx = std::round(m_shapeBrush.sizePx + moved.x() * 2 / m_view.transform().scale());
    brush.hardness = m_shapeBrush.hardness - moved.y() * kHardnessPerUnit;
    m_brushes.setBrush(m_tools.brushRole(), brush);
}

void CanvasController::refreshCursor()
{
    const Tool& tool = m_tools.active();
    const auto role = m_gesture == Gesture::BrushShape ? std::optional(m_tools.brushRole()) : tool.brushRole();
    const bool isPanning = m_gesture == Gesture::Pan;
    if (!m_document || !role || isPanning) {
        m_view.setBrushCursor(std::nullopt);
        m_view.setCursor(isPanning ? Qt::ClosedHandCursor : !m_document && role ? Qt::ArrowCursor
                                                                                : tool.cursor(m_gesture == Gesture::Tool));
        return;
    }
    m_view.setCursor(Qt::BlankCursor);
    if (!m_isInside) {
        m_view.setBrushCursor(std::nullopt);
        return;
    }
    const imaging::BrushSettings& brush = m_brushes.brush(*role);
    const double radius = brush.sizePx / 2 * m_view.transform().scale();
    const bool isOpposite = m_gesture == Gesture::Tool && (m_button == Qt::RightButton || m_isPenEraser);
    const QPointF centre = m_gesture == Gesture::BrushShape ? m_shapeStart : m_viewPos;
    m_view.setBrushCursor(BrushCursor{ centre, radius, radius * brush.hardness, brush.erase != isOpposite });
}

} // namespace sfumato::ui
