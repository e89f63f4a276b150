// MainWindow: puts the parts together; what they do is theirs.
// Thread: GUI. Owner: app. The workspace outlives it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/library/library_index.h"
#include "core/library/thumbnail_cache.h"
#include "core/workspace/workspace.h"
#include "ui/theme/theme_tokens.h"
#include "ui/tools/tool_box.h"
#include "ui/widgets/prompt_edit.h"
#include "ui/window/action_registry.h"
#include "ui/window/file_prompt.h"

#include <QMainWindow>

#include <functional>
#include <memory>

namespace sfumato::ui {

class CanvasArea;
class DocumentActions;
class GenerateDock;
class FileIntake;
class LoraActions;
class LoraDock;
class StatusLine;
class VariationsDock;

// What the window is given from outside.
struct WindowServices {
    std::unique_ptr<FilePrompt> files;
    std::unique_ptr<QuestionPrompt> questions;
    library::LibraryIndex& library; // it and the thumbnails outlive the window
    library::ThumbnailCache& thumbnails;
    ColorScheme scheme = ColorScheme::Dark;
    std::function<void(ColorScheme)> changeScheme; // may be empty
};

// What the window remembers between runs, for the app to store.
struct WindowState {
    QByteArray geometry;
    QByteArray layout;
    imaging::BrushSettings paintBrush;
    imaging::BrushSettings eraseBrush{ .erase = true };
};

class MainWindow final : public QMainWindow {
    Q_OBJECT

public:
    MainWindow(workspace::Workspace& workspace, WindowServices services);
    ~MainWindow() override;

    // A picture is opened, a model is put to use; changes not exported are asked about first.
    void openPath(const QString& path);
    // Shows the number of tokens below the prompts from now on.
    void setTokenCounter(const TokenCounter& counter);
    [[nodiscard]] WindowState state() const;
    void restoreState(const WindowState& state);

    [[nodiscard]] ActionRegistry& actions() noexcept { return *m_actions; }
    [[nodiscard]] CanvasArea& canvas() noexcept { return *m_canvas; }
    [[nodiscard]] GenerateDock& generateDock() noexcept { return *m_generateDock; }
    [[nodiscard]] LoraDock& loraDock() noexcept { return *m_loraDock; }
    [[nodiscard]] VariationsDock& variationsDock() noexcept { return *m_variationsDock; }

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void createParts();
    void createBars();
    void createDocks();
    void createActions();
    void refreshHeadings();
    void connectWindowActions();
    void attachActions();
    void refreshTitle();
    [[nodiscard]] QList<QAction*> allActions() const;

    workspace::Workspace& m_workspace;
    WindowServices m_services;
    ActionRegistry* m_actions = nullptr;
    ToolBox* m_tools = nullptr;
    BrushStore* m_brushes = nullptr;
    CanvasArea* m_canvas = nullptr;
    GenerateDock* m_generateDock = nullptr;
    LoraDock* m_loraDock = nullptr;
    VariationsDock* m_variationsDock = nullptr;
    StatusLine* m_status = nullptr;
    DocumentActions* m_documentActions = nullptr;
    LoraActions* m_loraActions = nullptr;
    FileIntake* m_intake = nullptr;
    bool m_mayClose = false;
};

} // namespace sfumato::ui
