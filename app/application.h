// Application: the composition root of the window: arguments, settings, theme, language, workspace, engine factory.
// Thread: GUI. Owner: main().
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/companion_models.h"
#include "app/install_paths.h"
#include "core/jobs/background_tasks.h"
#include "core/library/library_index.h"
#include "core/library/thumbnail_cache.h"
#include "core/workspace/workspace.h"
#include "ui/theme/theme_tokens.h"
#include "ui/window/main_window.h"

#include <QApplication>
#include <QTranslator>

#include <memory>

namespace sfumato::app {

class Application final {
public:
    Application(int& argc, char** argv);
    ~Application();

    // Shows the window and runs until it is closed.
    [[nodiscard]] int run();

private:
    void installLanguage();
    void createWindow();
    void loadTokenCounter();
    void save();

    QApplication m_application;
    InstallPaths m_paths;
    std::shared_ptr<CompanionModels> m_companions; // also on background threads
    QTranslator m_ownTexts;
    QTranslator m_qtTexts;
    QString m_picture; // from the command line
    QString m_model;
    ui::ColorScheme m_scheme = ui::ColorScheme::Dark;
    std::unique_ptr<library::LibraryIndex> m_library;
    std::unique_ptr<library::ThumbnailCache> m_thumbnails;
    std::unique_ptr<workspace::Workspace> m_workspace;
    std::unique_ptr<ui::MainWindow> m_window;
    jobs::BackgroundTasks m_tasks;
};

} // namespace sfumato::app
