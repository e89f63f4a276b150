// LibraryStore: the library's SQLite file: what was read of each file, and what the artist did with it.
// Thread: one at a time (the index's background thread). Owner: LibraryIndex.
//
// What was read of files can be read again: a database of another schema loses it and is filled anew. What the artist did is kept, for files that are not there too:
// a disk may be unplugged, a file moved.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/library/files/file_record.h"
#include "core/library/store/sqlite_database.h"

#include <QHash>

#include <memory>
#include <span>
#include <vector>

namespace sfumato::library {

struct KnownFile {
    std::int64_t id = 0;
    QString folder;
    FileStamp stamp;
    bool isBroken = false;
};

class LibraryStore {
public:
    // Makes the folder and the file when they are not there. A damaged database is moved aside (".damaged") and begun anew.
    //   errors  FileUnreadable, DiskFull
    [[nodiscard]] static Result<std::unique_ptr<LibraryStore>> open(const QString& path);
    // Keeps nothing beyond the object.
    [[nodiscard]] static Result<std::unique_ptr<LibraryStore>> openInMemory();

    // All but their search texts, which are most of the bytes. Cost: some microseconds an entry.
    [[nodiscard]] Result<std::vector<LibraryEntryPointer>> loadEntries();
    // Exchanges the entries for ones that have their search texts.
    [[nodiscard]] Result<void> addSearchTexts(std::vector<LibraryEntryPointer>& entries);
    // By path; with `path` only that one.
    [[nodiscard]] Result<QHash<QString, KnownFile>> knownFiles(const QString& path = {});

    // Inserts, or replaces by path.
    [[nodiscard]] Result<void> put(const FileRecord& record);
    // What the artist did is kept.
    [[nodiscard]] Result<void> remove(std::span<const std::int64_t> ids);
    // Errors: FileNotFound when the path is not in the index.
    [[nodiscard]] Result<FileDetails> details(const QString& path);
    [[nodiscard]] Result<void> setHashes(const QString& path, const engine::FileDescription& hashed);

    [[nodiscard]] Result<UserState> userState(const QString& path);
    [[nodiscard]] Result<void> setUserState(const QString& path, const UserState& state);
    // When nothing is known of `path`, but of a file with this content that is no longer where it was: that becomes the state of `path`.
    [[nodiscard]] Result<void> adoptMovedState(const QString& path);

    // Changes between the two are written together; without them each is written by itself.
    [[nodiscard]] Result<void> begin() { return m_database.execute("BEGIN IMMEDIATE"); }
    [[nodiscard]] Result<void> commit() { return m_database.execute("COMMIT"); }

private:
    explicit LibraryStore(SqliteDatabase database) : m_database(std::move(database)) { }

    [[nodiscard]] static Result<std::unique_ptr<LibraryStore>> openChecked(const QString& path);
    [[nodiscard]] Result<void> prepareSchema();

    SqliteDatabase m_database;
};

} // namespace sfumato::library
