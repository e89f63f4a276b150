// SPDX-License-Identifier: Apache-2.0
#include "core/library/store/library_store.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <utility>

namespace sfumato::library {

namespace {

using engine::FileKind;
using engine::ModelFamily;

// Raised when the tables change, and when more or something else is read from files.
constexpr int kSchemaVersion = 2;

constexpr const char* kFileTables = R"(
CREATE TABLE files (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, folder TEXT NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL, companions INTEGER NOT NULL,
    name TEXT NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL, family TEXT NOT NULL, base TEXT NOT NULL, algorithm TEXT NOT NULL, rank INTEGER NOT NULL,
    added INTEGER NOT NULL, triggers TEXT NOT NULL, weight REAL, broken TEXT NOT NULL, preview_source INTEGER NOT NULL, preview_path TEXT NOT NULL,
    preview_stamp INTEGER NOT NULL, sort_key BLOB NOT NULL);
CREATE TABLE search (id INTEGER PRIMARY KEY REFERENCES files(id) ON DELETE CASCADE, text TEXT NOT NULL);
CREATE TABLE details (
    id INTEGER PRIMARY KEY REFERENCES files(id) ON DELETE CASCADE, description TEXT NOT NULL, notes TEXT NOT NULL, negative TEXT NOT NULL, hint TEXT NOT NULL,
    author TEXT NOT NULL, license TEXT NOT NULL, trained_on TEXT NOT NULL, resolution TEXT NOT NULL, precision TEXT NOT NULL, rank_min INTEGER NOT NULL,
    rank_max INTEGER NOT NULL, modules INTEGER NOT NULL, tags TEXT NOT NULL, sha256 TEXT NOT NULL, auto_v2 TEXT NOT NULL, auto_v3 TEXT NOT NULL);
)";

constexpr const char* kUserTable = R"(
CREATE TABLE IF NOT EXISTS user_state (
    path TEXT PRIMARY KEY, fingerprint BLOB, starred INTEGER NOT NULL DEFAULT 0, last_used INTEGER NOT NULL DEFAULT 0, notes TEXT, triggers TEXT, negative TEXT,
    has_weight INTEGER NOT NULL DEFAULT 0, weight REAL, preview TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS user_state_fingerprint ON user_state(fingerprint);
)";

FileKind kindNamed(std::string_view name) noexcept
{
    for (int i = 0; i < static_cast<int>(FileKind::Unknown); ++i) {
        if (engine::fileKindName(static_cast<FileKind>(i)) == name) return static_cast<FileKind>(i);
    }
    return FileKind::Unknown;
}

ModelFamily familyNamed(std::string_view name) noexcept
{
    for (const ModelFamily family : { ModelFamily::Sdxl, ModelFamily::SdxlRefiner, ModelFamily::Sd1, ModelFamily::Sd2 }) {
        if (engine::modelFamilyName(family) == name) return family;
    }
    return ModelFamily::Unknown;
}

PreviewSource sourceOf(std::int64_t number) noexcept
{
    return number == 1 ? PreviewSource::File : number == 2 ? PreviewSource::Header
                                                           : PreviewSource::None;
}

// Of the columns of loadEntries().
std::shared_ptr<LibraryEntry> entryOf(const SqliteStatement& row)
{
    auto entry = std::make_shared<LibraryEntry>();
    entry->path = row.text(0);
    entry->folder = row.text(1);
    entry->sizeInBytes = row.integer(2);
    entry->name = row.text(3);
    entry->title = row.text(4);
    entry->kind = kindNamed(row.view(5));
    entry->family = familyNamed(row.view(6));
    entry->baseLabel = row.text(7);
    entry->algorithm = row.text(8);
    entry->rank = static_cast<int>(row.integer(9));
    entry->addedAt = row.integer(10);
    entry->triggerWords = row.words(11);
    if (!row.isNothing(12)) entry->preferredWeight = row.real(12);
    entry->broken = row.text(13);
    entry->preview = { sourceOf(row.integer(14)), row.text(15), row.integer(16) };
    entry->sortKey = SortKey(row.bytes(17));
    return entry;
}

void bindFile(SqliteStatement& statement, const FileRecord& record)
{
    const LibraryEntry& entry = record.entry;
    int column = 0;
    statement.bind(++column, entry.path);
    statement.bind(++column, entry.folder);
    statement.bind(++column, record.stamp.sizeInBytes);
    statement.bind(++column, record.stamp.modifiedNs);
    statement.bind(++column, static_cast<std::int64_t>(record.stamp.companions));
    statement.bind(++column, entry.name);
    statement.bind(++column, entry.title);
    statement.bind(++column, engine::fileKindName(entry.kind));
    statement.bind(++column, engine::modelFamilyName(entry.family));
    statement.bind(++column, entry.baseLabel);
    statement.bind(++column, entry.algorithm);
    statement.bind(++column, std::int64_t{ entry.rank });
    statement.bind(++column, entry.addedAt);
    statement.bind(++column, entry.triggerWords);
    ++column;
    if (entry.preferredWeight) statement.bind(column, *entry.preferredWeight);
    statement.bind(++column, entry.broken);
    statement.bind(++column, static_cast<std::int64_t>(entry.preview.source));
    statement.bind(++column, entry.preview.path);
    statement.bind(++column, entry.preview.stamp);
    statement.bind(++column, entry.sortKey.bytes());
}

void bindDetails(SqliteStatement& statement, std::int64_t id, const FileDetails& details)
{
    int column = 0;
    statement.bind(++column, id);
    for (const QString* text : { &details.description, &details.notes, &details.negativeText, &details.usageHint, &details.author, &details.license, &details.trainedOn,
             &details.resolution, &details.precision })
        statement.bind(++column, *text);
    statement.bind(++column, std::int64_t{ details.rankMin });
    statement.bind(++column, std::int64_t{ details.rankMax });
    statement.bind(++column, static_cast<std::int64_t>(details.moduleCount));
    statement.bind(++column, details.tags);
    for (const QString* text : { &details.sha256, &details.autoV2, &details.autoV3 }) statement.bind(++column, *text);
}

FileDetails detailsOf(const SqliteStatement& row)
{
    FileDetails details;
    int column = 0;
    for (QString* text : { &details.description, &details.notes, &details.negativeText, &details.usageHint, &details.author, &details.license, &details.trainedOn,
             &details.resolution, &details.precision })
        *text = row.text(column++);
    details.rankMin = static_cast<int>(row.integer(column++));
    details.rankMax = static_cast<int>(row.integer(column++));
    details.moduleCount = static_cast<std::uint64_t>(row.integer(column++));
    details.tags = row.words(column++);
    for (QString* text : { &details.sha256, &details.autoV2, &details.autoV3 }) *text = row.text(column++);
    return details;
}

void moveAside(const QString& path)
{
    const QString damaged = path + QLatin1String(".damaged");
    QFile::remove(damaged);
    QFile::rename(path, damaged);
    for (const char* ending : { "-wal", "-shm" }) QFile::remove(path + QLatin1String(ending));
}

} // namespace

Result<std::unique_ptr<LibraryStore>> LibraryStore::openChecked(const QString& path)
{
    Result<SqliteDatabase> database = SqliteDatabase::open(path);
    if (!database) return std::move(database).error();
    std::unique_ptr<LibraryStore> store(new LibraryStore(std::move(*database)));
    if (Result<void> prepared = store->prepareSchema(); !prepared) return std::move(prepared).error();
    return store;
}

Result<std::unique_ptr<LibraryStore>> LibraryStore::open(const QString& path)
{
    QDir().mkpath(QFileInfo(path).absolutePath());
    Result<std::unique_ptr<LibraryStore>> store = openChecked(path);
    if (store || !QFileInfo(path).isFile() || !QFileInfo(QFileInfo(path).absolutePath()).isWritable()) return store;
    moveAside(path);
    return openChecked(path);
}

Result<std::unique_ptr<LibraryStore>> LibraryStore::openInMemory()
{
    return openChecked(QStringLiteral(":memory:"));
}

Result<void> LibraryStore::prepareSchema()
{
    if (Result<void> made = m_database.execute("PRAGMA foreign_keys=ON"); !made) return made;
    std::int64_t version = 0;
    {
        Result<SqliteStatement> statement = m_database.prepare("PRAGMA user_version");
        if (!statement) return std::move(statement).error();
        const Result<bool> row = statement->next();
        if (!row) return row.error();
        version = statement->integer(0);
    }
    if (version == kSchemaVersion) return m_database.execute(kUserTable);
    const std::string marked = "PRAGMA user_version=" + std::to_string(kSchemaVersion);
    for (const char* sql : { "BEGIN IMMEDIATE", "DROP TABLE IF EXISTS details", "DROP TABLE IF EXISTS search", "DROP TABLE IF EXISTS files", kFileTables, kUserTable, marked.c_str(), "COMMIT" }) {
        if (Result<void> done = m_database.execute(sql); !done) return done;
    }
    return {};
}

Result<std::vector<LibraryEntryPointer>> LibraryStore::loadEntries()
{
    struct Mark {
        bool isStarred;
        std::int64_t lastUsedAt;
    };
    QHash<QString, Mark> marks;
    Result<SqliteStatement> states = m_database.prepare("SELECT path, starred, last_used FROM user_state WHERE starred OR last_used");
    if (!states) return std::move(states).error();
    Result<bool> row = states->next();
    for (; row && *row; row = states->next()) marks.insert(states->text(0), { states->integer(1) != 0, states->integer(2) });
    if (!row) return std::move(row).error();

    Result<SqliteStatement> files = m_database.prepare(
        "SELECT path, folder, size, name, title, kind, family, base, algorithm, rank, added, triggers, weight, broken, preview_source, preview_path, preview_stamp, "
        "sort_key FROM files");
    if (!files) return std::move(files).error();
    std::vector<LibraryEntryPointer> entries;
    for (row = files->next(); row && *row; row = files->next()) {
        std::shared_ptr<LibraryEntry> entry = entryOf(*files);
        if (const auto mark = marks.constFind(entry->path); mark != marks.constEnd()) {
            entry->isStarred = mark->isStarred;
            entry->lastUsedAt = mark->lastUsedAt;
        }
        entries.push_back(std::move(entry));
    }
    if (!row) return std::move(row).error();
    return entries;
}

Result<void> LibraryStore::addSearchTexts(std::vector<LibraryEntryPointer>& entries)
{
    Result<SqliteStatement> texts = m_database.prepare("SELECT path, text FROM search JOIN files USING (id) ORDER BY id");
    if (!texts) return std::move(texts).error();
    QHash<QString, LibraryEntryPointer*> byPath;
    byPath.reserve(static_cast<qsizetype>(entries.size()));
    for (LibraryEntryPointer& entry : entries) byPath.insert(entry->path, &entry);
    Result<bool> row = texts->next();
    for (; row && *row; row = texts->next()) {
        const auto found = byPath.constFind(texts->text(0));
        if (found == byPath.constEnd()) continue;
        auto complete = std::make_shared<LibraryEntry>(***found);
        complete->searchText = SearchText::fromStored(texts->view(1));
        **found = std::move(complete);
    }
    if (!row) return std::move(row).error();
    return {};
}

Result<QHash<QString, KnownFile>> LibraryStore::knownFiles(const QString& path)
{
    Result<SqliteStatement> files = m_database.prepare("SELECT path, id, folder, size, modified, companions, broken != '' FROM files WHERE ?1 = '' OR path = ?1");
    if (!files) return std::move(files).error();
    files->bind(1, path);
    QHash<QString, KnownFile> known;
    Result<bool> row = files->next();
    for (; row && *row; row = files->next()) {
        known.insert(files->text(0),
            { files->integer(1), files->text(2), { files->integer(3), files->integer(4), static_cast<std::uint64_t>(files->integer(5)) }, files->integer(6) != 0 });
    }
    if (!row) return std::move(row).error();
    return known;
}

Result<void> LibraryStore::put(const FileRecord& record)
{
    Result<SqliteStatement> file = m_database.prepare(
        "INSERT INTO files (path, folder, size, modified, companions, name, title, kind, family, base, algorithm, rank, added, triggers, weight, broken, preview_source, "
        "preview_path, preview_stamp, sort_key) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(path) DO UPDATE SET folder=excluded.folder, "
        "size=excluded.size, modified=excluded.modified, companions=excluded.companions, name=excluded.name, title=excluded.title, kind=excluded.kind, "
        "family=excluded.family, base=excluded.base, algorithm=excluded.algorithm, rank=excluded.rank, added=excluded.added, triggers=excluded.triggers, "
        "weight=excluded.weight, broken=excluded.broken, preview_source=excluded.preview_source, preview_path=excluded.preview_path, "
        "preview_stamp=excluded.preview_stamp, sort_key=excluded.sort_key RETURNING id");
    if (!file) return std::move(file).error();
    bindFile(*file, record);
    const Result<bool> row = file->next();
    if (!row) return row.error();
    const std::int64_t id = file->integer(0);
    if (Result<void> done = file->run(); !done) return done;

    Result<SqliteStatement> details = m_database.prepare("INSERT OR REPLACE INTO details VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    if (!details) return std::move(details).error();
    bindDetails(*details, id, record.details);
    if (Result<void> done = details->run(); !done) return done;

    Result<SqliteStatement> search = m_database.prepare("INSERT OR REPLACE INTO search VALUES (?,?)");
    if (!search) return std::move(search).error();
    search->bind(1, id);
    search->bind(2, std::string_view(record.entry.searchText.stored()));
    return search->run();
}

Result<void> LibraryStore::remove(std::span<const std::int64_t> ids)
{
    Result<SqliteStatement> statement = m_database.prepare("DELETE FROM files WHERE id = ?");
    if (!statement) return std::move(statement).error();
    for (const std::int64_t id : ids) {
        statement->bind(1, id);
        if (Result<void> done = statement->run(); !done) return done;
    }
    return {};
}

Result<FileDetails> LibraryStore::details(const QString& path)
{
    Result<SqliteStatement> statement = m_database.prepare(
        "SELECT description, notes, negative, hint, author, license, trained_on, resolution, precision, rank_min, rank_max, modules, tags, sha256, auto_v2, auto_v3 "
        "FROM details JOIN files USING (id) WHERE path = ?");
    if (!statement) return std::move(statement).error();
    statement->bind(1, path);
    const Result<bool> row = statement->next();
    if (!row) return row.error();
    if (!*row) return Error{ ErrorCode::FileNotFound, path.toStdString() + " is not in the library.", path.toStdString() };
    return detailsOf(*statement);
}

Result<void> LibraryStore::setHashes(const QString& path, const engine::FileDescription& hashed)
{
    Result<SqliteStatement> statement = m_database.prepare("UPDATE details SET sha256 = ?, auto_v2 = ?, auto_v3 = ? WHERE id = (SELECT id FROM files WHERE path = ?)");
    if (!statement) return std::move(statement).error();
    statement->bind(1, std::string_view(hashed.sha256));
    statement->bind(2, std::string_view(hashed.autoV2));
    statement->bind(3, std::string_view(hashed.autoV3));
    statement->bind(4, path);
    return statement->run();
}

Result<UserState> LibraryStore::userState(const QString& path)
{
    Result<SqliteStatement> row = m_database.prepare("SELECT starred, last_used, notes, triggers, negative, has_weight, weight, preview FROM user_state WHERE path = ?");
    if (!row) return std::move(row).error();
    row->bind(1, path);
    const Result<bool> found = row->next();
    if (!found) return found.error();
    UserState state;
    if (!*found) return state;
    state.isStarred = row->integer(0) != 0;
    state.lastUsedAt = row->integer(1);
    if (!row->isNothing(2)) state.texts.notes = row->text(2);
    if (!row->isNothing(3)) state.texts.triggerWords = row->words(3);
    if (!row->isNothing(4)) state.texts.negativeText = row->text(4);
    if (row->integer(5) != 0) state.texts.preferredWeight = row->isNothing(6) ? std::optional<double>() : row->real(6);
    state.previewPath = row->text(7);
    return state;
}

Result<void> LibraryStore::setUserState(const QString& path, const UserState& state)
{
    Result<SqliteStatement> row = m_database.prepare(
        "INSERT INTO user_state (path, fingerprint, starred, last_used, notes, triggers, negative, has_weight, weight, preview) VALUES (?,?,?,?,?,?,?,?,?,?) "
        "ON CONFLICT(path) DO UPDATE SET fingerprint=coalesce(excluded.fingerprint, fingerprint), starred=excluded.starred, last_used=excluded.last_used, "
        "notes=excluded.notes, triggers=excluded.triggers, negative=excluded.negative, has_weight=excluded.has_weight, weight=excluded.weight, preview=excluded.preview");
    if (!row) return std::move(row).error();
    row->bind(1, path);
    if (const QByteArray fingerprint = fingerprintOf(path); !fingerprint.isEmpty()) row->bind(2, fingerprint);
    row->bind(3, std::int64_t{ state.isStarred });
    row->bind(4, state.lastUsedAt);
    if (state.texts.notes) row->bind(5, *state.texts.notes);
    if (state.texts.triggerWords) row->bind(6, *state.texts.triggerWords);
    if (state.texts.negativeText) row->bind(7, *state.texts.negativeText);
    row->bind(8, std::int64_t{ state.texts.preferredWeight.has_value() });
    if (state.texts.preferredWeight && *state.texts.preferredWeight) row->bind(9, **state.texts.preferredWeight);
    row->bind(10, state.previewPath);
    return row->run();
}

Result<void> LibraryStore::adoptMovedState(const QString& path)
{
    Result<SqliteStatement> any = m_database.prepare("SELECT 1 FROM user_state LIMIT 1");
    if (!any) return std::move(any).error();
    const Result<bool> hasAny = any->next();
    if (!hasAny) return hasAny.error();
    const QByteArray fingerprint = *hasAny ? fingerprintOf(path) : QByteArray();
    if (fingerprint.isEmpty()) return {};
    Result<SqliteStatement> query = m_database.prepare("SELECT path FROM user_state WHERE fingerprint = ? AND NOT EXISTS (SELECT 1 FROM user_state WHERE path = ?)");
    if (!query) return std::move(query).error();
    query->bind(1, fingerprint);
    query->bind(2, path);
    QString gone;
    Result<bool> row = query->next();
    for (; row && *row && gone.isEmpty(); row = query->next()) {
        if (const QString known = query->text(0); !QFileInfo::exists(known)) gone = known;
    }
    if (!row) return std::move(row).error();
    if (gone.isEmpty()) return {};
    Result<SqliteStatement> update = m_database.prepare("UPDATE user_state SET path = ? WHERE path = ?");
    if (!update) return std::move(update).error();
    update->bind(1, path);
    update->bind(2, gone);
    return update->run();
}

} // namespace sfumato::library
