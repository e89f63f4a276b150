// SPDX-License-Identifier: Apache-2.0
#include "ui/window/file_intake.h"

#include "core/workspace/prompt/prompt_triggers.h"
#include "ui/docks/control/control_panel.h"
#include "ui/docks/lora/lora_texts.h"
#include "ui/files/file_card_dialog.h"
#include "ui/window/notice_text.h"

#include <QFileInfo>

#include <algorithm>
#include <utility>

namespace sfumato::ui {

namespace {

using engine::FileKind;
using Target = IntakePlace::Target;

bool isModel(FileKind kind) { return kind == FileKind::Checkpoint || kind == FileKind::Unet; }

// Two sentences; the second may be empty.
QString joined(const QString& first, const QString& second) { return second.isEmpty() ? first : first + QLatin1Char(' ') + second; }

bool isControl(FileKind kind)
{
    library::ControlModel model;
    model.kind = kind;
    return model.isControl();
}

} // namespace

FileIntake::FileIntake(workspace::Workspace& workspace, const IntakeParts& parts, QWidget& window) : QObject(&window), m_workspace(workspace), m_parts(parts), m_window(window) { }

void FileIntake::take(const QStringList& paths, const IntakePlace& place)
{
    auto batch = std::make_shared<Batch>();
    IntakePlace next = place;
    for (const QString& path : paths) {
        m_tasks.run([path] { return library::lookAtHandedFile(path); }, [this, next, batch](const library::HandedFile& handed) { receive(handed, next, *batch); });
        if (next.target == Target::LoraStack && next.position >= 0) ++next.position;
    }
}

void FileIntake::receive(const library::HandedFile& handed, IntakePlace place, Batch& batch)
{
    switch (handed.kind) {
    case library::HandedKind::Picture:
        if (std::exchange(batch.hasPicture, true)) return;
        if (m_openPicture) m_openPicture(handed.path);
        break;
    case library::HandedKind::Model: receiveModelFile(handed, place); break;
    case library::HandedKind::Folder: receiveFolder(handed.path); break;
    case library::HandedKind::Refused:
        m_parts.canvas.messages().show(messageFor({ workspace::Notice::Topic::Model, workspace::Notice::Severity::Error, handed.refusal, handed.path, 0 }));
        break;
    }
}

void FileIntake::receiveModelFile(const library::HandedFile& handed, const IntakePlace& place)
{
    const engine::FileDescription& file = handed.description;
    if (!file.foreignFamily.empty()) say(handed, leftText(file));
    else if (file.kind == FileKind::Lora)
        addLora(handed, place);
    else if (isModel(file.kind))
        useModel(handed, place);
    else if (file.kind == FileKind::Embedding)
        addEmbedding(handed, place);
    else if (file.kind == FileKind::Vae)
        useVae(handed);
    else if (isControl(file.kind))
        addControl(handed, place);
    else
        say(handed, leftText(file));
}

void FileIntake::receiveFolder(const QString& path)
{
    const MessageAction use{ tr("Use as LoRA folder"), [this, path] {
                                if (m_useFolder) m_useFolder(path);
                            } };
    m_parts.canvas.messages().show({ Severity::Information, tr("%1 is a folder. It is no model by itself, but the LoRA files in it can be used.").arg(QFileInfo(path).fileName()), {}, { use } });
}

void FileIntake::addLora(const library::HandedFile& handed, const IntakePlace& place)
{
    const QString path = QFileInfo(handed.path).absoluteFilePath();
    QStringList triggers;
    for (const std::string& trigger : handed.description.triggerWords) triggers.append(QString::fromStdString(trigger));
    double weight = workspace::kNewLoraWeight;
    if (const library::LibraryEntryPointer entry = m_parts.library.find(path)) {
        triggers = entry->triggerWords;
        weight = entry->preferredWeight.value_or(weight);
    }
    const int row = m_parts.loraDock.stackModel().add(path, weight, triggers, place.target == Target::LoraStack ? place.position : -1);
    m_parts.loraDock.stack().setCurrent(row);
    m_parts.library.noteUse(path);
    if (place.target == Target::LoraStack) return;
    const MessageAction show{ tr("Show LoRAs"), [this] {
                                 m_parts.loraDock.show();
                                 m_parts.loraDock.raise();
                             } };
    say(handed, joined(tr("It was added to the LoRAs in use."), misfitOf(handed.description)), show);
}

void FileIntake::useModel(const library::HandedFile& handed, const IntakePlace& place)
{
    m_workspace.chooseModel(QFileInfo(handed.path).absoluteFilePath());
    if (place.target != Target::ModelRow) say(handed, tr("It is the model in use from now on."));
}

void FileIntake::addEmbedding(const library::HandedFile& handed, const IntakePlace& place)
{
    workspace::GenerationSession& session = m_workspace.session();
    workflow::JobDescription job = session.job();
    const QFileInfo file(handed.path);
    const QString word = file.completeBaseName();
    const std::string path = file.absoluteFilePath().toStdString();
    const auto isSame = [&path](const workflow::EmbeddingReference& known) { return known.path == path; };
    if (std::none_of(job.embeddings.begin(), job.embeddings.end(), isSame)) job.embeddings.push_back({ path, word.toStdString() });
    const qsizetype position = place.target == Target::Prompt && place.position >= 0 ? place.position : m_parts.generateDock.promptCursor();
    job.prompt = workspace::withTrigger(QString::fromStdString(job.prompt), word, position).toStdString();
    session.setJob(job);
    const QString misfit = misfitOf(handed.description);
    if (place.target == Target::Prompt && misfit.isEmpty()) return;
    say(handed, joined(tr("Its word \"%1\" is in the prompt now.").arg(word), misfit));
}

void FileIntake::addControl(const library::HandedFile& handed, const IntakePlace& place)
{
    m_parts.generateDock.controlPanel().addModelFile(QFileInfo(handed.path).absoluteFilePath());
    if (place.target == Target::Control) return;
    const MessageAction open{ tr("Open Control"), [this] { m_parts.generateDock.showControls(); } };
    say(handed, tr("It was added to Control."), open);
}

void FileIntake::useVae(const library::HandedFile& handed)
{
    if (!handed.description.variant.empty()) {
        say(handed, tr("It is of another build than those of Stable Diffusion and was left where it is."));
        return;
    }
    const auto set = [this](const std::string& path) {
        workflow::JobDescription job = m_workspace.session().job();
        job.vae = path;
        m_workspace.session().setJob(job);
    };
    const std::string before = m_workspace.session().job().vae;
    set(QFileInfo(handed.path).absoluteFilePath().toStdString());
    say(handed, tr("It makes the pictures from now on, instead of the VAE in the model."), MessageAction{ tr("Take back"), [set, before] { set(before); } });
}

void FileIntake::say(const library::HandedFile& handed, const QString& outcome, const std::optional<MessageAction>& action)
{
    std::vector<MessageAction> actions;
    if (action) actions.push_back(*action);
    actions.push_back({ tr("About this file…"), [this, path = handed.path] { showCard(path); } });
    m_parts.canvas.messages().show({ Severity::Information, whatText(handed.description, QFileInfo(handed.path).fileName()) + QLatin1Char(' ') + outcome, {}, actions });
}

void FileIntake::showCard(const QString& path)
{
    const workspace::ModelEntry* model = m_workspace.models().find(m_workspace.appSettings().model);
    (new FileCardDialog(path, model ? CardModel{ model->path, model->name } : CardModel(), &m_window))->show();
}

void FileIntake::showModelCard()
{
    if (const workspace::ModelEntry* model = m_workspace.models().find(m_workspace.appSettings().model)) showCard(model->path);
}

engine::ModelFamily FileIntake::familyInUse() const
{
    const workspace::ModelEntry* model = m_workspace.models().find(m_workspace.appSettings().model);
    return model && model->info ? model->info->family : engine::ModelFamily::Unknown;
}

QString FileIntake::misfitOf(const engine::FileDescription& file) const { return misfitText(file.family, familyInUse()); }

} // namespace sfumato::ui
