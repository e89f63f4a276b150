// ModelRow: which model is used, what it is, and a way to choose another file or folder.
// Thread: GUI. Owner: GenerateDock.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workspace/workspace.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QComboBox;
class QLabel;
QT_END_NAMESPACE

namespace sfumato::ui {

class ModelRow final : public QWidget {
    Q_OBJECT

public:
    explicit ModelRow(workspace::Workspace& workspace, QWidget* parent = nullptr);

Q_SIGNALS:
    // The artist wants to look for a file or a diffusers folder.
    void fileRequested();
    void folderRequested();
    void cardRequested();
    void filesDropped(const QStringList& paths);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void refresh();
    void refreshNote();

    workspace::Workspace& m_workspace;
    QComboBox* m_choice = nullptr;
    QLabel* m_note = nullptr;
};

// "SDXL", "SD 1.5"
[[nodiscard]] QString familyName(engine::ModelFamily family);

} // namespace sfumato::ui
