// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/workspace.h"

#include "core/document/io/picture_reader.h"
#include "core/document/io/picture_writer.h"
#include "core/library/files/model_path.h"
#include "core/workspace/model_override.h"
#include "core/workspace/recipe.h"

#include <QFileInfo>

#include <filesystem>
#include <future>
#include <utility>

namespace sfumato::workspace {

namespace {

Error unknownFormat(const QString& path)
{
    const std::string name = QFileInfo(path).fileName().toStdString();
    return { ErrorCode::InvalidRequest, "The name \"" + name + "\" does not end in a picture format that can be written: use .png, .jpg, .webp or .avif.", name };
}

ModelSources modelSources(const AppSettings& settings)
{
    return { settings.installedModelsFolder, settings.userModelsFolder, settings.chosenModels };
}

QStringList expansionFolders(const AppSettings& settings)
{
    QStringList folders{ settings.expansionFolder, settings.installedExpansionFolder };
    folders.removeAll(QString());
    return folders;
}

// What Generate would run, as a run that was never begun.
GenerationRun presentRun(const workflow::JobDescription& job, const document::Document* document, const ModelEntry* model, const AppSettings& settings)
{
    GenerationRun run;
    run.job = workflow::withSeed(job);
    if (model) {
        run.job.model = (model->isInstalled ? model->name : model->path).toStdString();
        run.modelPath = model->path;
        applyModelOverride(run.job, settings, model->path);
    }
    if (document && run.job.mode != engine::GenerationMode::TextToImage) run.picture = document->picture();
    if (document && run.job.mode == engine::GenerationMode::Inpainting) run.mask = document->mask();
    for (const workflow::ControlReference& control : run.job.controls) {
        const bool isCanvas = control.imageUrl.empty() && document;
        run.controlPictures.push_back(isCanvas ? document->picture() : imaging::Raster());
    }
    return run;
}

} // namespace

// A picture as it was read, its pixels in tiles already: for 24 megapixels that is more than a frame's time.
struct Workspace::OpenedPicture {
    imaging::Raster pixels;
    std::string recipe;
    std::vector<std::string> warnings;
};

Workspace::Workspace(jobs::EngineSource engine, const AppSettings& settings, QObject* parent)
    : QObject(parent), m_settings(settings), m_queue(std::make_unique<jobs::JobQueue>(std::move(engine))),
      m_models(std::make_unique<ModelList>(m_queue->worker()))
{
    m_models->setSources(modelSources(settings));
    m_session = std::make_unique<GenerationSession>(*m_queue, *m_models, settings);
    m_expansion = std::make_unique<ExpansionSession>(m_queue->worker(), *m_session);
    m_expansion->setFolders(expansionFolders(settings));
    connect(m_session.get(), &GenerationSession::noticed, this, &Workspace::noticed);
    connect(m_expansion.get(), &ExpansionSession::failed, this, [this](const Error& error) {
        Q_EMIT noticed({ Notice::Topic::Expansion, Notice::Severity::Error, error, {}, 0 });
    });
    connect(m_expansion.get(), &ExpansionSession::nothingToAdd, this, [this] {
        Q_EMIT noticed({ Notice::Topic::NothingToAdd, Notice::Severity::Information, std::nullopt, {}, 0 });
    });
    connect(m_session.get(), &GenerationSession::pictureMade, this, [this](const imaging::Raster& picture, const std::string& recipe) {
        auto document = std::make_unique<document::Document>(picture, tr("Untitled"));
        document::ContentEditor(*document).setLayerRecipe(document->backgroundLayer(), recipe);
        document->undoStack().resetClean();
        replaceDocument(std::move(document), GenerationSession::Strip::CarryOn);
    });
    connect(m_models.get(), &ModelList::described, this, [this](const QString& path) {
        const ModelEntry* model = m_models->find(path);
        if (model && model->error) Q_EMIT noticed({ Notice::Topic::Model, Notice::Severity::Error, model->error, path, 0 });
    });
}

Workspace::~Workspace()
{
    finishFileTasks();
    m_expansion.reset();
    m_session.reset();
    m_models.reset();
    m_queue.reset();
}

void Workspace::openPicture(const QString& path)
{
    const std::uint64_t request = ++m_openRequest;
    beginFileTask();
    m_tasks.run([path]() -> Result<OpenedPicture> {
        Result<document::Picture> picture = document::readPicture(library::toFilePath(path));
        if (!picture) return picture.error();
        return OpenedPicture{ imaging::Raster::fromImage(picture->image.view()), recipeJob(picture->recipe), std::move(picture->warnings) }; },
        [this, path, request](const Result<OpenedPicture>& picture) {
            endFileTask();
            if (request == m_openRequest) showOpened(path, picture);
        });
}

void Workspace::showOpened(const QString& path, const Result<OpenedPicture>& picture)
{
    if (!picture) {
        Q_EMIT noticed({ Notice::Topic::OpenPicture, Notice::Severity::Error, picture.error(), path, 0 });
        return;
    }
    auto document = std::make_unique<document::Document>(picture->pixels, QFileInfo(path).fileName());
    document->setPath(path);
    replaceDocument(std::move(document), GenerationSession::Strip::Clear);
    for (const std::string& warning : picture->warnings) {
        Q_EMIT noticed({ Notice::Topic::PictureWarning, Notice::Severity::Warning, Error{ ErrorCode::FileUnreadable, warning, {} }, path, 0 });
    }
    if (!picture->recipe.empty()) Q_EMIT recipeFound(picture->recipe);
}

void Workspace::setPicture(const imaging::Raster& picture, const QString& name)
{
    ++m_openRequest;
    auto document = std::make_unique<document::Document>(picture, name);
    document->undoStack().resetClean();
    replaceDocument(std::move(document), GenerationSession::Strip::Clear);
}

void Workspace::exportPicture(const QString& path, const ExportOptions& options)
{
    if (!m_document) return;
    const auto format = document::formatFromExtension(QFileInfo(path).suffix().toStdString());
    if (!format || !document::isWritable(*format)) {
        Q_EMIT noticed({ Notice::Topic::Export, Notice::Severity::Error, unknownFormat(path), path, 0 });
        return;
    }
    document::PictureEncoding encoding;
    encoding.format = *format;
    encoding.quality = options.quality;
    if (options.withRecipe) encoding.recipe = pictureRecipe(m_document->content().layers.front().recipe, m_document->extent());
    const auto existing = options.replaceExisting ? document::ExistingFile::Replace : document::ExistingFile::Keep;
    const std::uint64_t revision = m_document->revision();
    beginFileTask();
    m_tasks.run([path, encoding, existing, picture = m_document->picture()] { return document::writePicture(library::toFilePath(path), picture.toImage().view(), encoding, existing); },
        [this, path, revision](const Result<void>& written) {
            endFileTask();
            if (!written) {
                Q_EMIT noticed({ Notice::Topic::Export, Notice::Severity::Error, written.error(), path, 0 });
                return;
            }
            if (m_document && m_document->revision() == revision) m_document->markSaved();
            Q_EMIT noticed({ Notice::Topic::Exported, Notice::Severity::Information, std::nullopt, path, 0 });
        });
}

void Workspace::saveJob(const QString& path)
{
    const Variation* selected = m_session->gallery().at(m_session->selectedRow());
    const auto run = selected ? selected->run
                              : std::make_shared<const GenerationRun>(presentRun(m_session->presentJob(), m_document.get(), m_models->find(m_settings.model), m_settings));
    const int imageIndex = selected ? selected->imageIndex : 0;
    beginFileTask();
    m_tasks.run([path, run, imageIndex] { return writeJobFiles(library::toFilePath(path), *run, imageIndex); },
        [this, path](const Result<void>& written) {
            endFileTask();
            if (written) Q_EMIT noticed({ Notice::Topic::JobSaved, Notice::Severity::Information, std::nullopt, path, 0 });
            else
                Q_EMIT noticed({ Notice::Topic::SaveJob, Notice::Severity::Error, written.error(), path, 0 });
        });
}

void Workspace::setAppSettings(const AppSettings& settings)
{
    if (settings == m_settings) return;
    const AppSettings before = std::exchange(m_settings, settings);
    if (modelSources(settings) != modelSources(before)) m_models->setSources(modelSources(settings));
    m_session->setAppSettings(settings);
    if (expansionFolders(settings) != expansionFolders(before)) m_expansion->setFolders(expansionFolders(settings));
    describeModelInUse();
    Q_EMIT appSettingsChanged();
}

void Workspace::setCompanions(const CompanionLookup& companions) { m_session->setCompanions(companions); }

void Workspace::chooseModel(const QString& path)
{
    AppSettings settings = m_settings;
    const QString absolute = QFileInfo(path).absoluteFilePath();
    if (m_models->rowOf(absolute) < 0) settings.chosenModels.append(absolute);
    settings.model = absolute;
    setAppSettings(settings);
}

void Workspace::describeModelInUse()
{
    const ModelEntry* model = m_models->find(m_settings.model);
    if (model && !model->info) m_models->describe(model->path);
}

void Workspace::replaceDocument(std::unique_ptr<document::Document> document, GenerationSession::Strip strip)
{
    Q_EMIT documentAboutToBeReplaced();
    m_session->setDocument(document.get(), strip);
    m_document = std::move(document);
    Q_EMIT documentReplaced();
}

void Workspace::beginFileTask()
{
    if (++m_fileTasks == 1) Q_EMIT fileActivityChanged();
}

void Workspace::endFileTask()
{
    if (--m_fileTasks == 0) Q_EMIT fileActivityChanged();
}

// Tasks run one after the other, so the end of one more is the end of all before it.
void Workspace::finishFileTasks()
{
    const auto last = std::make_shared<std::promise<void>>();
    const auto receiveNothing = [](bool) {};
    m_tasks.run([last] {
        last->set_value();
        return true;
    },
        receiveNothing);
    last->get_future().wait();
}

} // namespace sfumato::workspace
