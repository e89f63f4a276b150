// PromptActions: what belongs to the prompt beyond its text: the actions that expand it, and the embeddings of the library that it may hold.
// Thread: GUI. Owner: MainWindow.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/library/library_index.h"
#include "core/workspace/workspace.h"
#include "ui/docks/generate_dock.h"
#include "ui/window/action_registry.h"
#include "ui/window/file_prompt.h"

namespace sfumato::ui {

class PromptActions final : public QObject {
    Q_OBJECT

public:
    PromptActions(workspace::Workspace& workspace, ActionRegistry& actions, GenerateDock& dock, library::LibraryIndex& library, FilePrompt& files, QWidget& window);

private:
    void expand();
    void chooseFolder();
    void refreshConditions();
    void refreshWords();

    workspace::Workspace& m_workspace;
    ActionRegistry& m_actions;
    GenerateDock& m_dock;
    library::LibraryIndex& m_library;
    FilePrompt& m_files;
    QWidget& m_window;
};

} // namespace sfumato::ui
