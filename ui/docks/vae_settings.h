// VaeSettings: the body of the VAE fold: the part that turns latents into pixels, the model's own or a file's.
// Thread: GUI; folders and headers are read on a background thread. Owner: GenerateDock.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jobs/background_tasks.h"
#include "core/workspace/workspace.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QComboBox;
class QLabel;
QT_END_NAMESPACE

namespace sfumato::ui {

class VaeSettings final : public QWidget {
    Q_OBJECT

public:
    explicit VaeSettings(workspace::Workspace& workspace, QWidget* parent = nullptr);

    void show(const workflow::JobDescription& job);
    void writeTo(workflow::JobDescription& job) const;
    // What the closed fold's header says.
    [[nodiscard]] QString summary() const;
    // Takes a file that was looked for by hand.
    void choose(const QString& path);

Q_SIGNALS:
    void edited();
    void fileRequested();

private:
    void search();
    void fill(const QStringList& found);
    void select(const QString& path);
    void lookInto(const QString& path);

    workspace::Workspace& m_workspace;
    QComboBox* m_choice = nullptr; // the first entry is the model's own, with no path
    QLabel* m_note = nullptr;
    QStringList m_folders;         // that were searched
    jobs::BackgroundTasks m_tasks; // last: its tasks use the above
};

} // namespace sfumato::ui
