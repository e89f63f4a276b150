// UndoStack: a QUndoStack bounded by bytes instead of by a number of commands.
// Thread: GUI. Owner: the document. DocumentCommand: one reversible change.
//
// Push only through Document::push or pushDone, so that every command on the stack is a DocumentCommand.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QUndoStack>

#include <cstdint>
#include <memory>

namespace sfumato::document {

class Document;
class ContentEditor;

// A command holds ids and replaced tiles, never pointers into the content, so it can be copied and moved to another stack position.
class DocumentCommand : public QUndoCommand {
public:
    DocumentCommand(Document& document, const QString& text);

    // Nothing would change: not worth a step.
    [[nodiscard]] virtual bool isEmpty() const = 0;
    // Memory that only this command keeps alive (an upper bound).
    [[nodiscard]] virtual std::int64_t sizeInBytes() const = 0;
    // The same change, to be put on a stack in the state this one is in. Cost: pointers.
    [[nodiscard]] virtual std::unique_ptr<DocumentCommand> copied() const = 0;

    void undo() final;
    void redo() final;
    // The next undo() or redo() does nothing: the content is already as it would leave it.
    void skipNext() noexcept { m_skipsNext = true; }

protected:
    virtual void apply(ContentEditor& editor) = 0;
    virtual void revert(ContentEditor& editor) = 0;
    [[nodiscard]] Document& document() const noexcept { return m_document; }

private:
    Document& m_document;
    bool m_skipsNext = false;
};

inline constexpr std::int64_t kDefaultUndoBudget = std::int64_t{ 1 } << 30;

class UndoStack : public QUndoStack {
    Q_OBJECT

public:
    explicit UndoStack(QObject* parent = nullptr);

    [[nodiscard]] std::int64_t budgetInBytes() const noexcept { return m_budget; }
    void setBudgetInBytes(std::int64_t bytes);
    [[nodiscard]] std::int64_t sizeInBytes() const;
    // Pushes a command (its redo() runs) and forgets the oldest ones while the whole is over the budget; the newest always stays.
    void pushCommand(std::unique_ptr<DocumentCommand> command);

private:
    void forgetOldest();

    std::int64_t m_budget = kDefaultUndoBudget;
};

} // namespace sfumato::document
