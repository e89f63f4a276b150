// LibraryScan: brings the store up to date with the watched folders, in short steps; and the same for one file.
// Thread: one at a time (the index's background thread). Owner: shared by LibraryIndex and the step that is running.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/library/files/folder_walk.h"
#include "core/library/library_index.h"
#include "core/library/store/library_store.h"

#include <optional>
#include <stop_token>
#include <vector>

namespace sfumato::library {

struct ScanStep {
    std::vector<LibraryEntryPointer> changed; // new ones too
    QStringList removed;
    int done = 0;
    int total = 0;
    bool isFinished = false;
    ScanReport report;          // of the finished scan
    QStringList visited;        // of the finished scan: all folders, nearest first
    bool isGrowing = false;     // of the finished scan: a broken file was being written a moment ago
    std::optional<Error> fault; // of the store; the scan goes on without it
};

class LibraryScan {
public:
    static constexpr int kStepMs = 40;                 // and at most one file longer
    static constexpr std::int64_t kGrowthSeconds = 60; // a broken file younger than this may still be arriving

    LibraryScan(LibraryStore& store, QStringList folders, std::stop_token stop);

    [[nodiscard]] ScanStep step();

private:
    void walk(ScanStep& step);
    void choose(ScanStep& step);
    void read(ScanStep& step);
    void finish(ScanStep& step);
    void note(const Result<void>& outcome, ScanStep& step) const;

    LibraryStore& m_store;
    QStringList m_folders;
    std::stop_token m_stop;
    FolderWalk m_walk;
    std::vector<FoundFile> m_found;
    bool m_isChosen = false;
    QHash<QString, KnownFile> m_known;
    std::vector<std::size_t> m_changed; // indices into m_found
    std::size_t m_nextChanged = 0;
    ScanReport m_report;
    bool m_isGrowing = false;
};

// Reads one file and keeps it. `known`: what the store had of it, or null. The entry is there even when the store fails (`fault` then says why).
[[nodiscard]] LibraryEntryPointer refresh(LibraryStore& store, const FoundFile& file, const KnownFile* known, std::optional<Error>& fault);

} // namespace sfumato::library
