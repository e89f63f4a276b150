// ControlPanel: the controls of the next run, one row each, and a button that adds one. Model files are dropped on it, pictures on its rows.
// Thread: GUI. Owner: GenerateDock.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/library/controls/control_models.h"
#include "core/workspace/control_preview.h"
#include "core/workspace/workspace.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QLabel;
class QMenu;
class QPushButton;
class QVBoxLayout;
QT_END_NAMESPACE

namespace sfumato::ui {

class ControlRowView;

class ControlPanel final : public QWidget {
    Q_OBJECT

public:
    explicit ControlPanel(workspace::Workspace& workspace, QWidget* parent = nullptr);

    // "2 in use": for the fold that is closed.
    [[nodiscard]] QString summary() const;
    // Puts a model file to use as a control of its own and remembers the file. For files that were chosen or dropped anywhere.
    void addModelFile(const QString& path);
    void setModelFile(int row, const QString& path);
    void setPictureFile(int row, const QString& path);

    [[nodiscard]] workspace::ControlStackModel& controls() noexcept { return *m_controls; }
    [[nodiscard]] library::ControlModels& models() noexcept { return *m_models; }

Q_SIGNALS:
    void summaryChanged();
    // The artist wants to look for a file; −1: for a new row.
    void modelFileRequested(int row);
    void pictureFileRequested(int row);
    // Of any kind: who knows all kinds says what becomes of them.
    void filesDropped(const QStringList& paths);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void look();
    void remember(const QString& path);
    void fillMenu();
    void rebuild();
    void orderTabs();
    void refresh();
    [[nodiscard]] ControlRowView* createRow();
    [[nodiscard]] int indexOf(const ControlRowView& view) const;
    [[nodiscard]] int placeAt(int y) const;

    workspace::Workspace& m_workspace;
    library::ControlModels* m_models = nullptr;
    workspace::ControlStackModel* m_controls = nullptr;
    workspace::ControlPreviews* m_previews = nullptr;
    QVBoxLayout* m_column = nullptr;
    QLabel* m_empty = nullptr;
    QPushButton* m_add = nullptr;
    QMenu* m_menu = nullptr;
    std::vector<ControlRowView*> m_rows; // as in the model
};

} // namespace sfumato::ui
