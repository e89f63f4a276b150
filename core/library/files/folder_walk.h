// FolderWalk: finds the model files below some folders, folder by folder.
// Thread: any, one at a time. Owner: the scan.
// Links to folders are followed, each folder is read once however many links lead to it. Hidden folders are left out.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/library/files/file_record.h"

#include <deque>
#include <set>
#include <utility>
#include <vector>

namespace sfumato::library {

class FolderWalk {
public:
    static constexpr int kMaxDepth = 32;
    static constexpr std::size_t kMaxFolders = 50'000;
    static constexpr std::size_t kMaxFiles = 500'000;

    explicit FolderWalk(const QStringList& folders);

    [[nodiscard]] bool isFinished() const noexcept { return m_waiting.empty(); }
    // Reads one folder and appends its model files; its subfolders wait their turn.
    void readNext(std::vector<FoundFile>& found);

    [[nodiscard]] const QStringList& visited() const noexcept { return m_visited; }         // nearest to the watched folders first
    [[nodiscard]] const QStringList& unreachable() const noexcept { return m_unreachable; } // watched folders that cannot be read

private:
    struct Waiting {
        QString path;
        QString watched;
        int depth = 0;
    };

    [[nodiscard]] bool isNew(const QString& path);

    std::deque<Waiting> m_waiting;
    std::set<std::pair<std::uint64_t, std::uint64_t>> m_seen; // device and inode
    QStringList m_visited;
    QStringList m_unreachable;
};

} // namespace sfumato::library
