// SPDX-License-Identifier: Apache-2.0
#include "ui/tools/navigation_tools.h"

#include <cmath>

namespace sfumato::ui {

namespace {

constexpr double kDragThreshold = 4;  // view units
constexpr double kZoomPerUnit = 1.01; // factor for each view unit dragged

} // namespace

void PanTool::begin(ToolContext& /*context*/, const PointerSample& sample) { m_last = sample.viewPos; }

void PanTool::move(ToolContext& context, const PointerSample& sample)
{
    context.panView(sample.viewPos - m_last);
    m_last = sample.viewPos;
}

void PanTool::end(ToolContext& /*context*/, const PointerSample& /*sample*/) { }

void ZoomTool::begin(ToolContext& /*context*/, const PointerSample& sample)
{
    m_anchor = m_last = sample.viewPos;
    m_isOut = sample.isSecondary != sample.modifiers.testFlag(Qt::AltModifier);
    m_isDrag = false;
}

void ZoomTool::move(ToolContext& context, const PointerSample& sample)
{
    if (!m_isDrag && std::abs(sample.viewPos.x() - m_anchor.x()) < kDragThreshold) return;
    m_isDrag = true;
    context.zoomView(std::pow(kZoomPerUnit, sample.viewPos.x() - m_last.x()), m_anchor);
    m_last = sample.viewPos;
}

void ZoomTool::end(ToolContext& context, const PointerSample& sample)
{
    if (!m_isDrag) context.stepZoom(m_isOut ? -1 : 1, sample.viewPos);
    m_isDrag = false;
}

} // namespace sfumato::ui
