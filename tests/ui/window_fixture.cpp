// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/window_fixture.h"

#include "ui/canvas/canvas_view.h"
#include "ui/theme/application_theme.h"
#include "ui/window/canvas_area.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QFontDatabase>
#include <QPainter>
#include <QPainterPath>
#include <QSignalSpy>
#include <QTest>

#include <cmath>

namespace sfumato::testing {

QImage hills(QSize size)
{
    QImage image(size, QImage::Format_RGB32);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    QLinearGradient sky(0, 0, 0, size.height());
    sky.setColorAt(0, QColor(0x6F, 0xA8, 0xDC));
    sky.setColorAt(1, QColor(0xF6, 0xE3, 0xC5));
    painter.fillRect(image.rect(), sky);
    const QColor greens[] = { QColor(0x7F, 0xA6, 0x8C), QColor(0x5C, 0x8A, 0x5F), QColor(0x3F, 0x6B, 0x3E) };
    for (int layer = 0; layer < 3; ++layer) {
        QPainterPath path(QPointF(0, size.height()));
        for (int x = 0; x <= size.width(); x += 4) {
            const double wave = std::sin(x * (0.006 + 0.003 * layer) + layer * 1.7) * size.height() * 0.07;
            path.lineTo(x, size.height() * (0.55 + 0.14 * layer) + wave);
        }
        path.lineTo(size.width(), size.height());
        painter.fillPath(path, greens[layer]);
    }
    return image;
}

namespace {

constexpr std::uint64_t kModelBytes = 6'938'000'000;

// What a machine of an artist has: an interface font, and English plural forms where no other language was chosen.
void prepareApplication(QApplication& application, const QString& fontFamily, QTranslator& english)
{
    if (QFontDatabase::families().contains(fontFamily)) application.setFont(QFont(fontFamily));
    if (QCoreApplication::translate("sfumato::ui::StatusLine", "%n run(s)", "waiting or running", 2) == QStringLiteral("2 run(s)") && english.load(QStringLiteral(":/i18n/sfumato_en.qm"))) {
        QApplication::installTranslator(&english);
    }
}

} // namespace

WindowFixture::WindowFixture(FixtureOptions options) : m_probe(std::make_shared<FakeEngineProbe>())
{
    auto& application = *qobject_cast<QApplication*>(QCoreApplication::instance());
    prepareApplication(application, options.fontFamily, m_english);
    ui::applyTheme(application, options.scheme);
    if (options.script.modelInfo.sizeInBytes == 0) {
        options.script.modelInfo.family = engine::ModelFamily::Sdxl;
        options.script.modelInfo.sizeInBytes = kModelBytes;
    }
    const QString models = options.engine ? options.modelsFolder : m_folder.filePath(QStringLiteral("models"));
    if (!options.engine) QDir().mkpath(models);
    if (options.hasModel && !options.engine) {
        QFile model(models + QStringLiteral("/starter.safetensors"));
        if (!model.open(QIODevice::WriteOnly)) qFatal("cannot write the model file");
        model.write("fake");
    }
    workspace::AppSettings settings;
    settings.installedModelsFolder = models;
    settings.loraFolders = options.loraFolders;
    settings.installedExpansionFolder = m_folder.filePath(QStringLiteral("prompt_expansion"));
    if (options.hasExpander) {
        QDir().mkpath(settings.installedExpansionFolder);
        QFile config(settings.installedExpansionFolder + QStringLiteral("/config.json"));
        if (!config.open(QIODevice::WriteOnly)) qFatal("cannot write the language model's folder");
    }
    settings.pictureFolder = settings.exportFolder = m_folder.path();
    m_workspace = std::make_unique<workspace::Workspace>(options.engine ? options.engine : fakeEngineSource(options.script, m_probe), settings);
    m_library = std::make_unique<library::LibraryIndex>(library::LibraryOptions{ m_folder.filePath(QStringLiteral("data/library.sqlite")), 64 });
    ui::WindowServices services{ std::make_unique<PreparedFilePrompt>(m_answers), std::make_unique<PreparedQuestionPrompt>(m_answers), *m_library, m_thumbnails, options.scheme,
        [](ui::ColorScheme scheme) { ui::applyTheme(*qobject_cast<QApplication*>(QCoreApplication::instance()), scheme); } };
    m_window = std::make_unique<ui::MainWindow>(*m_workspace, std::move(services));
    m_window->setTokenCounter([](const QString& prompt, const std::vector<ui::PromptWord>& words) {
        int tokens = static_cast<int>(prompt.split(QLatin1Char(' '), Qt::SkipEmptyParts).size());
        for (const ui::PromptWord& word : words) tokens += word.vectors - 1;
        return tokens;
    });
    m_window->resize(options.size);
    m_window->show();
    m_window->activateWindow();
    if (!QTest::qWaitForWindowActive(m_window.get())) qFatal("the window did not become active");
}

WindowFixture::~WindowFixture()
{
    m_window.reset();
    m_workspace.reset();
    m_library.reset();
    QApplication::removeTranslator(&m_english);
}

QString WindowFixture::writePicture(const QString& name, Extent extent)
{
    const QString path = m_folder.filePath(name);
    if (!hills({ extent.width, extent.height }).save(path)) qFatal("cannot write the picture");
    return path;
}

void WindowFixture::openPicture()
{
    m_answers.openPath = writePicture();
    QSignalSpy replaced(m_workspace.get(), &workspace::Workspace::documentReplaced);
    trigger(ui::ActionId::Open);
    QTRY_COMPARE(replaced.count(), 1);
}

QPoint WindowFixture::toView(QPointF canvasPos)
{
    return m_window->canvas().view().transform().toView(canvasPos).toPoint();
}

void WindowFixture::paint(QPointF fromCanvas, QPointF toCanvas, Qt::MouseButton button)
{
    ui::CanvasView& view = m_window->canvas().view();
    constexpr int kMoves = 8;
    QTest::mouseMove(&view, toView(fromCanvas));
    QTest::mousePress(&view, button, Qt::NoModifier, toView(fromCanvas));
    for (int i = 1; i <= kMoves; ++i) {
        const QPointF place = fromCanvas + (toCanvas - fromCanvas) * i / kMoves;
        QMouseEvent move(QEvent::MouseMove, toView(place), view.mapToGlobal(toView(place)), Qt::NoButton, button, Qt::NoModifier);
        QApplication::sendEvent(&view, &move);
    }
    QTest::mouseRelease(&view, button, Qt::NoModifier, toView(toCanvas));
}

void WindowFixture::setJob(const std::function<void(workflow::JobDescription&)>& change)
{
    workflow::JobDescription job = m_workspace->session().job();
    change(job);
    m_workspace->session().setJob(job);
}

void WindowFixture::screenshot(const QString& name)
{
    const QString folder = qEnvironmentVariable("SFUMATO_SCREENSHOT_DIR");
    if (folder.isEmpty()) return;
    QDir().mkpath(folder);
    QTest::qWait(150); // what opens has opened
    m_window->grab().save(QDir(folder).filePath(name + QStringLiteral(".png")));
}

} // namespace sfumato::testing
