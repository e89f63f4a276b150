// DocumentActions: opening, pasting, exporting, undo and mask commands: what the actions of File, Edit and Mask do.
// Thread: GUI. Owner: MainWindow.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jobs/background_tasks.h"
#include "core/workspace/workspace.h"
#include "ui/files/intake_place.h"
#include "ui/window/action_registry.h"
#include "ui/window/canvas_area.h"
#include "ui/window/file_prompt.h"

namespace sfumato::ui {

struct Prompts {
    FilePrompt& files;
    QuestionPrompt& questions;
};

class DocumentActions final : public QObject {
    Q_OBJECT

public:
    DocumentActions(workspace::Workspace& workspace, ActionRegistry& actions, CanvasArea& canvas, const Prompts& prompts, QWidget& window);

    void openPicturePath(const QString& path);
    void openImage(const QImage& image);
    void chooseModelFile();
    void chooseModelFolder();
    // Gets every file and folder that was dropped, pasted or chosen.
    void setReceiver(std::function<void(const QStringList& paths, const IntakePlace& place)> receiver) { m_receive = std::move(receiver); }
    // Runs `proceed` at once, or after the person let changes go that were not exported.
    void proceedUnlessChanged(std::function<void()> proceed);

    // Where a file lies that a recipe names without its folder; empty where it is not known.
    void setLoraFinder(std::function<QString(const QString& fileName)> finder) { m_findLora = std::move(finder); }

private:
    void useRecipe(const workflow::JobDescription& recipe);
    void connectFileActions();
    void connectEditActions();
    void connectMaskActions();
    void openPicture();
    void paste();
    void copyPicture();
    void exportPicture();
    void saveJob();
    void offerRecipe(const std::string& jobJson);
    void show(const workspace::Notice& notice);
    void rememberFolder(QString workspace::AppSettings::*folder, const QString& path);

    workspace::Workspace& m_workspace;
    ActionRegistry& m_actions;
    CanvasArea& m_canvas;
    Prompts m_prompts;
    QWidget& m_window;
    std::function<void(const QStringList& paths, const IntakePlace& place)> m_receive;
    std::function<QString(const QString& fileName)> m_findLora;
    jobs::BackgroundTasks m_tasks;
};

} // namespace sfumato::ui
