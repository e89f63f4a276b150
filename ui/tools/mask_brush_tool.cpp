// SPDX-License-Identifier: Apache-2.0
#include "ui/tools/mask_brush_tool.h"

namespace sfumato::ui {

namespace {

imaging::StrokePoint strokePoint(const PointerSample& sample)
{
    return { sample.canvasPos.x(), sample.canvasPos.y(), sample.pressure };
}

} // namespace

void MaskBrushTool::begin(ToolContext& context, const PointerSample& sample)
{
    document::Document* document = context.document();
    if (!document) return;
    imaging::BrushSettings brush = context.brushes().brush(m_role);
    const bool isOpposite = sample.isSecondary != sample.modifiers.testFlag(Qt::AltModifier);
    if (isOpposite) brush.erase = !brush.erase;
    const imaging::StrokePoint point = strokePoint(sample);
    const bool drawsLine = sample.modifiers.testFlag(Qt::ShiftModifier) && m_lastEnd;
    if (drawsLine) brush.smoothing = 0;
    m_stroke = std::make_unique<document::MaskStroke>(*document, brush);
    if (drawsLine) m_stroke->extendTo({ m_lastEnd->x, m_lastEnd->y, point.pressure });
    m_stroke->extendTo(point);
    m_lastEnd = point;
}

void MaskBrushTool::move(ToolContext& /*context*/, const PointerSample& sample)
{
    if (!m_stroke) return;
    m_lastEnd = strokePoint(sample);
    m_stroke->extendTo(*m_lastEnd);
}

void MaskBrushTool::end(ToolContext& /*context*/, const PointerSample& /*sample*/)
{
    if (!m_stroke) return;
    m_stroke->finish();
    m_stroke.reset();
}

void MaskBrushTool::cancel() { m_stroke.reset(); }

} // namespace sfumato::ui
