// SPDX-License-Identifier: Apache-2.0
#include "ui/window/canvas_area.h"

#include "ui/docks/generate_texts.h"
#include "ui/widgets/dropped_files.h"
#include "ui/window/empty_state.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QImage>
#include <QMimeData>
#include <QVBoxLayout>

#include <algorithm>

namespace sfumato::ui {

CanvasArea::CanvasArea(workspace::Workspace& workspace, const CanvasTools& canvasTools, QAction& open, QAction& paste, QWidget* parent)
    : QWidget(parent), m_workspace(workspace)
{
    setAcceptDrops(true);
    m_messages = new MessageBar(this);
    m_view = new CanvasView(this);
    m_controller = new CanvasController(*m_view, canvasTools.tools, canvasTools.brushes, this);
    m_empty = new EmptyState(open, paste, m_view);
    m_view->installEventFilter(this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_messages);
    column->addWidget(m_view, 1);
    connect(m_empty, &EmptyState::presetChosen, this, &CanvasArea::presetChosen);
    connectWorkspace();
    refreshDocument();
}

void CanvasArea::connectWorkspace()
{
    workspace::GenerationSession& session = m_workspace.session();
    connect(&m_workspace, &workspace::Workspace::documentAboutToBeReplaced, m_controller, [this] { m_controller->setDocument(nullptr); });
    connect(&m_workspace, &workspace::Workspace::documentReplaced, this, &CanvasArea::refreshDocument);
    connect(&session, &workspace::GenerationSession::overlayChanged, this, [this](const Bounds& dirty) {
        m_view->setOverlay(m_workspace.session().overlay(), dirty);
        refreshEmptyState();
    });
    connect(&session, &workspace::GenerationSession::frameChanged, this, &CanvasArea::refreshFrame);
    connect(&session, &workspace::GenerationSession::stateChanged, this, [this] {
        refreshFrame();
        refreshEmptyState();
    });
    connect(&session, &workspace::GenerationSession::jobChanged, this, &CanvasArea::refreshEmptyExtent);
    connect(&m_workspace.models(), &workspace::ModelList::described, this, &CanvasArea::refreshEmptyExtent);
    connect(m_controller, &CanvasController::paintingBegan, this, [this] {
        // A new mask leaves the review and keeps the strip.
        if (m_workspace.session().state() == workspace::SessionState::Reviewing) m_workspace.session().selectVariation(-1);
        m_view->setFrame(std::nullopt);
    });
    connect(m_controller, &CanvasController::paintingEnded, this, &CanvasArea::refreshFrame);
}

void CanvasArea::refreshDocument()
{
    m_view->setDocument(m_workspace.document());
    m_controller->setDocument(m_workspace.document());
    refreshEmptyExtent();
    refreshFrame();
    refreshEmptyState();
}

void CanvasArea::refreshFrame()
{
    if (m_controller->isGestureOn()) return;
    const workspace::GenerationSession& session = m_workspace.session();
    const bool isRunning = session.overlay().kind == workspace::CanvasOverlay::Kind::Preview;
    if (isRunning && !session.overlay().crop.isEmpty()) {
        m_view->setFrame(FrameLook{ session.overlay().crop, {}, true });
    } else if (session.overlay().kind == workspace::CanvasOverlay::Kind::None && session.frame()) {
        m_view->setFrame(FrameLook{ session.frame()->area.crop, frameText(session.frame()->area), false });
    } else {
        m_view->setFrame(std::nullopt);
    }
}

void CanvasArea::refreshEmptyExtent()
{
    const workspace::ModelEntry* entry = m_workspace.models().find(m_workspace.appSettings().model);
    const Extent native = entry && entry->info ? entry->info->nativeSize : Extent{ 1024, 1024 };
    const auto& size = m_workspace.session().job().imageSize;
    m_view->setEmptyExtent(workflow::imageSizeExtent(size.value_or(workflow::SizePreset::SquareHd), native));
}

void CanvasArea::refreshEmptyState()
{
    const workspace::GenerationSession& session = m_workspace.session();
    const bool isEmpty = !m_workspace.document() && session.overlay().kind == workspace::CanvasOverlay::Kind::None && session.pendingRuns() == 0;
    m_empty->setVisible(isEmpty);
    if (isEmpty) placeEmptyState();
    refreshFrame();
}

void CanvasArea::placeEmptyState()
{
    const int width = std::min(m_empty->maximumWidth(), m_view->width() - 32);
    const int height = m_empty->layout()->hasHeightForWidth() ? m_empty->layout()->totalHeightForWidth(width) : m_empty->sizeHint().height();
    m_empty->setGeometry((m_view->width() - width) / 2, (m_view->height() - height) / 2, width, height);
    m_empty->raise();
}

bool CanvasArea::accept(const QMimeData& mime)
{
    if (const QStringList paths = localFilesIn(mime); !paths.isEmpty()) {
        Q_EMIT pathsDropped(paths);
        return true;
    }
    if (!mime.hasImage()) return false;
    const auto picture = qvariant_cast<QImage>(mime.imageData());
    if (picture.isNull()) return false;
    Q_EMIT pictureDropped(picture);
    return true;
}

void CanvasArea::dragEnterEvent(QDragEnterEvent* event)
{
    const QMimeData* mime = event->mimeData();
    if (!localFilesIn(*mime).isEmpty() || mime->hasImage()) event->acceptProposedAction();
}

void CanvasArea::dropEvent(QDropEvent* event)
{
    if (accept(*event->mimeData())) event->acceptProposedAction();
}

void CanvasArea::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if (!m_empty->isHidden()) placeEmptyState();
}

bool CanvasArea::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize && !m_empty->isHidden()) placeEmptyState();
    return QWidget::eventFilter(watched, event);
}

} // namespace sfumato::ui
