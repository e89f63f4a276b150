// KeepCommand: a variation put on the picture. Where the history goes, the variation's mark in the strip goes with it.
// Thread: GUI. Owner: the document's undo stack.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/document/commands.h"

#include <functional>

namespace sfumato::workspace {

class KeepCommand final : public document::DocumentCommand {
public:
    // Called after each redo (true) and undo (false), also when the strip is gone: it guards itself.
    using Note = std::function<void(bool isKept)>;

    KeepCommand(document::Document& document, std::unique_ptr<document::DocumentCommand> change, Note note);

    [[nodiscard]] bool isEmpty() const override { return m_change->isEmpty(); }
    [[nodiscard]] std::int64_t sizeInBytes() const override { return m_change->sizeInBytes(); }
    [[nodiscard]] std::unique_ptr<DocumentCommand> copied() const override;

protected:
    void apply(document::ContentEditor& editor) override;
    void revert(document::ContentEditor& editor) override;

private:
    std::unique_ptr<document::DocumentCommand> m_change;
    Note m_note;
};

} // namespace sfumato::workspace
