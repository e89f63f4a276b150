// What the artist's edits do to files and store.
// Thread: one at a time (the index's background thread).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/library/library_index.h"
#include "core/library/store/library_store.h"

#include <QImage>

namespace sfumato::library {

struct EditDone {
    EditOutcome outcome;
    LibraryEntryPointer entry; // as it is afterwards
};

struct PreviewEdit {
    QImage picture;
    document::ExistingFile existing = document::ExistingFile::Keep;
    QString fallbackFolder; // for pictures of files whose folder cannot be written to
};

// Into the sidecar, or into the store where that is not possible.
[[nodiscard]] Result<EditDone> applyEdit(LibraryStore& store, const LibraryEntry& entry, const SidecarEdit& edit);

[[nodiscard]] Result<EditDone> applyPreview(LibraryStore& store, const LibraryEntry& entry, const PreviewEdit& edit);

} // namespace sfumato::library
