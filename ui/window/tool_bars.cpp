// SPDX-License-Identifier: Apache-2.0
#include "ui/window/tool_bars.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/plain_text.h"
#include "ui/widgets/slider_row.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QScopedValueRollback>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace sfumato::ui {

namespace {

constexpr int kOptionWidth = 210;

QToolButton* createButton(QAction& action, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setDefaultAction(&action);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(action.text());
    return button;
}

} // namespace

ToolStrip::ToolStrip(ActionRegistry& actions, QWidget* parent) : QToolBar(tr("Tools"), parent)
{
    setObjectName(QStringLiteral("toolStrip"));
    setAccessibleName(tr("Tools"));
    setMovable(false);
    setOrientation(Qt::Vertical);
    auto* tools = new QWidget(this);
    tools->setFixedWidth(metrics::kToolStripWidth);
    auto* column = new QVBoxLayout(tools);
    column->setContentsMargins(6, metrics::kBetween, 6, metrics::kBetween);
    column->setSpacing(metrics::kInside);
    for (const ActionId id : { ActionId::ToolMaskBrush, ActionId::ToolMaskEraser, ActionId::ToolPan, ActionId::ToolZoom }) column->addWidget(createButton(actions.action(id), tools));
    addWidget(tools);
}

ToolOptions::ToolOptions(ToolBox& tools, BrushStore& brushes, ActionRegistry& actions, QWidget* parent)
    : QToolBar(tr("Tool options"), parent), m_tools(tools), m_brushes(brushes)
{
    setObjectName(QStringLiteral("toolOptions"));
    setAccessibleName(tr("Tool options"));
    setMovable(false);
    auto* options = new QWidget(this);
    auto* row = new QHBoxLayout(options);
    row->setContentsMargins(metrics::kDockMargin, metrics::kInside, metrics::kBetween, metrics::kInside);
    row->setSpacing(metrics::kInside);
    row->addWidget(createBrushOptions(options), 1);
    for (const ActionId id : { ActionId::Undo, ActionId::Redo, ActionId::ZoomOut, ActionId::ZoomIn, ActionId::ZoomFit }) row->addWidget(createButton(actions.action(id), options));
    options->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    addWidget(options);
    connect(&m_tools, &ToolBox::chosenChanged, this, &ToolOptions::refresh);
    connect(&m_brushes, &BrushStore::brushChanged, this, &ToolOptions::refresh);
    refresh();
}

QWidget* ToolOptions::createBrushOptions(QWidget* parent)
{
    auto* options = new QWidget(parent);
    const imaging::BrushSettings defaults;
    m_title = createLabel({}, LabelRole::Body, options);
    m_title->setFixedWidth(std::max(m_title->fontMetrics().horizontalAdvance(tr("Mask brush")), m_title->fontMetrics().horizontalAdvance(tr("Mask eraser"))) + metrics::kInside);
    m_size = new SliderRow({ .label = tr("Size"), .help = tr("Diameter of the brush. Keys [ and ], Ctrl+wheel, or Ctrl+Alt and drag sideways."), .minimum = kSmallestBrushPx, .maximum = kLargestBrushPx, .step = 1, .defaultValue = defaults.sizePx, .suffix = QStringLiteral("\u202Fpx"), .isLogarithmic = true }, options);
    m_hardness = new SliderRow({ .label = tr("Hardness"), .help = tr("How much of the brush is full; the rest fades out. Shift+[ and Shift+], or Ctrl+Alt and drag up."), .minimum = 0, .maximum = 100, .step = 1, .defaultValue = defaults.hardness * 100, .suffix = QStringLiteral("\u202F%") }, options);
    m_strength = new SliderRow({ .label = tr("Opacity"), .help = tr("How strongly the paint lets the picture change. Less than full paint starts later and keeps more of what was there."), .minimum = 1, .maximum = 100, .step = 1, .defaultValue = defaults.strength * 100, .suffix = QStringLiteral("\u202F%") }, options);
    m_pressure = new QCheckBox(tr("Pressure"), options);
    describe(*m_pressure, tr("Pen pressure sets the size"), tr("Pen pressure sets the size"));
    auto* row = new QHBoxLayout(options);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(metrics::kGroup);
    row->addWidget(m_title);
    for (SliderRow* slider : { m_size, m_hardness, m_strength }) {
        slider->setMaximumWidth(kOptionWidth + slider->naturalLabelWidth());
        row->addWidget(slider, 1);
        connect(slider, &SliderRow::valueChanged, this, &ToolOptions::write);
    }
    row->addWidget(m_pressure);
    row->addStretch(1);
    connect(m_pressure, &QCheckBox::toggled, this, &ToolOptions::write);
    return options;
}

void ToolOptions::refresh()
{
    const QScopedValueRollback refreshing(m_isRefreshing, true);
    const bool isEraser = m_tools.brushRole() == BrushRole::Erase;
    const imaging::BrushSettings& brush = m_brushes.brush(m_tools.brushRole());
    setLabelText(*m_title, isEraser ? tr("Mask eraser") : tr("Mask brush"));
    m_size->setValue(brush.sizePx);
    m_hardness->setValue(std::round(brush.hardness * 100));
    m_strength->setValue(std::round(brush.strength * 100));
    m_pressure->setChecked(brush.pressureToSize);
}

void ToolOptions::write()
{
    if (m_isRefreshing) return;
    imaging::BrushSettings brush = m_brushes.brush(m_tools.brushRole());
    brush.sizePx = m_size->value();
    brush.hardness = m_hardness->value() / 100;
    brush.strength = m_strength->value() / 100;
    brush.pressureToSize = m_pressure->isChecked();
    m_brushes.setBrush(m_tools.brushRole(), brush);
}

} // namespace sfumato::ui
