// SPDX-License-Identifier: Apache-2.0
#include "ui/window/generation_actions.h"

#include "ui/docks/seed_field.h"

#include <QSignalBlocker>

#include <algorithm>

namespace sfumato::ui {

namespace {

constexpr qint64 kStopAllWithinMs = 1000;
constexpr int kPicks = 9;

} // namespace

GenerationActions::GenerationActions(workspace::Workspace& workspace, ActionRegistry& actions, CanvasArea& canvas, GenerateDock& dock, QObject* parent)
    : QObject(parent), m_workspace(workspace), m_actions(actions), m_canvas(canvas), m_dock(dock)
{
    connectRunActions();
    connectReviewActions();
    connectSeedActions();
    workspace::GenerationSession& session = m_workspace.session();
    connect(&session, &workspace::GenerationSession::stateChanged, this, &GenerationActions::refreshConditions);
    connect(&session, &workspace::GenerationSession::blockerChanged, this, &GenerationActions::refreshConditions);
    connect(&session, &workspace::GenerationSession::selectionChanged, this, &GenerationActions::refreshConditions);
    for (const auto signal : { &QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved }) {
        connect(&session.gallery(), signal, this, &GenerationActions::refreshConditions);
    }
    connect(&session.gallery(), &QAbstractItemModel::dataChanged, this, &GenerationActions::refreshConditions);
    connect(&m_workspace, &workspace::Workspace::documentReplaced, this, &GenerationActions::watchDocument);
    watchDocument();
}

void GenerationActions::connectRunActions()
{
    connect(&m_actions.action(ActionId::Generate), &QAction::triggered, this, &GenerationActions::generate);
    connect(&m_actions.action(ActionId::Stop), &QAction::triggered, this, &GenerationActions::stop);
    connect(&m_actions.action(ActionId::StopAll), &QAction::triggered, &m_workspace.session(), &workspace::GenerationSession::stopAll);
    connect(&m_actions.action(ActionId::Retry), &QAction::triggered, &m_workspace.session(), &workspace::GenerationSession::retry);
    connect(&m_dock, &GenerateDock::generateRequested, this, &GenerationActions::generate);
    connect(&m_dock, &GenerateDock::stopRequested, this, &GenerationActions::stop);
    bindSetting(ActionId::ShowPreview, &workspace::AppSettings::showsPreviews);
    bindSetting(ActionId::SafetyFilter, &workspace::AppSettings::hidesFlagged);
}

void GenerationActions::bindSetting(ActionId id, bool workspace::AppSettings::*setting)
{
    QAction& action = m_actions.action(id);
    action.setChecked(m_workspace.appSettings().*setting);
    connect(&action, &QAction::toggled, this, [this, setting](bool isOn) {
        workspace::AppSettings settings = m_workspace.appSettings();
        settings.*setting = isOn;
        m_workspace.setAppSettings(settings);
    });
}

void GenerationActions::connectReviewActions()
{
    workspace::GenerationSession& session = m_workspace.session();
    connect(&m_actions.action(ActionId::Keep), &QAction::triggered, &session, &workspace::GenerationSession::keep);
    connect(&m_actions.action(ActionId::Discard), &QAction::triggered, &session, &workspace::GenerationSession::discard);
    connect(&m_actions.action(ActionId::Reveal), &QAction::triggered, &session, [&session] { session.gallery().setHidden(session.selectedRow(), false); });
    connect(&m_actions.action(ActionId::DiscardRest), &QAction::triggered, this, &GenerationActions::discardRest);
    connect(&m_actions.action(ActionId::PreviousVariation), &QAction::triggered, this, [this] { flip(-1); });
    connect(&m_actions.action(ActionId::NextVariation), &QAction::triggered, this, [this] { flip(1); });
    for (int i = 0; i < kPicks; ++i) {
        const auto id = static_cast<ActionId>(static_cast<int>(ActionId::PickVariation1) + i);
        m_actions.action(id).setText(tr("Show variation %1").arg(i + 1));
        connect(&m_actions.action(id), &QAction::triggered, this, [this, i] {
            if (i < m_workspace.session().gallery().rowCount()) m_workspace.session().selectVariation(i);
        });
    }
}

void GenerationActions::connectSeedActions()
{
    QAction& lock = m_actions.action(ActionId::LockSeed);
    connect(&m_actions.action(ActionId::RandomSeed), &QAction::triggered, &m_dock.seedField(), &SeedField::roll);
    connect(&lock, &QAction::toggled, &m_dock.seedField(), &SeedField::setLocked);
    connect(&m_workspace.session(), &workspace::GenerationSession::jobChanged, this, [this, &lock] {
        const QSignalBlocker blocker(lock);
        lock.setChecked(m_workspace.session().job().seed.has_value());
    });
}

void GenerationActions::watchDocument()
{
    if (document::Document* document = m_workspace.document()) {
        connect(&document->undoStack(), &QUndoStack::indexChanged, this, &GenerationActions::refreshConditions);
        connect(&document->undoStack(), &QUndoStack::canUndoChanged, this, &GenerationActions::refreshConditions);
        connect(&document->undoStack(), &QUndoStack::canRedoChanged, this, &GenerationActions::refreshConditions);
    }
    refreshConditions();
}

void GenerationActions::generate()
{
    m_canvas.controller().cancelGesture();
    m_canvas.messages().dismiss();
    m_workspace.session().generate();
    m_canvas.view().setFocus(Qt::OtherFocusReason); // so that Enter keeps and arrows flip
}

void GenerationActions::stop()
{
    if (m_sinceStop.isValid() && m_sinceStop.elapsed() < kStopAllWithinMs) {
        m_workspace.session().stopAll();
    } else {
        m_workspace.session().stop();
    }
    m_sinceStop.start();
}

// Original, first variation, …, last variation, and round again.
void GenerationActions::flip(int direction)
{
    workspace::GenerationSession& session = m_workspace.session();
    const int places = session.gallery().rowCount() + 1;
    session.selectVariation((session.selectedRow() + 1 + direction + places) % places - 1);
}

void GenerationActions::discardRest()
{
    workspace::GenerationSession& session = m_workspace.session();
    const workspace::Variation* shown = session.gallery().at(session.selectedRow());
    const bool hasKept = shown && shown->result;
    const jobs::ResultId kept = hasKept ? *shown->result : jobs::ResultId{};
    for (int row = session.gallery().rowCount() - 1; row >= 0; --row) {
        const workspace::Variation* variation = session.gallery().at(row);
        if (!variation->isFinished() || (hasKept && *variation->result == kept)) continue;
        session.selectVariation(row);
        session.discard();
    }
    if (hasKept) session.selectVariation(session.gallery().rowOf(kept));
}

Conditions GenerationActions::presentConditions()
{
    workspace::GenerationSession& session = m_workspace.session();
    document::Document* document = m_workspace.document();
    const workspace::Variation* selected = session.gallery().at(session.selectedRow());
    Conditions conditions;
    conditions.setFlag(Condition::HasPicture, document != nullptr);
    conditions.setFlag(Condition::HasPaint, document && !document->mask().isBlank());
    conditions.setFlag(Condition::CanUndo, document && document->undoStack().canUndo());
    conditions.setFlag(Condition::CanRedo, document && document->undoStack().canRedo());
    conditions.setFlag(Condition::CanGenerate, session.blocker() == workspace::GenerateBlocker::None);
    conditions.setFlag(Condition::IsRunning, session.pendingRuns() > 0);
    conditions.setFlag(Condition::HasVariations, session.gallery().rowCount() > 0);
    conditions.setFlag(Condition::HasFinishedVariation, selected && selected->isFinished());
    conditions.setFlag(Condition::HasSeenVariation, selected && selected->isFinished() && !selected->isHidden);
    conditions.setFlag(Condition::HasHiddenVariation, selected && selected->isHidden);
    conditions.setFlag(Condition::HasRun, session.gallery().rowCount() > 0);
    return conditions;
}

void GenerationActions::refreshConditions() { m_actions.setConditions(~(Condition::HasLoraFile | Condition::HasLora | Condition::CanExpand), presentConditions()); }

} // namespace sfumato::ui
