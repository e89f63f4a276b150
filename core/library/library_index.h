// LibraryIndex: every .safetensors file below the watched folders, kept in a SQLite file between starts and followed while the program runs.
// Thread: GUI. One background thread reads folders, files and the database, in short steps between which edits run; the GUI thread never waits for it.
// Owner: the workspace's owner; it must outlive its LoraListModels.
//
// Files are left where they are. A file that cannot be read is an entry with a sentence. Star, use and what cannot be written beside a file are kept in the database
// and follow a file that is moved or renamed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/document/io/atomic_file.h"
#include "core/library/library_entry.h"
#include "core/library/sidecar.h"

#include <QObject>

#include <functional>
#include <memory>
#include <span>

QT_BEGIN_NAMESPACE
class QImage;
QT_END_NAMESPACE

namespace sfumato::library {

struct LibraryOptions {
    QString indexPath;           // of the database; its folder is made. It holds the artist's stars: a data folder, not a cache
    int maxWatchedFolders = 512; // followed live; folders beyond that are seen by rescan()
};

enum class KeptIn {
    Sidecar,  // beside the file, where other programs read it
    Database, // the folder cannot be written to, or the sidecar there cannot be understood
};

struct EditOutcome {
    KeptIn keptIn = KeptIn::Sidecar;
    QString reason; // for Database: one English sentence
};

struct ScanReport {
    int found = 0;   // files
    int read = 0;    // of these new or changed
    int removed = 0; // gone since last time
    int broken = 0;
    QStringList unreachable; // watched folders that are not there
    bool isComplete = false; // false: cancelled, or overtaken by a newer scan
};

class LibraryIndex : public QObject {
    Q_OBJECT

public:
    // Begins to load what is known: loaded() follows when the cards are there, what searches look at a moment later (entriesChanged()).
    explicit LibraryIndex(LibraryOptions options, QObject* parent = nullptr);
    // Ends a scan within one file.
    ~LibraryIndex() override;

    // Absolute paths; folders inside one another are merged. Entries of other folders go; a scan begins.
    void setFolders(const QStringList& folders);
    [[nodiscard]] const QStringList& folders() const noexcept;
    void rescan();
    void cancelScan();
    [[nodiscard]] bool isScanning() const noexcept;
    [[nodiscard]] bool isLoaded() const noexcept;

    // In no particular order; valid until control returns to the event loop.
    [[nodiscard]] std::span<const LibraryEntryPointer> entries() const noexcept;
    // Null when there is none.
    [[nodiscard]] LibraryEntryPointer find(const QString& path) const;

    // The change shows at once; it is stored in the background. Paths that are not in the index are ignored.
    void setStarred(const QString& path, bool isStarred);
    void noteUse(const QString& path); // now

    // `receive` is called later on this thread, unless the index is destroyed before.
    void readDetails(const QString& path, std::function<void(Result<FileDetails>)> receive);
    void edit(const QString& path, const SidecarEdit& edit, std::function<void(Result<EditOutcome>)> receive);
    // Writes NAME.preview.png beside the file (in a read-only folder: beside the database) and shows it from now on. A NAME.preview.png of another origin is kept,
    // and the outcome InvalidRequest, unless it may be replaced; pictures under other names are never touched.
    void setPreview(const QString& path, const QImage& picture, document::ExistingFile existing, std::function<void(Result<EditOutcome>)> receive);
    // SHA-256, AutoV2 and AutoV3 from all bytes of the file, kept for the next time: some seconds a gigabyte, on a thread of their own.
    void computeHashes(const QString& path, std::function<void(Result<FileDetails>)> receive);

Q_SIGNALS:
    void loaded();
    // Entries came, went or changed; find() and entries() tell what is there now.
    void entriesChanged();
    void scanProgressed(int done, int total); // files; total grows while folders are still being read
    void scanFinished(const sfumato::library::ScanReport& report);
    // The database cannot be used: one English sentence. The library works on, but forgets at exit.
    void storeFailed(const QString& sentence);

private:
    struct Private;
    std::unique_ptr<Private> m_private;
};

} // namespace sfumato::library
