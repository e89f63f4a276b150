// SPDX-License-Identifier: Apache-2.0
#include "ui/window/action_registry.h"

#include "ui/theme/icons.h"
#include "ui/widgets/plain_text.h"

#include <QCoreApplication>
#include <QKeySequence>
#include <QWidget>

#include <algorithm>
#include <array>

namespace sfumato::ui {

namespace {

struct Reason {
    Condition condition;
    const char* text;
};

constexpr std::array kReasons{
    Reason{ Condition::HasPicture, QT_TRANSLATE_NOOP("Action", "Open a picture first.") },
    Reason{ Condition::HasPaint, QT_TRANSLATE_NOOP("Action", "Nothing is painted yet.") },
    Reason{ Condition::CanUndo, QT_TRANSLATE_NOOP("Action", "There is nothing to undo.") },
    Reason{ Condition::CanRedo, QT_TRANSLATE_NOOP("Action", "There is nothing to redo.") },
    Reason{ Condition::CanGenerate, QT_TRANSLATE_NOOP("Action", "The button says what is missing.") },
    Reason{ Condition::IsRunning, QT_TRANSLATE_NOOP("Action", "Nothing is running.") },
    Reason{ Condition::HasVariations, QT_TRANSLATE_NOOP("Action", "There are no variations yet.") },
    Reason{ Condition::HasFinishedVariation, QT_TRANSLATE_NOOP("Action", "Choose a finished variation first.") },
    Reason{ Condition::HasLoraFile, QT_TRANSLATE_NOOP("Action", "Choose a LoRA in the browser first.") },
    Reason{ Condition::HasLora, QT_TRANSLATE_NOOP("Action", "No LoRA is in use.") },
    Reason{ Condition::CanExpand, QT_TRANSLATE_NOOP("Action", "A prompt is needed, and a model that expands prompts; the button beside the prompt says where it is looked for.") },
    Reason{ Condition::HasRun, QT_TRANSLATE_NOOP("Action", "Nothing was generated yet.") },
};

QString translated(const char* text) { return QCoreApplication::translate("Action", text); }

QString helpOf(const ActionSpec& spec, const QAction& action)
{
    const QString keys = action.shortcut().toString(QKeySequence::NativeText);
    const QString help = translated(spec.help);
    return keys.isEmpty() ? help : QStringLiteral("%1 (%2)").arg(help, keys);
}

QList<QKeySequence> keysOf(const ActionSpec& spec)
{
    QList<QKeySequence> keys;
    for (const QString& part : QString::fromLatin1(spec.keys).split(QLatin1Char(' '), Qt::SkipEmptyParts)) keys.append(QKeySequence(part, QKeySequence::PortableText));
    return keys;
}

} // namespace

ActionRegistry::ActionRegistry(QObject* parent) : QObject(parent)
{
    for (const ActionSpec& entry : actionTable()) {
        auto* action = new QAction(this);
        action->setObjectName(QString::fromLatin1(entry.name));
        action->setText(entry.opensDialog ? translated(entry.text) + QStringLiteral("…") : translated(entry.text));
        if (*entry.icon) action->setIcon(themedIcon(QString::fromLatin1(entry.icon)));
        action->setShortcuts(keysOf(entry));
        action->setShortcutContext(entry.scope == ActionScope::Window ? Qt::WindowShortcut : Qt::WidgetWithChildrenShortcut);
        action->setCheckable(entry.isCheckable);
        action->setMenuRole(entry.id == ActionId::About ? QAction::AboutRole : entry.id == ActionId::Quit ? QAction::QuitRole
                                                                                                          : QAction::NoRole);
        setHelp(*action, helpOf(entry, *action));
        m_actions.emplace(entry.id, action);
    }
}

QAction& ActionRegistry::action(ActionId id) const { return *m_actions.at(id); }

const ActionSpec& ActionRegistry::spec(ActionId id) const
{
    const auto table = actionTable();
    return *std::find_if(table.begin(), table.end(), [id](const ActionSpec& entry) { return entry.id == id; });
}

void ActionRegistry::setConditions(Conditions known, Conditions holding)
{
    const Conditions conditions = (m_conditions & ~known) | (holding & known);
    if (conditions == m_conditions && m_hasConditions) return;
    m_conditions = conditions;
    m_hasConditions = true;
    for (const ActionSpec& entry : actionTable()) {
        QAction& changed = action(entry.id);
        const Conditions missing = entry.needs & ~conditions;
        changed.setEnabled(!missing);
        QString help = helpOf(entry, changed);
        const auto reason = std::find_if(kReasons.begin(), kReasons.end(), [missing](const Reason& candidate) { return missing.testFlag(candidate.condition); });
        if (reason != kReasons.end()) help += QLatin1Char('\n') + translated(reason->text);
        setHelp(changed, help);
    }
}

void ActionRegistry::attach(QWidget& widget, std::initializer_list<ActionScope> scopes) const
{
    for (const ActionSpec& entry : actionTable()) {
        if (std::find(scopes.begin(), scopes.end(), entry.scope) != scopes.end()) widget.addAction(&action(entry.id));
    }
}

} // namespace sfumato::ui
