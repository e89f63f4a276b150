// SPDX-License-Identifier: Apache-2.0
#include "core/library/library_scan.h"

#include "core/library/entry_table.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QSet>

#include <algorithm>
#include <utility>

namespace sfumato::library {

namespace {

bool hasSameContent(const FileStamp& a, const FileStamp& b) noexcept
{
    return a.sizeInBytes == b.sizeInBytes && a.modifiedNs == b.modifiedNs;
}

// Hashes that were computed from a content that is still the same stay.
void keepHashes(LibraryStore& store, FileRecord& record)
{
    const Result<FileDetails> before = store.details(record.entry.path);
    if (!before || before->sha256.isEmpty()) return;
    record.details.sha256 = before->sha256;
    record.details.autoV2 = before->autoV2;
    record.details.autoV3 = before->autoV3;
}

} // namespace

LibraryEntryPointer refresh(LibraryStore& store, const FoundFile& file, const KnownFile* known, std::optional<Error>& fault)
{
    const auto note = [&](const Error& error) { fault = fault ? fault : error; };
    if (!known) {
        if (Result<void> adopted = store.adoptMovedState(file.path); !adopted) note(adopted.error());
    }
    const Result<UserState> user = store.userState(file.path);
    if (!user) note(user.error());
    FileRecord record = readRecord(file, user ? *user : UserState());
    if (known && hasSameContent(known->stamp, file.stamp)) keepHashes(store, record);
    if (Result<void> kept = store.put(record); !kept) note(kept.error());
    return std::make_shared<const LibraryEntry>(std::move(record.entry));
}

LibraryScan::LibraryScan(LibraryStore& store, QStringList folders, std::stop_token stop)
    : m_store(store), m_folders(std::move(folders)), m_stop(std::move(stop)), m_walk(m_folders)
{
}

ScanStep LibraryScan::step()
{
    ScanStep step;
    if (!m_walk.isFinished()) walk(step);
    else if (!m_isChosen)
        choose(step);
    else if (m_nextChanged < m_changed.size())
        read(step);
    else
        finish(step);
    const std::size_t unchanged = m_isChosen ? m_found.size() - m_changed.size() : 0;
    step.done = static_cast<int>(unchanged + m_nextChanged);
    step.total = static_cast<int>(m_found.size());
    return step;
}

void LibraryScan::walk(ScanStep& /*step*/)
{
    QElapsedTimer clock;
    clock.start();
    while (!m_walk.isFinished() && !m_stop.stop_requested() && !clock.hasExpired(kStepMs)) m_walk.readNext(m_found);
}

// Which files have to be read.
void LibraryScan::choose(ScanStep& step)
{
    Result<QHash<QString, KnownFile>> known = m_store.knownFiles();
    if (known) m_known = std::move(*known);
    else
        step.fault = known.error();
    for (std::size_t i = 0; i < m_found.size(); ++i) {
        const auto before = m_known.constFind(m_found[i].path);
        const bool isSame = before != m_known.constEnd() && before->stamp == m_found[i].stamp && before->folder == m_found[i].folder;
        if (!isSame) m_changed.push_back(i);
        else if (before->isBroken)
            ++m_report.broken;
    }
    m_isChosen = true;
}

void LibraryScan::read(ScanStep& step)
{
    QElapsedTimer clock;
    clock.start();
    const std::int64_t now = QDateTime::currentSecsSinceEpoch();
    note(m_store.begin(), step);
    while (m_nextChanged < m_changed.size() && !m_stop.stop_requested() && !clock.hasExpired(kStepMs)) {
        FoundFile& found = m_found[m_changed[m_nextChanged++]];
        const auto before = m_known.constFind(found.path);
        // As it is now: it, or a sidecar, may have changed since its folder was listed.
        const std::optional<FoundFile> file = found.fault.isEmpty() ? lookAt(found.path, found.folder) : found;
        if (!file) {
            found.path.clear(); // gone meanwhile
            continue;
        }
        LibraryEntryPointer entry = refresh(m_store, *file, before == m_known.constEnd() ? nullptr : &*before, step.fault);
        if (!entry->broken.isEmpty()) {
            ++m_report.broken;
            m_isGrowing |= now - file->stamp.modifiedNs / 1'000'000'000 < kGrowthSeconds;
        }
        step.changed.push_back(std::move(entry));
    }
    note(m_store.commit(), step);
}

// Files that are gone leave; those of folders that cannot be reached stay as they were.
void LibraryScan::finish(ScanStep& step)
{
    QSet<QString> paths;
    for (const FoundFile& file : m_found) paths.insert(file.path);
    std::vector<std::int64_t> ids;
    for (auto known = m_known.constBegin(); known != m_known.constEnd(); ++known) {
        if (paths.contains(known.key()) || isBelowAny(known.key(), m_walk.unreachable())) continue;
        ids.push_back(known->id);
        step.removed << known.key();
    }
    note(m_store.begin(), step);
    note(m_store.remove(ids), step);
    note(m_store.commit(), step);
    step.isFinished = true;
    step.visited = m_walk.visited();
    step.isGrowing = m_isGrowing;
    step.report = m_report;
    step.report.found = static_cast<int>(m_found.size());
    step.report.read = static_cast<int>(m_changed.size());
    step.report.removed = static_cast<int>(ids.size());
    step.report.unreachable = m_walk.unreachable();
    step.report.isComplete = true;
}

void LibraryScan::note(const Result<void>& outcome, ScanStep& step) const
{
    if (!outcome && !step.fault) step.fault = outcome.error();
}

} // namespace sfumato::library
