// Tool: what the pointer does on the canvas. Tools know the document and the brush, not the window, so they are tested without one.
// Thread: GUI. Owner: ToolBox. A gesture is begin, any number of moves, then end or cancel.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/document/document.h"
#include "ui/tools/brush_store.h"

#include <QPointF>
#include <Qt>

namespace sfumato::ui {

enum class ToolId { MaskBrush,
    MaskEraser,
    Pan,
    Zoom };

// One report of mouse or pen.
struct PointerSample {
    QPointF canvasPos;
    QPointF viewPos;
    double pressure = 1.0; // 0..1; a mouse gives 1
    Qt::KeyboardModifiers modifiers;
    bool isSecondary = false; // right button, barrel button or the pen's eraser: the opposite of the tool
};

// What a tool may reach.
class ToolContext {
public:
    ToolContext() = default;
    ToolContext(const ToolContext&) = delete;
    ToolContext& operator=(const ToolContext&) = delete;
    virtual ~ToolContext() = default;

    // Null when no picture is open.
    [[nodiscard]] virtual document::Document* document() = 0;
    [[nodiscard]] virtual const BrushStore& brushes() const = 0;
    virtual void panView(QPointF viewDelta) = 0;
    // factor > 1 zooms in; what lies under `viewPos` stays.
    virtual void zoomView(double factor, QPointF viewPos) = 0;
    virtual void stepZoom(int direction, QPointF viewPos) = 0;
};

class Tool {
public:
    Tool() = default;
    Tool(const Tool&) = delete;
    Tool& operator=(const Tool&) = delete;
    virtual ~Tool() = default;

    [[nodiscard]] virtual ToolId id() const noexcept = 0;
    [[nodiscard]] virtual Qt::CursorShape cursor(bool isPressed) const noexcept = 0;
    // The brush whose circle follows the pointer; Qt::BlankCursor goes with it.
    [[nodiscard]] virtual std::optional<BrushRole> brushRole() const noexcept { return std::nullopt; }
    // Whether the gesture changes the document, so that the canvas shows the mask meanwhile.
    [[nodiscard]] virtual bool paints() const noexcept { return false; }

    virtual void begin(ToolContext& context, const PointerSample& sample) = 0;
    virtual void move(ToolContext& context, const PointerSample& sample) = 0;
    virtual void end(ToolContext& context, const PointerSample& sample) = 0;
    // Everything is as before begin.
    virtual void cancel() = 0;
};

} // namespace sfumato::ui
