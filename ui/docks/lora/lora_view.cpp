// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/lora/lora_view.h"

#include "ui/docks/lora/lora_peek.h"
#include "ui/docks/lora/lora_texts.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/plain_text.h"

#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QHoverEvent>
#include <QKeyEvent>
#include <QPointer>
#include <QScrollBar>

#include <algorithm>

namespace sfumato::ui {

LoraView::LoraView(library::LoraListModel& model, library::LibraryIndex& library, QWidget* parent) : QListView(parent), m_library(model), m_index(library)
{
    m_delegate = new LoraDelegate(this);
    m_peek = new LoraPeek(this);
    setModel(&model);
    setItemDelegate(m_delegate);
    setFrameShape(QFrame::NoFrame);
    setUniformItemSizes(true);
    setResizeMode(QListView::Adjust);
    setLayoutMode(QListView::SinglePass);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn); // so that the cards do not jump
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setDragEnabled(true);
    setDragDropMode(QAbstractItemView::DragOnly);
    setMouseTracking(true);
    viewport()->setAutoFillBackground(false);
    viewport()->setAttribute(Qt::WA_Hover);
    describe(*this, tr("LoRA files"), tr("Enter adds the chosen one, letters search, + and − change its weight, a full stop stars it."));
    setShape(LoraDelegate::Shape::Card);
}

void LoraView::setShape(LoraDelegate::Shape shape)
{
    m_delegate->setShape(shape);
    const bool isCard = shape == LoraDelegate::Shape::Card;
    setFlow(isCard ? QListView::LeftToRight : QListView::TopToBottom);
    setWrapping(isCard);
    arrange();
}

void LoraView::setCardWidth(int width)
{
    m_cardWidth = std::clamp(width, kLeastCardWidth, kLargestCardWidth);
    arrange();
}

void LoraView::arrange()
{
    const int room = std::max(kLeastCardWidth, viewport()->width() - 1);
    if (shape() == LoraDelegate::Shape::Line) {
        setGridSize(QSize(room, LoraDelegate::lineHeight()));
        m_library.setThumbnailSize(QSize(64, 64) * devicePixelRatioF());
    } else {
        const int width = room / std::max(1, room / m_cardWidth);
        setGridSize(LoraDelegate::cardSize(width));
        m_library.setThumbnailSize((QSizeF(LoraDelegate::pictureSize(width)) * devicePixelRatioF()).toSize());
    }
    verticalScrollBar()->setSingleStep(std::max(20, gridSize().height() / 4));
}

void LoraView::resizeEvent(QResizeEvent* event)
{
    arrange();
    QListView::resizeEvent(event);
}

void LoraView::keyPressEvent(QKeyEvent* event)
{
    hidePeek();
    const QModelIndex current = currentIndex();
    const QString text = event->text();
    const bool isPlain = !(event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier));
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        if (current.isValid()) Q_EMIT chosen(current);
    } else if (isPlain && current.isValid() && (text == QLatin1String("+") || text == QLatin1String("-"))) {
        Q_EMIT weightStepRequested(current, text == QLatin1String("+") ? 1 : -1);
    } else if (isPlain && current.isValid() && text == QLatin1String(".")) {
        const int role = static_cast<int>(library::LoraRole::IsStarred);
        model()->setData(current, !current.data(role).toBool(), role);
    } else if (isPlain && !text.isEmpty() && text.front().isLetterOrNumber()) {
        Q_EMIT letterTyped(text);
    } else {
        QListView::keyPressEvent(event);
    }
}

void LoraView::contextMenuEvent(QContextMenuEvent* event)
{
    const QModelIndex index = event->reason() == QContextMenuEvent::Mouse ? indexAt(event->pos()) : currentIndex();
    if (!index.isValid()) return;
    setCurrentIndex(index);
    Q_EMIT menuRequested(event->reason() == QContextMenuEvent::Mouse ? event->globalPos() : viewport()->mapToGlobal(visualRect(index).center()));
}

void LoraView::mouseDoubleClickEvent(QMouseEvent* event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    option.rect = visualRect(index);
    if (event->button() != Qt::LeftButton || !index.isValid() || m_delegate->editorEvent(event, model(), option, index)) return;
    Q_EMIT chosen(index);
}

bool LoraView::viewportEvent(QEvent* event)
{
    switch (event->type()) {
    case QEvent::ToolTip:
        if (const QModelIndex index = indexAt(static_cast<const QHelpEvent*>(event)->pos()); index.isValid()) showPeek(index);
        return true;
    case QEvent::HoverMove:
        if (indexAt(static_cast<const QHoverEvent*>(event)->position().toPoint()) != m_peeked) hidePeek();
        break;
    case QEvent::Leave:
    case QEvent::Hide:
    case QEvent::MouseButtonPress:
    case QEvent::Wheel: hidePeek(); break;
    default: break;
    }
    return QListView::viewportEvent(event);
}

// What is known at once, then what has to be read.
void LoraView::showPeek(const QModelIndex& index)
{
    const library::LibraryEntryPointer entry = m_library.entryAt(index);
    if (!entry) return;
    m_peeked = index;
    m_peek->open(QRect(viewport()->mapToGlobal(visualRect(index).topLeft()), visualRect(index).size()), cardText(*entry, nullptr, m_family));
    if (!entry->broken.isEmpty()) return;
    const auto isStillOpen = [view = QPointer(this), at = m_peeked] { return view && view->m_peek->isVisible() && at.isValid() && view->m_peeked == at; };
    m_index.readDetails(entry->path, [this, entry, isStillOpen](const Result<library::FileDetails>& details) {
        if (isStillOpen() && details) m_peek->setText(cardText(*entry, &*details, m_family));
    });
    const int side = static_cast<int>(LoraPeek::kPictureSide * devicePixelRatioF());
    m_tasks.run([place = entry->preview, side] { return library::ThumbnailCache::readPreview(place, side); },
        [this, isStillOpen](const QImage& picture) {
            if (isStillOpen() && !picture.isNull()) m_peek->setPicture(picture);
        });
}

void LoraView::hidePeek()
{
    m_peek->hide();
    m_peeked = QModelIndex();
}

} // namespace sfumato::ui
