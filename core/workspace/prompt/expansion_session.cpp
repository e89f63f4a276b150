// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/prompt/expansion_session.h"

#include "core/workspace/generation_session.h"

#include <variant>

namespace sfumato::workspace {

namespace {

// The prompt without what would stand before the comma.
QString withoutTail(const QString& prompt)
{
    qsizetype length = prompt.size();
    while (length > 0 && (prompt[length - 1].isSpace() || prompt[length - 1] == u',')) --length;
    return prompt.left(length);
}

} // namespace

ExpansionSession::ExpansionSession(jobs::EngineWorker& worker, GenerationSession& session, QObject* parent) : QObject(parent), m_worker(worker), m_session(session)
{
    connect(&worker, &jobs::EngineWorker::promptExpanded, this, &ExpansionSession::receive);
}

void ExpansionSession::setFolders(const QStringList& folders)
{
    m_folders = folders;
    refreshModel();
}

void ExpansionSession::refreshModel()
{
    m_model.clear();
    for (const QString& folder : m_folders) {
        m_model = QString::fromStdU16String(engine::expansionModelIn(folder.toStdU16String()).u16string());
        if (!m_model.isEmpty()) break;
    }
    if (m_model.isEmpty()) {
        stop();
        m_addition.clear();
        setState(State::NotInstalled);
    } else if (m_state == State::NotInstalled) {
        setState(State::Ready);
    }
}

bool ExpansionSession::hasPrompt() const
{
    return !withoutTail(QString::fromStdString(m_session.job().prompt)).trimmed().isEmpty();
}

void ExpansionSession::expand()
{
    ask(m_session.job().seed.value_or(workflow::randomSeed()));
}

void ExpansionSession::expandAgain()
{
    ask(m_seed + 1);
}

void ExpansionSession::ask(std::uint64_t seed)
{
    if (m_state == State::NotInstalled || m_state == State::Working || !hasPrompt()) return;
    m_seed = seed;
    m_asked = jobs::ExpansionId{ ++m_lastId };
    engine::ExpansionRequest request;
    request.model = m_model.toStdU16String();
    request.prompt = m_session.job().prompt;
    request.seed = seed;
    m_worker.expandPrompt(m_asked, request);
    setState(State::Working);
}

void ExpansionSession::stop()
{
    if (m_state != State::Working) return;
    m_worker.stopExpansion(m_asked);
    m_asked = {}; // what still comes is not waited for
    setState(m_addition.isEmpty() ? State::Ready : State::Offered);
}

void ExpansionSession::receive(jobs::ExpansionId id, const engine::ExpansionOutcome& outcome)
{
    if (id != m_asked || m_state != State::Working) return;
    m_asked = {};
    const auto* expansion = std::get_if<engine::PromptExpansion>(&outcome);
    m_addition = expansion ? QString::fromStdString(expansion->addition) : QString();
    setState(m_addition.isEmpty() ? State::Ready : State::Offered);
    if (const auto* error = std::get_if<Error>(&outcome)) Q_EMIT failed(*error);
    if (expansion && m_addition.isEmpty()) Q_EMIT nothingToAdd();
}

void ExpansionSession::setAddition(const QString& text)
{
    if (m_state != State::Offered || text == m_addition) return;
    m_addition = text;
    Q_EMIT changed();
}

void ExpansionSession::take()
{
    if (m_state != State::Offered) return;
    workflow::JobDescription job = m_session.job();
    const QString prompt = withoutTail(QString::fromStdString(job.prompt)), addition = m_addition.trimmed();
    if (!addition.isEmpty()) job.prompt = (prompt.isEmpty() ? addition : prompt + QStringLiteral(", ") + addition).toStdString();
    m_addition.clear();
    setState(State::Ready);
    m_session.setJob(job);
}

void ExpansionSession::drop()
{
    if (m_state != State::Offered) return;
    m_addition.clear();
    setState(State::Ready);
}

void ExpansionSession::setState(State state)
{
    m_state = state;
    Q_EMIT changed();
}

} // namespace sfumato::workspace
