// Document: one picture with its mask, its history and its name.
// Thread: GUI. Owner: the workspace. Every change of pixels is a DocumentCommand on the undo stack, or a stroke in progress that will become one.
//
// changed() is the one signal of change; undo, redo and clean state are announced by the stack itself.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/document/layer.h"
#include "core/document/undo_stack.h"

#include <QObject>

#include <memory>

namespace sfumato::document {

class Document : public QObject {
    Q_OBJECT

public:
    // `picture` Rgba8 or Rgba16, not empty (asserted).
    Document(imaging::Raster picture, const QString& name, QObject* parent = nullptr);
    ~Document() override;

    [[nodiscard]] const DocumentContent& content() const noexcept { return m_content; }
    [[nodiscard]] Extent extent() const noexcept { return m_content.extent(); }
    [[nodiscard]] const imaging::Raster& picture() const { return m_content.picture(); }
    [[nodiscard]] const imaging::Mask& mask() const noexcept { return m_content.mask; }
    [[nodiscard]] LayerId backgroundLayer() const;
    // Cheap and immutable.
    [[nodiscard]] DocumentSnapshot snapshot() const;
    // Grows with every change of content.
    [[nodiscard]] std::uint64_t revision() const noexcept { return m_revision; }

    [[nodiscard]] UndoStack& undoStack() noexcept { return *m_undoStack; }
    // Does the command and puts it on the stack; a command that changes nothing is dropped. Returns whether it was kept.
    bool push(std::unique_ptr<DocumentCommand> command);

    // Where the picture was opened from or last exported to; empty for a new one.
    [[nodiscard]] const QString& path() const noexcept { return m_path; }
    // What the title shows.
    [[nodiscard]] const QString& name() const noexcept { return m_name; }
    void setPath(const QString& path); // the name becomes the file's
    // True when nothing changed since the picture was opened or markSaved() was called.
    [[nodiscard]] bool isClean() const;
    void markSaved();

Q_SIGNALS:
    void changed(const sfumato::document::DocumentChange& change);

private:
    friend class ContentEditor;

    DocumentContent m_content;
    UndoStack* m_undoStack;
    QString m_name;
    QString m_path;
    std::uint64_t m_revision = 0;
};

// ContentEditor: the only way to write into a document's content. For commands and strokes.
class ContentEditor {
public:
    explicit ContentEditor(Document& document) : m_document(document) { }

    [[nodiscard]] const DocumentContent& content() const noexcept { return m_document.m_content; }
    void setMask(imaging::Mask mask, const Bounds& dirty);
    // Applies `change` to the pixels of a layer of the same extent. The layer exists (asserted).
    void setLayerPixels(LayerId id, imaging::Raster pixels, const Bounds& dirty);
    void setLayerRecipe(LayerId id, std::string recipe);
    // Everything at once, for changes of extent.
    void setContent(DocumentContent content);

private:
    void announce(const DocumentChange& change);

    Document& m_document;
};

} // namespace sfumato::document
