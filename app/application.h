// Application: the composition root of the window: arguments, settings, theme, language, workspace, engine factory.
// Thread: GUI. Owner: main().
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jobs/background_tasks.h"
#include "core/workspace/workspace.h"
#include "ui/theme/theme_tokens.h"
#include "ui/window/main_window.h"

#include <QApplication>
#include <QTranslator>

#include <memory>

namespace sfumato {

class Application final {
public:
    Application(int& argc, char** argv);
    ~Application();

    // <prefix>/share/sfumato beside the program: models, samples, vocabulary.
    [[nodiscard]] QString shareFolder() const;

    // Shows the window and runs until it is closed. `engine` is called on the engine thread, when a picture is first made.
    [[nodiscard]] int run(jobs::EngineSource engine);

private:
    void installLanguage();
    void createWindow(jobs::EngineSource engine);
    void loadTokenCounter();
    void save();

    QApplication m_application;
    QTranslator m_ownTexts;
    QTranslator m_qtTexts;
    QString m_picture; // from the command line
    QString m_model;
    ui::ColorScheme m_scheme = ui::ColorScheme::Dark;
    std::unique_ptr<workspace::Workspace> m_workspace;
    std::unique_ptr<ui::MainWindow> m_window;
    jobs::BackgroundTasks m_tasks;
};

} // namespace sfumato
