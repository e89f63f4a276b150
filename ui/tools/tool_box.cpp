// SPDX-License-Identifier: Apache-2.0
#include "ui/tools/tool_box.h"

#include "ui/tools/mask_brush_tool.h"
#include "ui/tools/navigation_tools.h"

#include <algorithm>

namespace sfumato::ui {

ToolBox::ToolBox(QObject* parent) : QObject(parent)
{
    m_tools.push_back(std::make_unique<MaskBrushTool>(BrushRole::Paint));
    m_tools.push_back(std::make_unique<MaskBrushTool>(BrushRole::Erase));
    m_tools.push_back(std::make_unique<PanTool>());
    m_tools.push_back(std::make_unique<ZoomTool>());
}

ToolBox::~ToolBox() = default;

Tool& ToolBox::find(ToolId id)
{
    return **std::find_if(m_tools.begin(), m_tools.end(), [id](const auto& tool) { return tool->id() == id; });
}

Tool& ToolBox::active() { return find(m_lent.value_or(m_chosen)); }

void ToolBox::choose(ToolId id)
{
    if (id == m_chosen) return;
    m_chosen = id;
    if (const auto role = find(id).brushRole()) m_brushRole = *role;
    Q_EMIT chosenChanged(id);
    Q_EMIT activeChanged();
}

void ToolBox::lend(std::optional<ToolId> id)
{
    if (id == m_lent) return;
    m_lent = id;
    Q_EMIT activeChanged();
}

} // namespace sfumato::ui
