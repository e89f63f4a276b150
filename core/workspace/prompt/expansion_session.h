// ExpansionSession: the prompt's expansion: asked for, looked at, changed, taken into the prompt or dropped. Nothing is used before it is taken.
// Thread: GUI. Owner: Workspace. The engine expands between runs; no method waits.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"
#include "core/jobs/engine_worker.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <cstdint>

namespace sfumato::workspace {

class GenerationSession;

class ExpansionSession : public QObject {
    Q_OBJECT

public:
    enum class State { NotInstalled,
        Ready,
        Working,
        Offered };

    ExpansionSession(jobs::EngineWorker& worker, GenerationSession& session, QObject* parent = nullptr);

    // Where a model is looked for: the first folder that is one or holds one counts.
    void setFolders(const QStringList& folders);
    [[nodiscard]] const QStringList& folders() const noexcept { return m_folders; }
    // Looks again: a model may have been put there meanwhile. Cost: reads folder entries.
    void refreshModel();

    [[nodiscard]] State state() const noexcept { return m_state; }
    // Whether there is a prompt that could be expanded.
    [[nodiscard]] bool hasPrompt() const;

    // Asks for an expansion of the session's prompt, with the seed of its job if that is fixed. Does nothing without a model or prompt, or while one is on its way.
    void expand();
    // The same with the next seed.
    void expandAgain();
    // Ends what is on its way; nothing is offered.
    void stop();

    // What is offered; the artist may change it.
    [[nodiscard]] const QString& addition() const noexcept { return m_addition; }
    void setAddition(const QString& text);
    [[nodiscard]] std::uint64_t seed() const noexcept { return m_seed; }
    // Puts what is offered behind the prompt, set off by a comma.
    void take();
    void drop();

Q_SIGNALS:
    void changed(); // state or addition
    // An expansion was asked for and none came: why.
    void failed(const sfumato::Error& error);
    // The model has nothing to add: the prompt fills its last 75 tokens.
    void nothingToAdd();

private:
    void ask(std::uint64_t seed);
    void receive(jobs::ExpansionId id, const engine::ExpansionOutcome& outcome);
    void setState(State state);

    jobs::EngineWorker& m_worker;
    GenerationSession& m_session;
    QStringList m_folders;
    QString m_model; // its folder; empty: there is none
    State m_state = State::NotInstalled;
    jobs::ExpansionId m_asked{};
    std::uint32_t m_lastId = 0;
    std::uint64_t m_seed = 0;
    QString m_addition;
};

} // namespace sfumato::workspace
