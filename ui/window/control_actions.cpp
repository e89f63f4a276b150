// SPDX-License-Identifier: Apache-2.0
#include "ui/window/control_actions.h"

#include "ui/docks/control/control_panel.h"

#include <QDir>
#include <QFileInfo>

namespace sfumato::ui {

ControlActions::ControlActions(workspace::Workspace& workspace, ControlPanel& panel, const Prompts& prompts, QWidget& window)
    : QObject(&window), m_workspace(workspace), m_panel(panel), m_prompts(prompts), m_window(window)
{
    connect(&panel, &ControlPanel::modelFileRequested, this, &ControlActions::chooseModel);
    connect(&panel, &ControlPanel::pictureFileRequested, this, &ControlActions::choosePicture);
}

void ControlActions::chooseModel(int row)
{
    const QStringList& known = m_workspace.appSettings().controlModels;
    const QString folder = known.isEmpty() ? QDir::homePath() : QFileInfo(known.back()).absolutePath();
    m_prompts.files.askForOpening(m_window, { tr("Choose a control model"), folder, { tr("Models (*.safetensors)") }, {} }, [this, row](const QString& path) {
        if (row < 0) m_panel.addModelFile(path);
        else if (row < m_panel.controls().rowCount())
            m_panel.setModelFile(row, path);
    });
}

void ControlActions::choosePicture(int row)
{
    const QString folder = m_workspace.appSettings().pictureFolder.isEmpty() ? QDir::homePath() : m_workspace.appSettings().pictureFolder;
    const FileQuestion question{ tr("Choose the picture that leads"), folder, { tr("Pictures (*.png *.jpg *.jpeg *.webp *.gif *.avif *.bmp)"), tr("All files (*)") }, {} };
    m_prompts.files.askForOpening(m_window, question, [this, row](const QString& path) {
        if (row < m_panel.controls().rowCount()) m_panel.setPictureFile(row, path);
    });
}

} // namespace sfumato::ui
