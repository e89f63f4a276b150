// SPDX-License-Identifier: Apache-2.0
#include "core/library/entry_table.h"

#include <algorithm>
#include <utility>

namespace sfumato::library {

bool isBelowAny(const QString& path, const QStringList& folders)
{
    return std::ranges::any_of(folders, [&](const QString& folder) { return path.startsWith(folder) && (folder.endsWith(u'/') || path.mid(folder.size(), 1) == u"/"); });
}

LibraryEntryPointer EntryTable::find(const QString& path) const
{
    const auto row = m_byPath.constFind(path);
    return row == m_byPath.constEnd() ? nullptr : m_entries[*row];
}

void EntryTable::assign(std::vector<LibraryEntryPointer> entries)
{
    m_entries = std::move(entries);
    m_byPath.clear();
    m_byPath.reserve(static_cast<qsizetype>(m_entries.size()));
    for (std::size_t row = 0; row < m_entries.size(); ++row) m_byPath.insert(m_entries[row]->path, row);
}

void EntryTable::put(LibraryEntryPointer entry)
{
    const auto row = m_byPath.constFind(entry->path);
    if (row != m_byPath.constEnd()) {
        m_entries[*row] = std::move(entry);
        return;
    }
    m_byPath.insert(entry->path, m_entries.size());
    m_entries.push_back(std::move(entry));
}

void EntryTable::remove(const QString& path)
{
    const auto found = m_byPath.constFind(path);
    if (found == m_byPath.constEnd()) return;
    const std::size_t row = *found;
    m_byPath.erase(found);
    if (row + 1 != m_entries.size()) {
        m_entries[row] = std::move(m_entries.back());
        m_byPath[m_entries[row]->path] = row;
    }
    m_entries.pop_back();
}

bool EntryTable::keepBelow(const QStringList& folders)
{
    std::vector<LibraryEntryPointer> kept;
    for (const LibraryEntryPointer& entry : m_entries) {
        if (isBelowAny(entry->path, folders)) kept.push_back(entry);
    }
    if (kept.size() == m_entries.size()) return false;
    assign(std::move(kept));
    return true;
}

} // namespace sfumato::library
