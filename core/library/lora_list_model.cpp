// SPDX-License-Identifier: Apache-2.0
#include "core/library/lora_list_model.h"

#include <QDateTime>
#include <QHash>
#include <QMimeData>
#include <QScopedValueRollback>
#include <QUrl>

#include <algorithm>
#include <utility>

namespace sfumato::library {

namespace {

QDateTime toDateTime(std::int64_t seconds)
{
    return seconds == 0 ? QDateTime() : QDateTime::fromSecsSinceEpoch(seconds);
}

QVariant fieldOf(const LibraryEntry& entry, LoraRole role)
{
    switch (role) {
    case LoraRole::Path: return entry.path;
    case LoraRole::Title: return entry.title;
    case LoraRole::BaseLabel: return entry.baseLabel;
    case LoraRole::TriggerWords: return entry.triggerWords;
    case LoraRole::PreferredWeight: return entry.preferredWeight ? QVariant(*entry.preferredWeight) : QVariant();
    case LoraRole::IsStarred: return entry.isStarred;
    case LoraRole::Broken: return entry.broken;
    case LoraRole::Algorithm: return entry.algorithm;
    case LoraRole::Rank: return entry.rank;
    case LoraRole::SizeInBytes: return QVariant::fromValue<qint64>(entry.sizeInBytes);
    case LoraRole::AddedAt: return toDateTime(entry.addedAt);
    case LoraRole::LastUsedAt: return toDateTime(entry.lastUsedAt);
    case LoraRole::FitsModel: break; // of model and entry together
    }
    return {};
}

using Rows = std::vector<LibraryEntryPointer>;

QHash<QString, int> rowsByPath(const Rows& rows, int count)
{
    QHash<QString, int> byPath;
    byPath.reserve(count);
    for (int row = 0; row < count; ++row) byPath.insert(rows[static_cast<std::size_t>(row)]->path, row);
    return byPath;
}

} // namespace

LoraListModel::LoraListModel(LibraryIndex& index, ThumbnailCache& thumbnails, QObject* parent) : QAbstractListModel(parent), m_index(index), m_thumbnails(thumbnails)
{
    connect(&index, &LibraryIndex::entriesChanged, this, &LoraListModel::update);
    connect(&thumbnails, &ThumbnailCache::arrived, this, &LoraListModel::noteThumbnail);
    update();
}

int LoraListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_shownRows;
}

QVariant LoraListModel::data(const QModelIndex& index, int role) const
{
    const LibraryEntryPointer entry = entryAt(index);
    if (!entry) return {};
    if (role == Qt::DisplayRole) return entry->name;
    if (role == Qt::DecorationRole) return m_thumbnails.thumbnail(*entry, m_thumbnailSize);
    if (role < static_cast<int>(LoraRole::Path) || role > static_cast<int>(LoraRole::LastUsedAt)) return {};
    if (role == static_cast<int>(LoraRole::FitsModel)) return fitsFamily(*entry, m_modelFamily);
    return fieldOf(*entry, static_cast<LoraRole>(role));
}

bool LoraListModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    const LibraryEntryPointer entry = entryAt(index);
    if (!entry || role != static_cast<int>(LoraRole::IsStarred)) return false;
    m_index.setStarred(entry->path, value.toBool());
    return true;
}

bool LoraListModel::canFetchMore(const QModelIndex& parent) const
{
    return !parent.isValid() && !m_isChanging && m_shownRows < matchCount();
}

void LoraListModel::fetchMore(const QModelIndex& parent)
{
    if (!canFetchMore(parent)) return;
    const QScopedValueRollback changing(m_isChanging, true);
    const int count = std::min(kPageRows, matchCount() - m_shownRows);
    beginInsertRows({}, m_shownRows, m_shownRows + count - 1);
    m_shownRows += count;
    endInsertRows();
}

Qt::ItemFlags LoraListModel::flags(const QModelIndex& index) const
{
    const LibraryEntryPointer entry = entryAt(index);
    if (!entry) return Qt::NoItemFlags;
    const Qt::ItemFlags shown = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    return entry->broken.isEmpty() ? shown | Qt::ItemIsDragEnabled : shown;
}

QStringList LoraListModel::mimeTypes() const
{
    return { QStringLiteral("text/uri-list") };
}

QMimeData* LoraListModel::mimeData(const QModelIndexList& indexes) const
{
    QList<QUrl> urls;
    for (const QModelIndex& index : indexes) {
        if (const LibraryEntryPointer entry = entryAt(index)) urls << QUrl::fromLocalFile(entry->path);
    }
    auto content = std::make_unique<QMimeData>();
    content->setUrls(urls);
    return content.release(); // the caller owns it, as QAbstractItemModel says
}

void LoraListModel::setQuery(const LibraryQuery& query)
{
    m_query = query;
    QueryAnswer answer = runQuery(m_index.entries(), m_query, QDateTime::currentSecsSinceEpoch());
    beginResetModel();
    m_matches = std::move(answer.entries);
    m_ofOtherFamilies = answer.ofOtherFamilies;
    m_shownRows = std::min(kPageRows, matchCount());
    endResetModel();
    Q_EMIT matchCountChanged();
}

void LoraListModel::setModelFamily(engine::ModelFamily family)
{
    if (std::exchange(m_modelFamily, family) == family || m_shownRows == 0) return;
    Q_EMIT dataChanged(index(0), index(m_shownRows - 1), { static_cast<int>(LoraRole::FitsModel) });
}

void LoraListModel::setThumbnailSize(const QSize& devicePixels)
{
    if (std::exchange(m_thumbnailSize, devicePixels) == devicePixels || m_shownRows == 0) return;
    m_thumbnails.forgetWaiting();
    Q_EMIT dataChanged(index(0), index(m_shownRows - 1), { Qt::DecorationRole });
}

LibraryEntryPointer LoraListModel::entryAt(const QModelIndex& index) const
{
    const bool isOurs = index.isValid() && index.model() == this && index.row() < m_shownRows;
    return isOurs ? m_matches[static_cast<std::size_t>(index.row())] : nullptr;
}

QModelIndex LoraListModel::indexOf(const QString& path)
{
    const auto found = std::ranges::find_if(m_matches, [&](const LibraryEntryPointer& entry) { return entry->path == path; });
    if (found == m_matches.end()) return {};
    const int row = static_cast<int>(found - m_matches.begin());
    while (m_shownRows <= row && canFetchMore({})) fetchMore({});
    return index(row); // invalid for a row that is not shown
}

void LoraListModel::update()
{
    QueryAnswer answer = runQuery(m_index.entries(), m_query, QDateTime::currentSecsSinceEpoch());
    m_ofOtherFamilies = answer.ofOtherFamilies;
    replaceRows(std::move(answer.entries));
    Q_EMIT matchCountChanged();
}

// Brings the rows that are shown from the old answer to the new one without losing selection and place: rows that are gone leave, the others move, new ones come.
void LoraListModel::replaceRows(std::vector<LibraryEntryPointer> matches)
{
    const QScopedValueRollback changing(m_isChanging, true);
    const int target = std::min(std::max(m_shownRows, kPageRows), static_cast<int>(matches.size()));
    const QHash<QString, int> wanted = rowsByPath(matches, target);
    const auto isWanted = [&](int row) { return wanted.contains(m_matches[static_cast<std::size_t>(row)]->path); };
    m_matches.resize(static_cast<std::size_t>(m_shownRows)); // those beyond were never shown
    for (int last = m_shownRows - 1; last >= 0; --last) {
        if (isWanted(last)) continue;
        int first = last;
        while (first > 0 && !isWanted(first - 1)) --first;
        beginRemoveRows({}, first, last);
        m_matches.erase(m_matches.begin() + first, m_matches.begin() + last + 1);
        m_shownRows = static_cast<int>(m_matches.size());
        endRemoveRows();
        last = first;
    }
    sortRows(wanted);
    for (int row = 0; row < target; ++row) {
        const auto isOld = [&](int at) { return m_shownRows > row && m_matches[static_cast<std::size_t>(row)]->path == matches[static_cast<std::size_t>(at)]->path; };
        if (isOld(row)) continue;
        int last = row;
        while (last + 1 < target && !isOld(last + 1)) ++last;
        beginInsertRows({}, row, last);
        m_matches.insert(m_matches.begin() + row, matches.begin() + row, matches.begin() + last + 1);
        m_shownRows = static_cast<int>(m_matches.size());
        endInsertRows();
        row = last;
    }
    noteChanges(std::move(matches));
}

// The rows that stay, in their new order and still with their old content.
void LoraListModel::sortRows(const QHash<QString, int>& wanted)
{
    const auto orderOf = [&](const LibraryEntryPointer& entry) { return wanted.value(entry->path); };
    if (std::ranges::is_sorted(m_matches, {}, orderOf)) return;
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const QModelIndexList before = persistentIndexList();
    std::vector<QString> paths;
    for (const QModelIndex& index : before) paths.push_back(m_matches[static_cast<std::size_t>(index.row())]->path);
    std::ranges::sort(m_matches, {}, orderOf);
    const QHash<QString, int> rows = rowsByPath(m_matches, m_shownRows);
    QModelIndexList after;
    for (const QString& path : paths) after << index(rows.value(path));
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

// Takes the new content over and tells which rows differ.
void LoraListModel::noteChanges(std::vector<LibraryEntryPointer> matches)
{
    m_matches.swap(matches);
    for (int row = 0; row < m_shownRows; ++row) {
        const auto differs = [&](int at) { return at < m_shownRows && m_matches[static_cast<std::size_t>(at)] != matches[static_cast<std::size_t>(at)]; };
        if (!differs(row)) continue;
        int last = row;
        while (differs(last + 1)) ++last;
        Q_EMIT dataChanged(index(row), index(last));
        row = last;
    }
}

void LoraListModel::noteThumbnail(const QString& path)
{
    const auto end = m_matches.begin() + m_shownRows;
    const auto found = std::find_if(m_matches.begin(), end, [&](const LibraryEntryPointer& entry) { return entry->path == path; });
    if (found == end) return;
    const QModelIndex changed = index(static_cast<int>(found - m_matches.begin()));
    Q_EMIT dataChanged(changed, changed, { Qt::DecorationRole });
}

} // namespace sfumato::library
