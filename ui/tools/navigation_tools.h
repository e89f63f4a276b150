// PanTool and ZoomTool: moving over the picture.
// Thread: GUI. Owner: ToolBox.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/tools/tool.h"

namespace sfumato::ui {

class PanTool final : public Tool {
public:
    [[nodiscard]] ToolId id() const noexcept override { return ToolId::Pan; }
    [[nodiscard]] Qt::CursorShape cursor(bool isPressed) const noexcept override { return isPressed ? Qt::ClosedHandCursor : Qt::OpenHandCursor; }

    void begin(ToolContext& context, const PointerSample& sample) override;
    void move(ToolContext& context, const PointerSample& sample) override;
    void end(ToolContext& context, const PointerSample& sample) override;
    void cancel() override { }

private:
    QPointF m_last;
};

// A click zooms in one rung, out with Alt or the secondary button; a drag to the right or left zooms freely around where it began.
class ZoomTool final : public Tool {
public:
    [[nodiscard]] ToolId id() const noexcept override { return ToolId::Zoom; }
    [[nodiscard]] Qt::CursorShape cursor(bool isPressed) const noexcept override { return isPressed ? Qt::SizeHorCursor : Qt::CrossCursor; }

    void begin(ToolContext& context, const PointerSample& sample) override;
    void move(ToolContext& context, const PointerSample& sample) override;
    void end(ToolContext& context, const PointerSample& sample) override;
    void cancel() override { m_isDrag = false; }

private:
    QPointF m_anchor;
    QPointF m_last;
    bool m_isOut = false;
    bool m_isDrag = false;
};

} // namespace sfumato::ui
