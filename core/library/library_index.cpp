// SPDX-License-Identifier: Apache-2.0
#include "core/library/library_index.h"

#include "core/jobs/background_tasks.h"
#include "core/library/entry_table.h"
#include "core/library/files/folder_watch.h"
#include "core/library/library_edit.h"
#include "core/library/library_scan.h"
#include "core/library/files/model_path.h"

#include <QDateTime>
#include <QDir>
#include <QTimer>

#include <algorithm>
#include <stop_token>
#include <utility>

namespace sfumato::library {

namespace {

constexpr int kTellMs = 150;    // at most this often while a scan goes on
constexpr int kGrowthMs = 3000; // until a file that is arriving is looked at again

struct Loaded {
    std::vector<LibraryEntryPointer> entries;
    std::optional<Error> fault;
};

// Opens the store at its place, or one that keeps nothing.
Loaded openStore(const QString& path, std::unique_ptr<LibraryStore>& store)
{
    Loaded loaded;
    Result<std::unique_ptr<LibraryStore>> opened = LibraryStore::open(path);
    if (!opened) {
        loaded.fault = opened.error();
        opened = LibraryStore::openInMemory();
    }
    if (!opened) return loaded;
    store = std::move(*opened);
    Result<std::vector<LibraryEntryPointer>> entries = store->loadEntries();
    if (entries) loaded.entries = std::move(*entries);
    else
        loaded.fault = entries.error();
    return loaded;
}

QStringList mergedFolders(const QStringList& folders)
{
    QStringList sorted;
    for (const QString& folder : folders) {
        if (!folder.isEmpty()) sorted << QDir::cleanPath(QDir(folder).absolutePath());
    }
    std::ranges::sort(sorted);
    QStringList merged;
    for (const QString& folder : sorted) {
        if (!merged.contains(folder) && !isBelowAny(folder, merged)) merged << folder;
    }
    return merged;
}

Error storeMissing()
{
    return { ErrorCode::Internal, "The library's database could not be opened.", {} };
}

using ApplyEdit = std::function<Result<EditDone>(LibraryStore&, const LibraryEntry&)>;

} // namespace

struct LibraryIndex::Private {
    Private(LibraryIndex& owner, LibraryOptions chosen) : index(owner), options(std::move(chosen)), watch(options.maxWatchedFolders) { }

    void load();
    void noteLoaded(Loaded loaded);
    void loadSearchTexts();
    void startScan();
    void endScan();
    void step();
    void noteStep(const std::shared_ptr<LibraryScan>& from, ScanStep step);
    void noteFinished(ScanStep& step);
    void replace(const LibraryEntryPointer& entry);
    void markUnreachable();
    void changeUser(const QString& path, const std::function<void(LibraryEntry&)>& change, const std::function<void(UserState&)>& keep);
    void startEdit(const QString& path, ApplyEdit apply, std::function<void(Result<EditOutcome>)> receive);
    void tell();

    LibraryIndex& index;
    LibraryOptions options;
    EntryTable table;
    QStringList folders;
    QStringList unreachable;
    bool hasFolders = false;
    bool isLoaded = false;
    bool isScanWanted = false;
    bool isStoreFaultTold = false;
    std::shared_ptr<LibraryScan> scan;
    std::stop_source scanStop;
    std::stop_source hashStop;
    FolderWatch watch;
    QTimer tellTimer;
    QTimer growthTimer;
    std::unique_ptr<LibraryStore> store; // of the tasks' thread alone
    jobs::BackgroundTasks tasks;         // these two last: they use all of the above
    jobs::BackgroundTasks hashing;
};

void LibraryIndex::Private::load()
{
    tasks.run([this, path = options.indexPath] { return openStore(path, store); }, [this](Loaded loaded) { noteLoaded(std::move(loaded)); });
}

void LibraryIndex::Private::noteLoaded(Loaded loaded)
{
    table.assign(std::move(loaded.entries));
    if (hasFolders) table.keepBelow(folders);
    loadSearchTexts();
    isLoaded = true;
    if (loaded.fault) {
        isStoreFaultTold = true;
        Q_EMIT index.storeFailed(QString::fromStdString(loaded.fault->message));
    }
    Q_EMIT index.loaded();
    tell();
    if (std::exchange(isScanWanted, false)) startScan();
}

// The cards are there; now what a search looks at. This is queued before any scan, so that no older text replaces a newer one.
void LibraryIndex::Private::loadSearchTexts()
{
    std::vector<LibraryEntryPointer> known(table.entries().begin(), table.entries().end());
    const auto complete = [this, entries = std::move(known)]() mutable {
        const bool isDone = store && store->addSearchTexts(entries);
        return isDone ? std::move(entries) : std::vector<LibraryEntryPointer>();
    };
    tasks.run(complete, [this](const std::vector<LibraryEntryPointer>& entries) {
        for (const LibraryEntryPointer& entry : entries) {
            if (table.find(entry->path)) replace(entry);
        }
        if (!entries.empty()) tell();
    });
}

void LibraryIndex::Private::startScan()
{
    if (!isLoaded || scan) {
        isScanWanted = true;
        return;
    }
    if (!hasFolders || !store) return;
    growthTimer.stop();
    scanStop = std::stop_source();
    scan = std::make_shared<LibraryScan>(*store, folders, scanStop.get_token());
    step();
}

// Ends the scan that is running, if one is.
void LibraryIndex::Private::endScan()
{
    if (!scan) return;
    scanStop.request_stop();
    scan.reset();
    tell();
    Q_EMIT index.scanFinished({});
}

void LibraryIndex::Private::step()
{
    tasks.run([current = scan] { return current->step(); }, [this, current = scan](ScanStep done) { noteStep(current, std::move(done)); });
}

void LibraryIndex::Private::noteStep(const std::shared_ptr<LibraryScan>& from, ScanStep done)
{
    // What an ended scan has read is true all the same, unless its folders are no longer watched.
    for (const LibraryEntryPointer& entry : done.changed) {
        if (isBelowAny(entry->path, folders)) replace(entry);
    }
    for (const QString& path : done.removed) table.remove(path);
    if ((!done.changed.empty() || !done.removed.isEmpty()) && !tellTimer.isActive()) tellTimer.start();
    if (done.fault && !std::exchange(isStoreFaultTold, true)) Q_EMIT index.storeFailed(QString::fromStdString(done.fault->message));
    if (from != scan) return;
    Q_EMIT index.scanProgressed(done.done, done.total);
    if (done.isFinished) noteFinished(done);
    else if (from == scan)
        step();
}

void LibraryIndex::Private::noteFinished(ScanStep& done)
{
    scan.reset();
    watch.setFolders(done.visited);
    if (done.isGrowing) growthTimer.start();
    if (std::exchange(unreachable, done.report.unreachable) != unreachable) markUnreachable();
    tell();
    Q_EMIT index.scanFinished(done.report);
    if (std::exchange(isScanWanted, false)) startScan();
}

// Star and use as they are here are newer than what a step on the other thread has read.
void LibraryIndex::Private::replace(const LibraryEntryPointer& entry)
{
    const LibraryEntryPointer before = table.find(entry->path);
    if (!before || (before->isStarred == entry->isStarred && before->lastUsedAt == entry->lastUsedAt)) {
        table.put(entry);
        return;
    }
    auto merged = std::make_shared<LibraryEntry>(*entry);
    merged->isStarred = before->isStarred;
    merged->lastUsedAt = before->lastUsedAt;
    table.put(std::move(merged));
}

// Entries of folders that are gone (a disk was unplugged) become sentences; those of folders that are back are what the store knows.
void LibraryIndex::Private::markUnreachable()
{
    const auto reload = [this] {
        Result<std::vector<LibraryEntryPointer>> entries = store->loadEntries();
        const bool isDone = entries && store->addSearchTexts(*entries);
        return isDone ? std::move(*entries) : std::vector<LibraryEntryPointer>();
    };
    tasks.run(reload, [this](const std::vector<LibraryEntryPointer>& entries) {
        for (const LibraryEntryPointer& known : entries) {
            if (!isBelowAny(known->path, folders)) continue;
            auto entry = std::make_shared<LibraryEntry>(*known);
            const auto lost = std::ranges::find_if(unreachable, [&](const QString& folder) { return isBelowAny(known->path, { folder }); });
            if (lost != unreachable.end()) entry->broken = QStringLiteral("The folder %1 cannot be reached.").arg(*lost);
            replace(entry);
        }
        tell();
    });
}

void LibraryIndex::Private::changeUser(const QString& path, const std::function<void(LibraryEntry&)>& change, const std::function<void(UserState&)>& keep)
{
    const LibraryEntryPointer before = table.find(path);
    if (!before) return;
    auto after = std::make_shared<LibraryEntry>(*before);
    change(*after);
    table.put(std::move(after));
    tell();
    const auto task = [this, path, keep]() -> Result<void> {
        if (!store) return storeMissing();
        Result<UserState> state = store->userState(path);
        if (!state) return std::move(state).error();
        keep(*state);
        return store->setUserState(path, *state);
    };
    tasks.run(task, [this](const Result<void>& kept) {
        if (!kept && !std::exchange(isStoreFaultTold, true)) Q_EMIT index.storeFailed(QString::fromStdString(kept.error().message));
    });
}

// `apply` runs on the other thread, where file, sidecars and store are.
void LibraryIndex::Private::startEdit(const QString& path, ApplyEdit apply, std::function<void(Result<EditOutcome>)> receive)
{
    const auto task = [this, path, entry = table.find(path), apply = std::move(apply)]() -> Result<EditDone> {
        if (!store) return storeMissing();
        if (!entry) return Error{ ErrorCode::FileNotFound, path.toStdString() + " is not in the library.", path.toStdString() };
        return apply(*store, *entry);
    };
    tasks.run(task, [this, receive = std::move(receive)](const Result<EditDone>& done) {
        if (done) {
            replace(done->entry);
            tell();
        }
        receive(done ? Result<EditOutcome>(done->outcome) : Result<EditOutcome>(done.error()));
    });
}

void LibraryIndex::Private::tell()
{
    tellTimer.stop();
    Q_EMIT index.entriesChanged();
}

LibraryIndex::LibraryIndex(LibraryOptions options, QObject* parent) : QObject(parent), m_private(std::make_unique<Private>(*this, std::move(options)))
{
    m_private->tellTimer.setSingleShot(true);
    m_private->tellTimer.setInterval(kTellMs);
    m_private->growthTimer.setSingleShot(true);
    m_private->growthTimer.setInterval(kGrowthMs);
    connect(&m_private->tellTimer, &QTimer::timeout, this, [this] { m_private->tell(); });
    connect(&m_private->growthTimer, &QTimer::timeout, this, &LibraryIndex::rescan);
    connect(&m_private->watch, &FolderWatch::changed, this, &LibraryIndex::rescan);
    m_private->load();
}

LibraryIndex::~LibraryIndex()
{
    m_private->scanStop.request_stop();
    m_private->hashStop.request_stop();
}

void LibraryIndex::setFolders(const QStringList& folders)
{
    Private& p = *m_private;
    const QStringList merged = mergedFolders(folders);
    if (p.hasFolders && merged == p.folders) return;
    p.hasFolders = true;
    p.folders = merged;
    p.endScan();
    if (p.table.keepBelow(merged)) p.tell();
    p.startScan();
}

const QStringList& LibraryIndex::folders() const noexcept
{
    return m_private->folders;
}

void LibraryIndex::rescan()
{
    m_private->startScan();
}

void LibraryIndex::cancelScan()
{
    m_private->isScanWanted = false;
    m_private->endScan();
}

bool LibraryIndex::isScanning() const noexcept
{
    return m_private->scan != nullptr;
}

bool LibraryIndex::isLoaded() const noexcept
{
    return m_private->isLoaded;
}

std::span<const LibraryEntryPointer> LibraryIndex::entries() const noexcept
{
    return m_private->table.entries();
}

LibraryEntryPointer LibraryIndex::find(const QString& path) const
{
    return m_private->table.find(path);
}

void LibraryIndex::setStarred(const QString& path, bool isStarred)
{
    m_private->changeUser(
        path, [=](LibraryEntry& entry) { entry.isStarred = isStarred; }, [=](UserState& state) { state.isStarred = isStarred; });
}

void LibraryIndex::noteUse(const QString& path)
{
    const std::int64_t now = QDateTime::currentSecsSinceEpoch();
    m_private->changeUser(
        path, [=](LibraryEntry& entry) { entry.lastUsedAt = now; }, [=](UserState& state) { state.lastUsedAt = now; });
}

void LibraryIndex::readDetails(const QString& path, std::function<void(Result<FileDetails>)> receive)
{
    m_private->tasks.run([p = m_private.get(), path]() -> Result<FileDetails> {
        if (!p->store) return storeMissing();
        return p->store->details(path); }, std::move(receive));
}

void LibraryIndex::edit(const QString& path, const SidecarEdit& edit, std::function<void(Result<EditOutcome>)> receive)
{
    m_private->startEdit(
        path, [edit](LibraryStore& store, const LibraryEntry& entry) { return applyEdit(store, entry, edit); }, std::move(receive));
}

void LibraryIndex::setPreview(const QString& path, const QImage& picture, document::ExistingFile existing, std::function<void(Result<EditOutcome>)> receive)
{
    const PreviewEdit edit{ picture, existing, m_private->options.indexPath + QLatin1String(".previews") };
    m_private->startEdit(
        path, [edit](LibraryStore& store, const LibraryEntry& entry) { return applyPreview(store, entry, edit); }, std::move(receive));
}

void LibraryIndex::computeHashes(const QString& path, std::function<void(Result<FileDetails>)> receive)
{
    Private* p = m_private.get();
    engine::DescribeOptions options;
    options.hashes = true;
    options.stop = p->hashStop.get_token();
    const auto hash = [path, options] { return engine::describeFile(toFilePath(path), options); };
    p->hashing.run(hash, [p, path, receive = std::move(receive)](Result<engine::FileDescription> hashed) {
        p->tasks.run([p, path, hashed = std::move(hashed)]() -> Result<FileDetails> {
            if (!p->store) return storeMissing();
            if (!hashed) return hashed.error();
            if (const Result<void> kept = p->store->setHashes(path, *hashed); !kept) return kept.error();
            return p->store->details(path); }, receive);
    });
}

} // namespace sfumato::library
