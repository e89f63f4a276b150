// LibraryFolder: a temporary folder of model files and the indexes over it, for tests; and calls of an index that wait for their answer.
// Thread: GUI.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/library/library_index.h"

#include <QTemporaryDir>

#include <memory>

namespace sfumato::test {

class LibraryFolder {
public:
    LibraryFolder();
    LibraryFolder(const LibraryFolder&) = delete;
    LibraryFolder& operator=(const LibraryFolder&) = delete;
    ~LibraryFolder();

    [[nodiscard]] QString filePath(const QString& name) const { return m_folder.filePath(name); }
    [[nodiscard]] QString at(const QString& name) const { return m_folder.filePath(QStringLiteral("loras/") + name); } // in the folder that is watched

    // An index whose database is data/NAME; it watches nothing yet.
    [[nodiscard]] std::unique_ptr<library::LibraryIndex> open(const QString& name = QStringLiteral("index.sqlite")) const;
    // One that watches the folder and has looked through it.
    [[nodiscard]] std::unique_ptr<library::LibraryIndex> scanned() const;

private:
    QTemporaryDir m_folder;
};

library::ScanReport scan(library::LibraryIndex& index);
[[nodiscard]] QStringList namesOf(const library::LibraryIndex& index); // sorted
[[nodiscard]] Result<library::EditOutcome> edit(library::LibraryIndex& index, const QString& path, const library::SidecarEdit& change);
[[nodiscard]] Result<library::FileDetails> details(library::LibraryIndex& index, const QString& path);
[[nodiscard]] Result<library::EditOutcome> setPreview(library::LibraryIndex& index, const QString& path, const QImage& picture, document::ExistingFile existing);
[[nodiscard]] Result<library::FileDetails> hashes(library::LibraryIndex& index, const QString& path);

} // namespace sfumato::test
