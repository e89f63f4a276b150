// SPDX-License-Identifier: Apache-2.0
#include "core/document/undo_stack.h"

#include "core/document/document.h"

#include <QSignalBlocker>

#include <utility>
#include <vector>

namespace sfumato::document {

DocumentCommand::DocumentCommand(Document& document, const QString& text) : QUndoCommand(text), m_document(document) { }

void DocumentCommand::undo()
{
    if (std::exchange(m_skipsNext, false)) return;
    ContentEditor editor(m_document);
    revert(editor);
}

void DocumentCommand::redo()
{
    if (std::exchange(m_skipsNext, false)) return;
    ContentEditor editor(m_document);
    apply(editor);
}

UndoStack::UndoStack(QObject* parent) : QUndoStack(parent) { }

void UndoStack::setBudgetInBytes(std::int64_t bytes)
{
    m_budget = bytes;
    if (sizeInBytes() > m_budget) forgetOldest();
}

std::int64_t UndoStack::sizeInBytes() const
{
    std::int64_t bytes = 0;
    for (int i = 0; i < count(); ++i) bytes += static_cast<const DocumentCommand*>(command(i))->sizeInBytes();
    return bytes;
}

void UndoStack::pushCommand(std::unique_ptr<DocumentCommand> command)
{
    push(command.release());
    if (sizeInBytes() > m_budget) forgetOldest();
}

// QUndoStack can only be emptied as a whole, so it is rebuilt from copies of the commands to keep; none of them runs meanwhile, since the content stays as it is.
void UndoStack::forgetOldest()
{
    const int position = index();
    int dropped = count();
    std::int64_t bytes = 0;
    while (dropped > 0) {
        bytes += static_cast<const DocumentCommand*>(command(dropped - 1))->sizeInBytes();
        if (bytes > m_budget && dropped < position) break;
        --dropped;
    }
    if (dropped == 0) return;

    std::vector<std::unique_ptr<DocumentCommand>> kept;
    for (int i = dropped; i < count(); ++i) kept.push_back(static_cast<const DocumentCommand*>(command(i))->copied());
    const int cleanPosition = cleanIndex() - dropped;
    {
        const QSignalBlocker blocker(this);
        clear();
        if (cleanPosition < 0) resetClean();
        std::vector<DocumentCommand*> pushed;
        for (auto& command : kept) {
            pushed.push_back(command.get());
            command->skipNext();
            push(command.release());
            if (cleanPosition == count()) setClean();
        }
        while (index() > position - dropped) {
            pushed[static_cast<std::size_t>(index() - 1)]->skipNext();
            undo();
        }
    }
    Q_EMIT indexChanged(index());
}

} // namespace sfumato::document
