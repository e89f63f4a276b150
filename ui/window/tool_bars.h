// ToolStrip: the tools at the left edge. ToolOptions: what the chosen tool can be set to, above the canvas.
// Thread: GUI. Owner: MainWindow.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/tools/tool_box.h"
#include "ui/window/action_registry.h"

#include <QToolBar>

QT_BEGIN_NAMESPACE
class QCheckBox;
class QLabel;
QT_END_NAMESPACE

namespace sfumato::ui {

class SliderRow;

class ToolStrip final : public QToolBar {
    Q_OBJECT

public:
    explicit ToolStrip(ActionRegistry& actions, QWidget* parent = nullptr);
};

class ToolOptions final : public QToolBar {
    Q_OBJECT

public:
    ToolOptions(ToolBox& tools, BrushStore& brushes, ActionRegistry& actions, QWidget* parent = nullptr);

private:
    [[nodiscard]] QWidget* createBrushOptions(QWidget* parent);
    void refresh();
    void write();

    ToolBox& m_tools;
    BrushStore& m_brushes;
    QLabel* m_title = nullptr;
    SliderRow* m_size = nullptr;
    SliderRow* m_hardness = nullptr;
    SliderRow* m_strength = nullptr;
    QCheckBox* m_pressure = nullptr;
    bool m_isRefreshing = false;
};

} // namespace sfumato::ui
