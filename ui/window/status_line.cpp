// SPDX-License-Identifier: Apache-2.0
#include "ui/window/status_line.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/plain_text.h"

#include <QLocale>

namespace sfumato::ui {

StatusLine::StatusLine(workspace::Workspace& workspace, ToolBox& tools, CanvasView& view, QWidget* parent)
    : QStatusBar(parent), m_workspace(workspace), m_tools(tools), m_view(view)
{
    setSizeGripEnabled(false);
    setFixedHeight(metrics::kStatusBarHeight);
    describe(*this, tr("Status"));
    m_hint = new ElidedLabel(this);
    m_state = new ElidedLabel(this);
    m_state->setAlignment(Qt::AlignTrailing);
    setContentsMargins(metrics::kBetween, 0, metrics::kBetween, 0);
    addWidget(m_hint, 1);
    addPermanentWidget(m_state);
    connect(&m_tools, &ToolBox::activeChanged, this, &StatusLine::refreshHint);
    connect(&m_view, &CanvasView::transformChanged, this, &StatusLine::refreshState);
    connect(&m_workspace, &workspace::Workspace::documentReplaced, this, &StatusLine::watchDocument);
    connect(&m_workspace, &workspace::Workspace::fileActivityChanged, this, &StatusLine::refreshState);
    connect(&m_workspace.session(), &workspace::GenerationSession::stateChanged, this, [this] {
        refreshHint();
        refreshState();
    });
    watchDocument();
    refreshHint();
}

void StatusLine::watchDocument()
{
    if (document::Document* document = m_workspace.document()) {
        connect(document, &document::Document::changed, this, &StatusLine::refreshState);
        connect(&document->undoStack(), &QUndoStack::cleanChanged, this, &StatusLine::refreshState);
    }
    refreshHint();
    refreshState();
}

void StatusLine::refreshHint()
{
    if (m_workspace.session().state() == workspace::SessionState::Reviewing) {
        m_hint->setText(tr("Enter keeps – Delete discards – arrows flip – hold \\ for the original"));
        return;
    }
    if (!m_workspace.document()) {
        m_hint->setText(tr("Ctrl+O opens a picture – Ctrl+Enter creates one from the prompt"));
        return;
    }
    switch (m_tools.active().id()) {
    case ToolId::MaskBrush: m_hint->setText(tr("Paint where it may change – right button erases – Shift+click draws a line – Ctrl+Alt drag sets size and hardness")); break;
    case ToolId::MaskEraser: m_hint->setText(tr("Erase paint – right button paints – Shift+click draws a line – Ctrl+Alt drag sets size and hardness")); break;
    case ToolId::Pan: m_hint->setText(tr("Drag to move the picture")); break;
    case ToolId::Zoom: m_hint->setText(tr("Click zooms in, right button out – drag sideways zooms freely")); break;
    }
}

void StatusLine::refreshState()
{
    const QLocale locale;
    QStringList parts;
    if (const int runs = m_workspace.session().pendingRuns(); runs > 0) parts.append(tr("%n run(s)", "waiting or running", runs));
    const Extent extent = m_view.canvasExtent();
    const QString percent = locale.toString(m_view.transform().zoom() * 100, 'f', m_view.transform().zoom() < 0.1 ? 1 : 0);
    parts.append(tr("%1 × %2 px – %3 %", "picture width, height, zoom").arg(locale.toString(extent.width), locale.toString(extent.height), percent));
    const document::Document* document = m_workspace.document();
    if (m_workspace.isBusyWithFiles()) {
        parts.append(tr("working on a file"));
    } else if (document) {
        parts.append(document->isClean() ? tr("no changes") : tr("not exported yet"));
    }
    m_state->setText(parts.join(QStringLiteral("  ·  ")));
}

} // namespace sfumato::ui
