// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/lora/lora_dock.h"

#include "ui/docks/dock_heading.h"
#include "ui/docks/lora/lora_filters.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme_tokens.h"

#include <QEvent>
#include <QFrame>
#include <QPainter>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace sfumato::ui {

namespace {

constexpr double kMostForTheStack = 0.5; // of the dock's height
constexpr int kLeastBrowserHeight = 240;

} // namespace

LoraDock::LoraDock(workspace::Workspace& workspace, const LoraLibrary& library, QWidget* parent) : QDockWidget(tr("LoRA"), parent)
{
    setObjectName(QStringLiteral("loraDock"));
    setAccessibleName(tr("LoRA"));
    setTitleBarWidget(new DockHeading(tr("LoRA"), this));
    auto* panel = new DockPanel(this);
    m_model = new workspace::LoraStackModel(workspace.session(), this);
    m_stackArea = new QScrollArea(panel);
    m_stack = new LoraStack(*m_model, workspace, library.index, m_stackArea);
    m_stackArea->setFrameShape(QFrame::NoFrame);
    m_stackArea->setWidgetResizable(true);
    m_stackArea->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_stackArea->setFocusPolicy(Qt::NoFocus);
    m_stackArea->viewport()->setAutoFillBackground(false);
    m_stackArea->setWidget(m_stack);
    m_stack->setAutoFillBackground(false);
    m_browser = new LoraBrowser(workspace, library, panel);
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(0, metrics::kBetween, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_stackArea);
    column->addWidget(m_browser, 1);
    setWidget(panel);
    panel->setMinimumWidth(metrics::kDockMinimumWidth);
    panel->installEventFilter(this);
    connect(m_stack, &LoraStack::heightWanted, this, &LoraDock::shareHeight, Qt::QueuedConnection);
}

void LoraDock::focusSearch()
{
    show();
    raise();
    m_browser->filters().focusSearch();
}

// The stack takes what its rows need, up to its share; the browser has the rest.
void LoraDock::shareHeight()
{
    QLayout& rows = *m_stack->layout();
    rows.activate();
    const int wanted = rows.hasHeightForWidth() ? rows.totalHeightForWidth(widget()->width()) : rows.totalSizeHint().height();
    const int height = widget()->height();
    const int most = std::max(static_cast<int>(height * kMostForTheStack), height - 2 * kLeastBrowserHeight);
    m_stackArea->setFixedHeight(std::clamp(wanted, 0, std::max(most, metrics::kPrimaryHeight)));
}

bool LoraDock::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == widget() && event->type() == QEvent::Resize) shareHeight();
    return QDockWidget::eventFilter(watched, event);
}

} // namespace sfumato::ui
