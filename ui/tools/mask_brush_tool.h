// MaskBrushTool: paints the mask or erases it; the secondary button and Alt do the opposite, Shift draws a straight line from the last stroke's end.
// Thread: GUI. Owner: ToolBox.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/document/mask_stroke.h"
#include "ui/tools/tool.h"

#include <memory>

namespace sfumato::ui {

class MaskBrushTool final : public Tool {
public:
    explicit MaskBrushTool(BrushRole role) noexcept : m_role(role) { }

    [[nodiscard]] ToolId id() const noexcept override { return m_role == BrushRole::Paint ? ToolId::MaskBrush : ToolId::MaskEraser; }
    [[nodiscard]] Qt::CursorShape cursor(bool /*isPressed*/) const noexcept override { return Qt::BlankCursor; }
    [[nodiscard]] std::optional<BrushRole> brushRole() const noexcept override { return m_role; }
    [[nodiscard]] bool paints() const noexcept override { return true; }

    void begin(ToolContext& context, const PointerSample& sample) override;
    void move(ToolContext& context, const PointerSample& sample) override;
    void end(ToolContext& context, const PointerSample& sample) override;
    void cancel() override;

private:
    BrushRole m_role;
    std::unique_ptr<document::MaskStroke> m_stroke;
    std::optional<imaging::StrokePoint> m_lastEnd;
};

} // namespace sfumato::ui
