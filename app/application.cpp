// SPDX-License-Identifier: Apache-2.0
#include "app/application.h"

#include "app/engine_module.h"
#include "app/settings_store.h"
#include "core/engine/text/prompt_chunks.h"
#include "ui/theme/application_theme.h"
#include "ui/theme/icons.h"
#include "ui/window/dialog_prompts.h"

#include <QCommandLineParser>
#include <QDir>
#include <QFileInfo>
#include <QLibraryInfo>
#include <QLocale>
#include <QSettings>
#include <QStandardPaths>
#include <QTimer>

#include <filesystem>

namespace sfumato::app {

namespace {

QString toText(const std::filesystem::path& path) { return QString::fromStdU16String(path.u16string()); }

} // namespace

Application::Application(int& argc, char** argv) : m_application(argc, argv), m_paths(installPaths()), m_companions(std::make_shared<CompanionModels>(m_paths))
{
    QApplication::setOrganizationName(QStringLiteral("sfumato"));
    QApplication::setApplicationName(QStringLiteral("sfumato"));
    QApplication::setApplicationDisplayName(QStringLiteral("Sfumato"));
    QApplication::setApplicationVersion(QStringLiteral(SFUMATO_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("sfumato"));
    installLanguage();

    QCommandLineParser parser;
    parser.setApplicationDescription(QCoreApplication::translate("Application", "A picture editor that repaints what you paint over."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption model(QStringLiteral("model"), QCoreApplication::translate("Application", "Use this model: a .safetensors file or a diffusers folder."), QStringLiteral("path"));
    parser.addOption(model);
    parser.addPositionalArgument(QStringLiteral("picture"), QCoreApplication::translate("Application", "The picture to open."), QStringLiteral("[picture]"));
    parser.process(m_application);
    m_picture = parser.positionalArguments().value(0);
    m_model = parser.value(model);
}

// The window first: it holds references into the workspace and the library.
Application::~Application()
{
    m_window.reset();
    m_workspace.reset();
    m_thumbnails.reset();
    m_library.reset();
}

int Application::run()
{
    m_scheme = loadColorScheme(QSettings());
    ui::applyTheme(m_application, m_scheme);
    createWindow();
    loadTokenCounter();
    m_window->show();
    if (!m_model.isEmpty()) m_workspace->chooseModel(QFileInfo(m_model).absoluteFilePath());
    if (!m_picture.isEmpty()) m_window->openPath(QFileInfo(m_picture).absoluteFilePath());
    // From the event loop, so that the first frame does not wait for the engine's libraries.
    QTimer::singleShot(0, m_workspace.get(), &workspace::Workspace::describeModelInUse);
    const int result = QApplication::exec();
    save();
    return result;
}

void Application::installLanguage()
{
    const QLocale locale;
    if (m_qtTexts.load(locale, QStringLiteral("qtbase"), QStringLiteral("_"), QLibraryInfo::path(QLibraryInfo::TranslationsPath))) QApplication::installTranslator(&m_qtTexts);
    // English is loaded for its plural forms where no other language is known.
    if (m_ownTexts.load(locale, QStringLiteral("sfumato"), QStringLiteral("_"), QStringLiteral(":/i18n")) || m_ownTexts.load(QStringLiteral(":/i18n/sfumato_en.qm"))) {
        QApplication::installTranslator(&m_ownTexts);
    }
    // Numbers are written as the texts around them are, also where the system asks for texts in one language and for numbers in another.
    const QLocale texts(m_ownTexts.language());
    if (texts.language() != locale.language()) QLocale::setDefault(texts);
}

void Application::createWindow()
{
    const QSettings store;
    workspace::AppSettings settings = loadAppSettings(store);
    settings.installedModelsFolder = toText(m_paths.installedModels);
    settings.userModelsFolder = toText(m_paths.userModels);
    settings.installedExpansionFolder = toText(m_paths.promptExpansion);
    m_workspace = std::make_unique<workspace::Workspace>(engineSource(m_paths), settings);
    m_workspace->setCompanions({ [companions = m_companions] { return companions->safetyChecker(); },
        [companions = m_companions](const std::filesystem::path& ipAdapter) { return companions->imageEncoderFor(ipAdapter); } });
    m_library = std::make_unique<library::LibraryIndex>(library::LibraryOptions{ .indexPath = QDir(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation)).filePath(QStringLiteral("sfumato/library.sqlite")) });
    m_thumbnails = std::make_unique<library::ThumbnailCache>(library::ThumbnailOptions{ .storePath = QDir(QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation)).filePath(QStringLiteral("sfumato/thumbnails.sqlite")) });
    const auto changeScheme = [this](ui::ColorScheme scheme) {
        m_scheme = scheme;
        ui::applyTheme(m_application, scheme);
    };
    ui::WindowServices services{ std::make_unique<ui::DialogFilePrompt>(), std::make_unique<ui::DialogQuestionPrompt>(), *m_library, *m_thumbnails, m_scheme, changeScheme };
    m_window = std::make_unique<ui::MainWindow>(*m_workspace, std::move(services));
    m_window->restoreState(loadWindowState(store));
}

void Application::loadTokenCounter()
{
    m_tasks.run([path = m_paths.vocabulary] { return engine::ClipTokenizer::load(path); },
        [this](Result<engine::ClipTokenizer> tokenizer) {
            if (!tokenizer) return;
            auto shared = std::make_shared<const engine::ClipTokenizer>(std::move(*tokenizer));
            m_window->setTokenCounter([shared](const QString& prompt, const std::vector<ui::PromptWord>& words) {
                engine::LearnedWords learned;
                for (const ui::PromptWord& word : words) learned.add(*shared, word.word.toStdString(), word.vectors);
                return engine::tokenCount(*shared, prompt.toStdString(), learned);
            });
        });
}

void Application::save()
{
    QSettings store;
    saveAppSettings(store, m_workspace->appSettings());
    saveWindowState(store, m_window->state());
    saveColorScheme(store, m_scheme);
}

} // namespace sfumato::app
