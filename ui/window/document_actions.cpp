// SPDX-License-Identifier: Apache-2.0
#include "ui/window/document_actions.h"

#include "core/document/commands.h"
#include "core/library/files/model_path.h"
#include "core/workflow/job_json.h"
#include "core/workspace/decoder_files.h"
#include "core/workspace/recipe.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/window/notice_text.h"

#include <QClipboard>
#include <QDir>
#include <QFileInfo>
#include <QGuiApplication>
#include <QImage>
#include <QMimeData>

#include <algorithm>

namespace sfumato::ui {

namespace {

imaging::Raster rasterOf(const QImage& image)
{
    const QImage pixels = image.convertToFormat(QImage::Format_RGBA8888);
    const ImageView view{ reinterpret_cast<const std::byte*>(pixels.constBits()), { pixels.width(), pixels.height() }, PixelFormat::Rgba8, pixels.bytesPerLine() };
    return imaging::Raster::fromImage(view);
}

} // namespace

DocumentActions::DocumentActions(workspace::Workspace& workspace, ActionRegistry& actions, CanvasArea& canvas, const Prompts& prompts, QWidget& window)
    : QObject(&window), m_workspace(workspace), m_actions(actions), m_canvas(canvas), m_prompts(prompts), m_window(window)
{
    m_receive = [](const QStringList&, const IntakePlace&) {};
    connectFileActions();
    connectEditActions();
    connectMaskActions();
    connect(&m_workspace, &workspace::Workspace::noticed, this, &DocumentActions::show);
    connect(&m_workspace, &workspace::Workspace::recipeFound, this, &DocumentActions::offerRecipe);
    connect(&m_canvas, &CanvasArea::pathsDropped, this, [this](const QStringList& paths) { m_receive(paths, {}); });
    connect(&m_canvas, &CanvasArea::pictureDropped, this, &DocumentActions::openImage);
}

void DocumentActions::connectFileActions()
{
    connect(&m_actions.action(ActionId::Open), &QAction::triggered, this, &DocumentActions::openPicture);
    connect(&m_actions.action(ActionId::Export), &QAction::triggered, this, &DocumentActions::exportPicture);
    connect(&m_actions.action(ActionId::SaveJob), &QAction::triggered, this, &DocumentActions::saveJob);
    connect(&m_actions.action(ActionId::Quit), &QAction::triggered, &m_window, &QWidget::close);
}

void DocumentActions::connectEditActions()
{
    connect(&m_actions.action(ActionId::Undo), &QAction::triggered, this, [this] {
        if (!m_canvas.controller().cancelGesture()) m_workspace.document()->undoStack().undo();
    });
    connect(&m_actions.action(ActionId::Redo), &QAction::triggered, this, [this] {
        if (!m_canvas.controller().isGestureOn()) m_workspace.document()->undoStack().redo();
    });
    connect(&m_actions.action(ActionId::Copy), &QAction::triggered, this, &DocumentActions::copyPicture);
    connect(&m_actions.action(ActionId::Paste), &QAction::triggered, this, &DocumentActions::paste);
}

void DocumentActions::connectMaskActions()
{
    using Make = std::unique_ptr<document::DocumentCommand> (*)(document::Document&);
    const auto connectCommand = [this](ActionId id, Make make) {
        connect(&m_actions.action(id), &QAction::triggered, this, [this, make] {
            m_canvas.controller().cancelGesture();
            document::Document& document = *m_workspace.document();
            document.push(make(document));
        });
    };
    connectCommand(ActionId::MaskAll, document::fillMaskCommand);
    connectCommand(ActionId::MaskClear, document::clearMaskCommand);
    connectCommand(ActionId::MaskInvert, document::invertMaskCommand);
}

void DocumentActions::rememberFolder(QString workspace::AppSettings::*folder, const QString& path)
{
    workspace::AppSettings settings = m_workspace.appSettings();
    settings.*folder = QFileInfo(path).absolutePath();
    m_workspace.setAppSettings(settings);
}

void DocumentActions::proceedUnlessChanged(std::function<void()> proceed)
{
    const document::Document* document = m_workspace.document();
    if (!document || document->isClean()) {
        proceed();
        return;
    }
    const Question question{ tr("Not exported yet"), tr("%1 has changes that were not exported. Export them first?").arg(document->name()), { tr("Export…"), tr("Discard changes"), tr("Cancel") } };
    m_prompts.questions.ask(m_window, question, [this, proceed = std::move(proceed)](int answer) {
        if (answer == 0) exportPicture();
        if (answer == 1) proceed();
    });
}

void DocumentActions::openPicture()
{
    const QString folder = m_workspace.appSettings().pictureFolder.isEmpty() ? QDir::homePath() : m_workspace.appSettings().pictureFolder;
    const FileQuestion question{ tr("Open picture"), folder, { tr("Pictures (*.png *.jpg *.jpeg *.webp *.gif *.avif *.bmp)"), tr("All files (*)") }, {} };
    m_prompts.files.askForOpening(m_window, question, [this](const QString& path) { m_receive({ path }, {}); });
}

void DocumentActions::openPicturePath(const QString& path)
{
    proceedUnlessChanged([this, path] {
        rememberFolder(&workspace::AppSettings::pictureFolder, path);
        m_workspace.openPicture(path);
    });
}

void DocumentActions::openImage(const QImage& image)
{
    proceedUnlessChanged([this, image] {
        m_tasks.run([image] { return rasterOf(image); }, [this](const imaging::Raster& picture) { m_workspace.setPicture(picture, tr("Pasted picture")); });
    });
}

void DocumentActions::chooseModelFile()
{
    const FileQuestion question{ tr("Choose a model file"), QDir::homePath(), { tr("Models (*.safetensors)") }, {} };
    m_prompts.files.askForOpening(m_window, question, [this](const QString& path) { m_receive({ path }, { IntakePlace::Target::ModelRow, -1 }); });
}

void DocumentActions::chooseModelFolder()
{
    m_prompts.files.askForFolder(m_window, { tr("Choose a diffusers folder"), QDir::homePath(), {}, {} },
        [this](const QString& path) { m_receive({ path }, { IntakePlace::Target::ModelRow, -1 }); });
}

void DocumentActions::paste()
{
    const QMimeData* mime = QGuiApplication::clipboard()->mimeData();
    if (mime && m_canvas.accept(*mime)) return;
    m_canvas.messages().show({ Severity::Information, tr("There is no picture on the clipboard."), {}, {} });
}

void DocumentActions::copyPicture()
{
    m_tasks.run([picture = m_workspace.document()->picture()] { return workspace::toQImage(picture.toImage().view()); }, [](const QImage& image) { QGuiApplication::clipboard()->setImage(image); });
}

void DocumentActions::exportPicture()
{
    auto* dialog = new ExportDialog(m_workspace.appSettings().writesRecipe, &m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        const ExportChoice choice = dialog->choice();
        const document::Document* document = m_workspace.document();
        if (!document) return;
        const QString folder = m_workspace.appSettings().exportFolder.isEmpty() ? QDir::homePath() : m_workspace.appSettings().exportFolder;
        const QString name = QFileInfo(document->name()).completeBaseName() + QLatin1Char('.') + choice.suffix;
        const QString filter = choice.suffix == QLatin1String("png") ? tr("PNG pictures (*.png)") : tr("JPEG pictures (*.jpg *.jpeg)");
        m_prompts.files.askForSaving(m_window, { tr("Export picture"), QDir(folder).filePath(name), { filter }, choice.suffix }, [this, choice](const QString& path) {
            rememberFolder(&workspace::AppSettings::exportFolder, path);
            m_workspace.exportPicture(path, choice.options);
        });
    });
    dialog->open();
}

void DocumentActions::saveJob()
{
    const QString folder = m_workspace.appSettings().exportFolder.isEmpty() ? QDir::homePath() : m_workspace.appSettings().exportFolder;
    const FileQuestion question{ tr("Save as job file"), QDir(folder).filePath(QStringLiteral("job.json")), { tr("Job files (*.json)") }, QStringLiteral("json") };
    m_prompts.files.askForSaving(m_window, question, [this](const QString& path) { m_workspace.saveJob(path); });
}

void DocumentActions::offerRecipe(const std::string& jobJson)
{
    auto parsed = workflow::parseRecipe(jobJson, "recipe");
    if (!parsed) return;
    const auto usePrompt = [this, job = parsed->job] {
        workflow::JobDescription present = m_workspace.session().job();
        present.prompt = job.prompt;
        present.negativePrompt = job.negativePrompt;
        m_workspace.session().setJob(present);
    };
    const auto useAll = [this, job = parsed->job] { useRecipe(job); };
    m_canvas.messages().show({ Severity::Information, tr("This picture carries the recipe it was made with."), {},
        { { tr("Use prompt"), usePrompt }, { tr("Use all settings"), useAll } } });
}

void DocumentActions::useRecipe(const workflow::JobDescription& recipe)
{
    workspace::RecipeFiles files;
    files.lora = m_findLora;
    files.model = [this](const QString& name) {
        const workspace::ModelEntry* entry = m_workspace.models().find(library::modelBaseName(name));
        return entry ? entry->path : QString();
    };
    files.vae = [this](const QString& name) {
        const QStringList found = workspace::findDecoderFiles(workspace::decoderFolders(m_workspace.appSettings())).all();
        const auto at = std::ranges::find_if(found, [&](const QString& path) { return QFileInfo(path).fileName() == name; });
        return at == found.end() ? QString() : *at;
    };
    const bool makesNewPicture = m_workspace.session().mode() == engine::GenerationMode::TextToImage;
    const workspace::AppliedRecipe applied = workspace::applyRecipe(m_workspace.session().job(), recipe, makesNewPicture, files);
    const workspace::ModelEntry* inUse = m_workspace.models().find(m_workspace.appSettings().model);
    if (!applied.model.isEmpty() && (!inUse || inUse->path != applied.model)) m_workspace.chooseModel(applied.model);
    m_workspace.session().setJob(applied.job);

    QStringList said;
    if (!applied.missingModel.isEmpty()) said.append(tr("Not among your models, so the present one stays: %1").arg(applied.missingModel));
    if (!applied.missingVae.isEmpty()) said.append(tr("Not in your VAE folders, so the present one stays: %1").arg(applied.missingVae));
    if (!applied.missingRefiner.isEmpty()) said.append(tr("Not among your models, so there is no refiner: %1").arg(applied.missingRefiner));
    if (!applied.missingLoras.isEmpty()) said.append(tr("Not in your LoRA folders, so left out: %1").arg(applied.missingLoras.join(QStringLiteral(", "))));
    if (!said.isEmpty()) m_canvas.messages().show({ Severity::Warning, said.join(QLatin1Char('\n')), {}, {} });
}

void DocumentActions::show(const workspace::Notice& notice)
{
    Message message = messageFor(notice);
    using Topic = workspace::Notice::Topic;
    if (notice.topic == Topic::Model) message.actions.push_back({ tr("Choose another…"), [this] { chooseModelFile(); } });
    if (notice.topic == Topic::ResultHidden) {
        message.actions.push_back({ tr("Show"), [&gallery = m_workspace.session().gallery()] {
                                       for (int row = 0; row < gallery.rowCount(); ++row) gallery.setHidden(row, false);
                                   } });
        message.actions.push_back({ tr("Switch the filter off"), [this] { m_actions.action(ActionId::SafetyFilter).setChecked(false); } });
    }
    if (notice.topic == Topic::Export) message.actions.push_back({ tr("Export elsewhere…"), [this] { exportPicture(); } });
    m_canvas.messages().show(message);
}

} // namespace sfumato::ui
