// WindowFixture: the real main window over a fake engine, with its own folder, a model file to choose and prompts answered beforehand.
// Thread: GUI. With SFUMATO_SCREENSHOT_DIR set, screenshot() writes PNG files there.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workspace/workspace.h"
#include "tests/support/fake_engine.h"
#include "tests/ui/prepared_prompts.h"
#include "ui/window/main_window.h"

#include <QTemporaryDir>
#include <QTranslator>

namespace sfumato::testing {

struct FixtureOptions {
    FakeScript script = {};
    ui::ColorScheme scheme = ui::ColorScheme::Dark;
    QSize size{ 1366, 768 };
    bool hasModel = true;
    bool hasExpander = false;                     // a model that expands prompts is installed
    QString fontFamily = QStringLiteral("Inter"); // where it is installed
    jobs::EngineSource engine = {};               // instead of the fake one, with the models of …
    QString modelsFolder = {};
    QStringList loraFolders = {};
};

class WindowFixture {
public:
    explicit WindowFixture(FixtureOptions options = {});
    ~WindowFixture();

    [[nodiscard]] workspace::Workspace& workspace() { return *m_workspace; }
    [[nodiscard]] ui::MainWindow& window() { return *m_window; }
    [[nodiscard]] library::LibraryIndex& library() { return *m_library; }
    [[nodiscard]] PreparedAnswers& answers() { return m_answers; }
    [[nodiscard]] FakeEngineProbe& probe() { return *m_probe; }
    [[nodiscard]] QString folder() const { return m_folder.path(); }

    // A picture of soft hills, written as PNG; returns its path.
    QString writePicture(const QString& name = QStringLiteral("hills.png"), Extent extent = { 768, 512 });
    // Opens a picture as File > Open does and waits for it.
    void openPicture();
    // Paints a stroke between two places of the picture.
    void paint(QPointF fromCanvas, QPointF toCanvas, Qt::MouseButton button = Qt::LeftButton);
    [[nodiscard]] QPoint toView(QPointF canvasPos);
    void trigger(ui::ActionId id) { m_window->actions().action(id).trigger(); }
    void setJob(const std::function<void(workflow::JobDescription&)>& change);
    void screenshot(const QString& name);

private:
    QTranslator m_english;
    QTemporaryDir m_folder;
    PreparedAnswers m_answers;
    std::shared_ptr<FakeEngineProbe> m_probe;
    std::unique_ptr<library::LibraryIndex> m_library;
    library::ThumbnailCache m_thumbnails;
    std::unique_ptr<workspace::Workspace> m_workspace;
    std::unique_ptr<ui::MainWindow> m_window;
};

// A picture of soft hills under a sky.
[[nodiscard]] QImage hills(QSize size);

} // namespace sfumato::testing
