// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/keep_command.h"

#include <utility>

namespace sfumato::workspace {

KeepCommand::KeepCommand(document::Document& document, std::unique_ptr<document::DocumentCommand> change, Note note)
    : DocumentCommand(document, change->text()), m_change(std::move(change)), m_note(std::move(note))
{
}

std::unique_ptr<document::DocumentCommand> KeepCommand::copied() const
{
    return std::make_unique<KeepCommand>(document(), m_change->copied(), m_note);
}

void KeepCommand::apply(document::ContentEditor& /*editor*/)
{
    m_change->redo();
    m_note(true);
}

void KeepCommand::revert(document::ContentEditor& /*editor*/)
{
    m_change->undo();
    m_note(false);
}

} // namespace sfumato::workspace
