// SPDX-License-Identifier: Apache-2.0
#include "ui/window/lora_actions.h"

#include "core/library/model_folders.h"
#include "core/workspace/prompt/prompt_triggers.h"
#include "ui/docks/lora/lora_filters.h"
#include "ui/docks/lora/lora_notes_dialog.h"
#include "ui/docks/lora/lora_texts.h"
#include "ui/docks/lora/lora_view.h"
#include "ui/files/fault_text.h"
#include "ui/window/notice_text.h"

#include <QDesktopServices>
#include <QDir>
#include <QFileInfo>
#include <QMenu>
#include <QPointer>
#include <QUrl>

#include <algorithm>

namespace sfumato::ui {

namespace {

constexpr double kWeightStep = 0.05;

// Where LoRAs and embeddings lie below a folder of models.
QStringList libraryFoldersOf(const QString& models)
{
    QStringList folders;
    for (const QString& name : { QStringLiteral("loras"), QStringLiteral("embeddings") }) {
        const QString folder = QDir(models).filePath(name);
        if (!models.isEmpty() && QFileInfo(folder).isDir()) folders.append(folder);
    }
    return folders;
}

void popUp(QWidget& parent, const QList<QAction*>& actions, const QPoint& globalPos)
{
    auto* menu = new QMenu(&parent);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions(actions);
    menu->popup(globalPos);
}

} // namespace

LoraActions::LoraActions(workspace::Workspace& workspace, ActionRegistry& actions, const LoraParts& parts, const Prompts& prompts, QWidget& window)
    : QObject(&window), m_workspace(workspace), m_actions(actions), m_parts(parts), m_prompts(prompts), m_window(window)
{
    connectFileActions();
    connectStackActions();
    connectDock();
    m_parts.dock.browser().applyLook(workspace.appSettings().loraBrowser);
    m_modelInUse = workspace.appSettings().model;
    connect(&workspace, &workspace::Workspace::appSettingsChanged, this, [this] {
        watchFolders();
        if (m_modelInUse == m_workspace.appSettings().model) return;
        m_modelInUse = m_workspace.appSettings().model;
        m_parts.dock.stackModel().clearReports();
    });
    connect(&workspace, &workspace::Workspace::noticed, this, &LoraActions::explain);
    watchFolders();
    refreshConditions();
}

void LoraActions::connectFileActions()
{
    LoraBrowser& browser = m_parts.dock.browser();
    const auto on = [this](ActionId id, auto run) { connect(&m_actions.action(id), &QAction::triggered, this, run); };
    on(ActionId::ShowLoras, [this] { m_parts.dock.focusSearch(); });
    on(ActionId::LoraAdd, [this, &browser] {
        if (const auto entry = browser.current()) add(*entry);
    });
    on(ActionId::LoraTriggers, [this] { insertTriggers(); });
    on(ActionId::LoraStar, [this, &browser] {
        if (const auto entry = browser.current()) m_parts.library.index.setStarred(entry->path, !entry->isStarred);
    });
    on(ActionId::LoraPicture, [this] { setPicture(); });
    on(ActionId::LoraEdit, [this] { editNotes(); });
    on(ActionId::LoraCard, [this, &browser] {
        if (const auto entry = browser.current()) Q_EMIT cardRequested(entry->path);
    });
    on(ActionId::LoraSimilar, [&browser] {
        if (const auto entry = browser.current()) browser.filters().showSimilar(*entry);
    });
    on(ActionId::LoraShowFile, [this] { showFile(); });
    on(ActionId::LoraFolder, [this] { chooseFolder(); });
    on(ActionId::LoraRescan, [this] { m_parts.library.index.rescan(); });
}

void LoraActions::connectStackActions()
{
    workspace::LoraStackModel& model = m_parts.dock.stackModel();
    const auto onRow = [this](ActionId id, auto run) {
        connect(&m_actions.action(id), &QAction::triggered, this, [this, run] {
            if (const int row = m_parts.dock.stack().current(); row >= 0) run(row);
        });
    };
    onRow(ActionId::LoraMoveUp, [&model](int row) { model.move(row, row - 1); });
    onRow(ActionId::LoraMoveDown, [&model](int row) { model.move(row, row + 1); });
    onRow(ActionId::LoraSolo, [&model](int row) { model.solo(row); });
    onRow(ActionId::LoraRemove, [&model](int row) { model.remove(row); });
    onRow(ActionId::LoraCompare, [this](int) { compareWeights(); });
}

void LoraActions::connectDock()
{
    LoraBrowser& browser = m_parts.dock.browser();
    LoraStack& stack = m_parts.dock.stack();
    connect(&browser, &LoraBrowser::chosen, this, [this](const library::LibraryEntryPointer& entry) { add(*entry); });
    connect(&browser, &LoraBrowser::weightStepRequested, this, &LoraActions::stepWeight);
    connect(&browser, &LoraBrowser::menuRequested, this, &LoraActions::showCardMenu);
    connect(&browser, &LoraBrowser::folderRequested, this, &LoraActions::chooseFolder);
    connect(&browser, &LoraBrowser::folderUnwanted, this, [this](const QString& folder) {
        workspace::AppSettings settings = m_workspace.appSettings();
        settings.loraFolders.removeAll(folder);
        m_workspace.setAppSettings(settings);
    });
    connect(&browser, &LoraBrowser::folderOpenRequested, this, [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(m_workspace.appSettings().loraFolders.value(0))); });
    connect(&browser, &LoraBrowser::currentChanged, this, &LoraActions::refreshConditions);
    connect(&browser, &LoraBrowser::lookChanged, this, [this](const workspace::LoraBrowserLook& look) {
        workspace::AppSettings settings = m_workspace.appSettings();
        settings.loraBrowser = look;
        m_workspace.setAppSettings(settings);
    });
    connect(&stack, &LoraStack::menuRequested, this, &LoraActions::showStackMenu);
    connect(&stack, &LoraStack::currentChanged, this, &LoraActions::refreshConditions);
    connect(&stack, &LoraStack::triggerClicked, this, [this](int row, const QString& trigger) { m_parts.dock.stackModel().toggleTrigger(row, trigger, m_parts.generateDock.promptCursor()); });
}

void LoraActions::watchFolders()
{
    const workspace::AppSettings& settings = m_workspace.appSettings();
    QStringList folders = settings.loraFolders;
    for (const QString& models : { settings.installedModelsFolder, settings.userModelsFolder }) folders.append(libraryFoldersOf(models));
    if (folders == m_folders) return;
    m_folders = folders;
    m_parts.library.index.setFolders(folders);
}

void LoraActions::refreshConditions()
{
    Conditions holding;
    holding.setFlag(Condition::HasLoraFile, m_parts.dock.browser().current() != nullptr);
    holding.setFlag(Condition::HasLora, m_parts.dock.stack().current() >= 0);
    m_actions.setConditions(Condition::HasLoraFile | Condition::HasLora, holding);
}

QString LoraActions::pathOf(const QString& fileName) const
{
    for (const library::LibraryEntryPointer& entry : m_parts.library.index.entries()) {
        const bool isNamed = entry->path.endsWith(fileName) && QFileInfo(entry->path).fileName() == fileName;
        if (isNamed && entry->broken.isEmpty() && entry->kind == engine::FileKind::Lora) return entry->path;
    }
    return {};
}

void LoraActions::add(const library::LibraryEntry& entry, int place)
{
    if (!entry.broken.isEmpty()) {
        m_parts.canvas.messages().show({ Severity::Error, tr("%1 cannot be used.").arg(entry.name), faultText(entry.broken), {} });
        return;
    }
    const int row = m_parts.dock.stackModel().add(entry.path, entry.preferredWeight.value_or(workspace::kNewLoraWeight), entry.triggerWords, place);
    m_parts.dock.stack().setCurrent(row);
    m_parts.library.index.noteUse(entry.path);
}

void LoraActions::insertTriggers()
{
    const auto entry = m_parts.dock.browser().current();
    if (!entry) return;
    workspace::LoraStackModel& stack = m_parts.dock.stackModel();
    workspace::GenerationSession& session = m_workspace.session();
    for (const QString& trigger : entry->triggerWords) {
        const QString prompt = QString::fromStdString(session.job().prompt);
        if (workspace::holdsTrigger(prompt, trigger)) continue;
        if (const int row = stack.rowOf(entry->path); row >= 0) {
            stack.toggleTrigger(row, trigger, m_parts.generateDock.promptCursor());
        } else {
            workflow::JobDescription job = session.job();
            job.prompt = workspace::withTrigger(prompt, trigger, m_parts.generateDock.promptCursor()).toStdString();
            session.setJob(job);
        }
    }
}

void LoraActions::setPicture()
{
    const auto entry = m_parts.dock.browser().current();
    const workspace::GenerationSession& session = m_workspace.session();
    const workspace::Variation* shown = m_workspace.session().gallery().at(session.selectedRow());
    if (!entry || !shown || !shown->isFinished()) return;
    m_tasks.run([placed = shown->placed, run = shown->run] { return workspace::toQImage(placed->picture.toImage(run->placement.crop.intersected(placed->picture.bounds())).view()); },
        [this, path = entry->path](const QImage& picture) { storePicture(path, picture, document::ExistingFile::Keep); });
}

void LoraActions::storePicture(const QString& path, const QImage& picture, document::ExistingFile existing)
{
    m_parts.library.index.setPreview(path, picture, existing, [this, path, picture, existing](const Result<library::EditOutcome>& outcome) {
        if (outcome || outcome.error().code != ErrorCode::InvalidRequest || existing == document::ExistingFile::Replace) {
            tellKept(outcome);
            return;
        }
        const Question question{ tr("Replace the picture"), tr("%1 has a preview picture already. Replace it?").arg(QFileInfo(path).completeBaseName()), { tr("Replace"), tr("Cancel") } };
        m_prompts.questions.ask(m_window, question, [this, path, picture](int answer) {
            if (answer == 0) storePicture(path, picture, document::ExistingFile::Replace);
        });
    });
}

void LoraActions::editNotes()
{
    const auto entry = m_parts.dock.browser().current();
    if (!entry) return;
    m_parts.library.index.readDetails(entry->path, [self = QPointer(this), entry](const Result<library::FileDetails>& details) {
        if (!self) return;
        auto* dialog = new LoraNotesDialog(*entry, details ? *details : library::FileDetails(), &self->m_window);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &QDialog::accepted, self, [self, dialog, path = entry->path] {
            const library::SidecarEdit edit = dialog->edit();
            if (edit.isEmpty()) return;
            self->m_parts.library.index.edit(path, edit, [self](const Result<library::EditOutcome>& outcome) {
                if (self) self->tellKept(outcome);
            });
        });
        dialog->open();
    });
}

// A run that failed for one LoRA says which, and offers to go on without it.
void LoraActions::explain(const workspace::Notice& notice)
{
    if (notice.topic != workspace::Notice::Topic::Generate || m_parts.dock.stackModel().rowOf(notice.path) < 0) return;
    Message message = messageFor(notice);
    message.actions.push_back({ tr("Remove and run"), [this, path = notice.path] {
                                   workspace::LoraStackModel& stack = m_parts.dock.stackModel();
                                   if (const int row = stack.rowOf(path); row >= 0) stack.remove(row);
                                   m_workspace.session().generate();
                               } });
    m_parts.canvas.messages().show(message);
}

void LoraActions::tellKept(const Result<library::EditOutcome>& outcome)
{
    if (!outcome) {
        m_parts.canvas.messages().show(messageFor({ workspace::Notice::Topic::LoraEdit, workspace::Notice::Severity::Error, outcome.error(), {}, 0 }));
    } else if (outcome->keptIn == library::KeptIn::Database) {
        m_parts.canvas.messages().show({ Severity::Information, tr("Nothing can be written beside the file, so this program alone remembers it."), outcome->reason, {} });
    }
}

void LoraActions::showFile()
{
    if (const auto entry = m_parts.dock.browser().current()) QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(entry->path).path()));
}

void LoraActions::chooseFolder()
{
    const QString start = m_workspace.appSettings().loraFolders.value(0, QDir::homePath());
    m_prompts.files.askForFolder(m_window, { tr("Choose a LoRA folder, or the folder of A1111, Forge, ComfyUI or SwarmUI"), start, {}, {} }, [this](const QString& path) { useFolder(path); });
}

void LoraActions::useFolder(const QString& path)
{
    workspace::AppSettings settings = m_workspace.appSettings();
    for (const library::ModelFolder& folder : library::recognisedModelFolders(path)) {
        if (!settings.loraFolders.contains(folder.path)) settings.loraFolders.append(folder.path);
    }
    m_workspace.setAppSettings(settings);
    m_parts.dock.focusSearch();
}

void LoraActions::compareWeights()
{
    const workspace::LoraStackModel& stack = m_parts.dock.stackModel();
    const int row = m_parts.dock.stack().current();
    std::size_t compared = 0;
    for (int i = 0; i < row; ++i) compared += stack.at(i).isOn ? 1U : 0U;
    m_parts.canvas.messages().dismiss();
    m_workspace.session().compareLora(stack.active(row), compared, stack.at(row).name());
    m_parts.canvas.view().setFocus(Qt::OtherFocusReason);
}

void LoraActions::stepWeight(const QString& path, int steps)
{
    workspace::LoraStackModel& stack = m_parts.dock.stackModel();
    if (const int row = stack.rowOf(path); row >= 0) stack.setWeight(row, stack.at(row).lora.scale + steps * kWeightStep);
}

void LoraActions::showCardMenu(const QPoint& globalPos)
{
    QList<QAction*> actions;
    for (const ActionId id : { ActionId::LoraAdd, ActionId::LoraTriggers, ActionId::LoraStar, ActionId::LoraPicture, ActionId::LoraEdit, ActionId::LoraCard, ActionId::LoraSimilar, ActionId::LoraShowFile }) actions.append(&m_actions.action(id));
    popUp(m_parts.dock, actions, globalPos);
}

void LoraActions::showStackMenu(const QPoint& globalPos)
{
    QList<QAction*> actions;
    for (const ActionId id : { ActionId::LoraCompare, ActionId::LoraSolo, ActionId::LoraMoveUp, ActionId::LoraMoveDown, ActionId::LoraRemove }) actions.append(&m_actions.action(id));
    popUp(m_parts.dock, actions, globalPos);
}

} // namespace sfumato::ui
