// LoraView: the cards or lines of the browser. Arrows move, Enter adds, + and − weigh, "." stars, a letter goes on in the search box.
// Thread: GUI. Owner: LoraBrowser.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jobs/background_tasks.h"
#include "core/library/lora_list_model.h"
#include "ui/docks/lora/lora_delegate.h"

#include <QListView>
#include <QPersistentModelIndex>

namespace sfumato::ui {

class LoraPeek;

class LoraView final : public QListView {
    Q_OBJECT

public:
    LoraView(library::LoraListModel& model, library::LibraryIndex& library, QWidget* parent = nullptr);

    void setShape(LoraDelegate::Shape shape);
    [[nodiscard]] LoraDelegate::Shape shape() const { return m_delegate->shape(); }
    // The least width of a card; they share out what is left over.
    void setCardWidth(int width);
    // For the misfit in tooltips.
    void setModelFamily(engine::ModelFamily family) { m_family = family; }

Q_SIGNALS:
    void chosen(const QModelIndex& index); // double click or Enter
    void letterTyped(const QString& text);
    void weightStepRequested(const QModelIndex& index, int steps);
    void menuRequested(const QPoint& globalPos);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    void arrange();
    void showPeek(const QModelIndex& index);
    void hidePeek();

    library::LoraListModel& m_library;
    library::LibraryIndex& m_index;
    LoraDelegate* m_delegate = nullptr;
    LoraPeek* m_peek = nullptr;
    QPersistentModelIndex m_peeked;
    int m_cardWidth = kDefaultCardWidth;
    engine::ModelFamily m_family = engine::ModelFamily::Unknown;
    jobs::BackgroundTasks m_tasks;
};

} // namespace sfumato::ui
