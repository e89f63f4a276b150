// The commands that change a document, and the macro that makes several of them one step.
// Thread: GUI. Owner: the document's undo stack.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/document/document.h"
#include "core/imaging/raster_delta.h"

#include <optional>
#include <vector>

namespace sfumato::document {

// Replaces the mask by another of the same extent (asserted): strokes, clear, fill, invert. Holds the replaced tiles.
class ChangeMaskCommand final : public DocumentCommand {
public:
    ChangeMaskCommand(Document& document, const imaging::Mask& after, const QString& text);
    // Between two masks, whatever the document's is now (a stroke that is in the document already).
    ChangeMaskCommand(Document& document, const imaging::Mask& before, const imaging::Mask& after, const QString& text);

    [[nodiscard]] bool isEmpty() const override { return m_delta.isEmpty(); }
    [[nodiscard]] std::int64_t sizeInBytes() const override;
    [[nodiscard]] std::unique_ptr<DocumentCommand> copied() const override;

protected:
    void apply(ContentEditor& editor) override;
    void revert(ContentEditor& editor) override;

private:
    imaging::RasterDelta m_delta;
};

[[nodiscard]] std::unique_ptr<DocumentCommand> clearMaskCommand(Document& document);
[[nodiscard]] std::unique_ptr<DocumentCommand> fillMaskCommand(Document& document);
[[nodiscard]] std::unique_ptr<DocumentCommand> invertMaskCommand(Document& document);

// Puts a generated picture into a layer, with the recipe that made it. Holds the replaced tiles, or, when the size or depth differs, both contents
// (the mask of a picture of another size starts blank).
class ApplyResultCommand final : public DocumentCommand {
public:
    // `pixels`: the whole layer after the change. A layer that is gone becomes the background.
    ApplyResultCommand(Document& document, LayerId layer, const imaging::Raster& pixels, std::string recipe, const QString& text);

    [[nodiscard]] bool isEmpty() const override;
    [[nodiscard]] std::int64_t sizeInBytes() const override;
    [[nodiscard]] std::unique_ptr<DocumentCommand> copied() const override;

protected:
    void apply(ContentEditor& editor) override;
    void revert(ContentEditor& editor) override;

private:
    struct Resized {
        DocumentContent before;
        DocumentContent after;
    };

    LayerId m_layer;
    imaging::RasterDelta m_delta;
    std::string m_recipeBefore;
    std::string m_recipeAfter;
    std::optional<Resized> m_resized;
};

// Several commands as one step. Each is done when it is added; unless commit() was called, the destructor undoes them all, last first.
class ScopedMacro {
public:
    ScopedMacro(Document& document, const QString& text);
    ScopedMacro(const ScopedMacro&) = delete;
    ScopedMacro& operator=(const ScopedMacro&) = delete;
    ~ScopedMacro();

    void push(std::unique_ptr<DocumentCommand> command);
    // One step on the stack; none when nothing changed.
    void commit();

private:
    Document& m_document;
    QString m_text;
    std::vector<std::unique_ptr<DocumentCommand>> m_commands;
};

} // namespace sfumato::document
