// LoraActions: what the actions of the LoRA menu and the LoRA dock do.
// Thread: GUI. Owner: MainWindow.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jobs/background_tasks.h"
#include "ui/docks/generate_dock.h"
#include "ui/docks/lora/lora_dock.h"
#include "ui/window/action_registry.h"
#include "ui/window/canvas_area.h"
#include "ui/window/document_actions.h"

namespace sfumato::ui {

struct LoraParts {
    LoraDock& dock;
    GenerateDock& generateDock;
    CanvasArea& canvas;
    LoraLibrary library;
};

class LoraActions final : public QObject {
    Q_OBJECT

public:
    LoraActions(workspace::Workspace& workspace, ActionRegistry& actions, const LoraParts& parts, const Prompts& prompts, QWidget& window);

    // Where the library has a LoRA of this file name; empty when it has none.
    [[nodiscard]] QString pathOf(const QString& fileName) const;
    // Watches a folder, or those that another program keeps its LoRAs in below it.
    void useFolder(const QString& path);

Q_SIGNALS:
    void cardRequested(const QString& path);

private:
    void connectFileActions();
    void connectStackActions();
    void connectDock();
    void watchFolders();
    void refreshConditions();
    void add(const library::LibraryEntry& entry, int place = -1);
    void insertTriggers();
    void setPicture();
    void storePicture(const QString& path, const QImage& picture, document::ExistingFile existing);
    void editNotes();
    void showFile();
    void chooseFolder();
    void compareWeights();
    void stepWeight(const QString& path, int steps);
    void showCardMenu(const QPoint& globalPos);
    void showStackMenu(const QPoint& globalPos);
    void explain(const workspace::Notice& notice);
    void tellKept(const Result<library::EditOutcome>& outcome);

    workspace::Workspace& m_workspace;
    ActionRegistry& m_actions;
    LoraParts m_parts;
    Prompts m_prompts;
    QWidget& m_window;
    QStringList m_folders;
    QString m_modelInUse;
    jobs::BackgroundTasks m_tasks;
};

} // namespace sfumato::ui
