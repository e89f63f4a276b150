// EntryTable: the entries of an index, found by path.
// Thread: GUI. Owner: LibraryIndex.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/library/library_entry.h"

#include <QHash>

#include <span>
#include <vector>

namespace sfumato::library {

class EntryTable {
public:
    [[nodiscard]] std::span<const LibraryEntryPointer> entries() const noexcept { return m_entries; }
    [[nodiscard]] LibraryEntryPointer find(const QString& path) const; // null when there is none

    void assign(std::vector<LibraryEntryPointer> entries);
    // Replaces or adds.
    void put(LibraryEntryPointer entry);
    void remove(const QString& path);
    // Keeps the entries below one of the folders. False when none had to go.
    bool keepBelow(const QStringList& folders);

private:
    std::vector<LibraryEntryPointer> m_entries;
    QHash<QString, std::size_t> m_byPath;
};

// Whether a path lies in one of the folders or below it.
[[nodiscard]] bool isBelowAny(const QString& path, const QStringList& folders);

} // namespace sfumato::library
