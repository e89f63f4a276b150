// LoraStack: the LoRAs in use, one row each, in the order in which they work. Rows are dragged by their grips; files and cards are dropped between them.
// Thread: GUI. Owner: LoraDock.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/library/library_index.h"
#include "core/workspace/lora_stack_model.h"
#include "core/workspace/workspace.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QLabel;
class QVBoxLayout;
QT_END_NAMESPACE

namespace sfumato::ui {

class LoraStackRow;
struct LoraRowLook;

class LoraStack final : public QWidget {
    Q_OBJECT

public:
    LoraStack(workspace::LoraStackModel& model, workspace::Workspace& workspace, library::LibraryIndex& library, QWidget* parent = nullptr);

    // The row that was touched last; −1 when there is none.
    [[nodiscard]] int current() const;
    void setCurrent(int row);

Q_SIGNALS:
    void currentChanged();
    void menuRequested(const QPoint& globalPos);
    void triggerClicked(int row, const QString& trigger);
    void pathsDropped(const QStringList& paths, int place);
    void heightWanted(); // rows came, went or changed their height

protected:
    void paintEvent(QPaintEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragMoveEvent(QDragMoveEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void rebuild();
    void refresh();
    void addRow(int row);
    void connectRow(LoraStackRow& row);
    [[nodiscard]] LoraRowLook lookOf(const workspace::LoraRow& row) const;
    [[nodiscard]] int indexOf(const LoraStackRow& row) const;
    [[nodiscard]] int placeAt(int y) const;

    workspace::LoraStackModel& m_model;
    workspace::Workspace& m_workspace;
    library::LibraryIndex& m_library;
    QVBoxLayout* m_column = nullptr;
    QLabel* m_empty = nullptr;
    std::vector<LoraStackRow*> m_rows; // as in the model
    QString m_currentPath;
    int m_dropPlace = -1; // while something is dragged over it
};

} // namespace sfumato::ui
