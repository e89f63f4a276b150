// SPDX-License-Identifier: Apache-2.0
#include "ui/window/prompt_actions.h"

#include <QDir>

#include <algorithm>

namespace sfumato::ui {

using workspace::ExpansionSession;

PromptActions::PromptActions(workspace::Workspace& workspace, ActionRegistry& actions, GenerateDock& dock, library::LibraryIndex& library, FilePrompt& files, QWidget& window)
    : QObject(&window), m_workspace(workspace), m_actions(actions), m_dock(dock), m_library(library), m_files(files), m_window(window)
{
    connect(&actions.action(ActionId::ExpandPrompt), &QAction::triggered, this, &PromptActions::expand);
    connect(&actions.action(ActionId::ExpansionFolder), &QAction::triggered, this, &PromptActions::chooseFolder);
    connect(&workspace.expansion(), &ExpansionSession::changed, this, &PromptActions::refreshConditions);
    connect(&workspace.session(), &workspace::GenerationSession::jobChanged, this, &PromptActions::refreshConditions);
    connect(&library, &library::LibraryIndex::loaded, this, &PromptActions::refreshWords);
    connect(&library, &library::LibraryIndex::entriesChanged, this, &PromptActions::refreshWords);
    connect(&workspace.models(), &workspace::ModelList::described, this, &PromptActions::refreshWords);
    connect(&workspace, &workspace::Workspace::appSettingsChanged, this, &PromptActions::refreshWords);
    refreshConditions();
    refreshWords();
}

void PromptActions::expand()
{
    ExpansionSession& expansion = m_workspace.expansion();
    if (expansion.state() == ExpansionSession::State::Offered) expansion.expandAgain();
    else
        expansion.expand();
    m_dock.show();
    m_dock.raise();
}

void PromptActions::chooseFolder()
{
    const QString present = m_workspace.appSettings().expansionFolder;
    const QString title = tr("Choose the folder of a GPT-2 model that expands prompts");
    m_files.askForFolder(m_window, { title, present.isEmpty() ? QDir::homePath() : present, {}, {} }, [this](const QString& path) {
        workspace::AppSettings settings = m_workspace.appSettings();
        settings.expansionFolder = path;
        m_workspace.setAppSettings(settings);
        m_workspace.expansion().refreshModel();
    });
}

void PromptActions::refreshConditions()
{
    const ExpansionSession& expansion = m_workspace.expansion();
    const bool canExpand = expansion.state() != ExpansionSession::State::NotInstalled && expansion.state() != ExpansionSession::State::Working && expansion.hasPrompt();
    m_actions.setConditions(Condition::CanExpand, canExpand ? Conditions(Condition::CanExpand) : Conditions());
}

// Embeddings that work with the model in use. Of two files of one name the first counts, by path.
void PromptActions::refreshWords()
{
    const workspace::ModelEntry* model = m_workspace.models().find(m_workspace.appSettings().model);
    const engine::ModelFamily family = model && model->info ? model->info->family : engine::ModelFamily::Unknown;
    std::vector<workspace::KnownEmbedding> known;
    for (const library::LibraryEntryPointer& entry : m_library.entries()) {
        if (entry->kind != engine::FileKind::Embedding || !entry->broken.isEmpty()) continue;
        workspace::KnownEmbedding embedding{ entry->name, entry->path.toStdString(), entry->family, std::max(1, entry->rank) };
        if (workspace::fitsModel(embedding, family)) known.push_back(std::move(embedding));
    }
    std::ranges::sort(known, {}, &workspace::KnownEmbedding::path);
    std::vector<PromptWord> words;
    for (const workspace::KnownEmbedding& embedding : known) {
        const auto isSame = [&](const PromptWord& word) { return word.word.compare(embedding.word, Qt::CaseInsensitive) == 0; };
        if (std::ranges::none_of(words, isSame)) words.push_back({ embedding.word, embedding.vectors });
    }
    m_workspace.setKnownEmbeddings(std::move(known));
    m_dock.setPromptWords(words);
}

} // namespace sfumato::ui
