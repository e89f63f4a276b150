// LoraListModel: the files of the library that match a query, as rows for a view; rows beyond the first page are added when the view asks for them.
// Thread: GUI. Owner: the view's owner; index and cache outlive it.
// All texts are plain: a view must not let Qt guess (use the plain-text label factory and delegates that paint).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/library/library_index.h"
#include "core/library/library_query.h"
#include "core/library/thumbnail_cache.h"

#include <QAbstractListModel>
#include <QHash>
#include <QSize>

#include <vector>

namespace sfumato::library {

enum class LoraRole {
    Path = Qt::UserRole + 1, // QString
    Title,                   // QString; empty when the file has none
    BaseLabel,               // QString
    FitsModel,               // bool: false when it was made for another base than setModelFamily() says
    TriggerWords,            // QStringList
    PreferredWeight,         // double, or invalid
    IsStarred,               // bool; may be set
    Broken,                  // QString: one sentence, or empty
    Algorithm,               // QString
    Rank,                    // int
    SizeInBytes,             // qint64
    AddedAt,                 // QDateTime
    LastUsedAt,              // QDateTime, invalid: never
};

class LoraListModel : public QAbstractListModel {
    Q_OBJECT

public:
    static constexpr int kPageRows = 200;

    LoraListModel(LibraryIndex& index, ThumbnailCache& thumbnails, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    // DisplayRole: the name. DecorationRole: the thumbnail as QImage, null until it has arrived. Further roles: LoraRole.
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override; // LoraRole::IsStarred only
    [[nodiscard]] bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;
    // Entries can be dragged, broken ones cannot; the MIME data is a list of file URLs.
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    [[nodiscard]] QStringList mimeTypes() const override;
    [[nodiscard]] QMimeData* mimeData(const QModelIndexList& indexes) const override;

    // Answers at once and resets the model.
    void setQuery(const LibraryQuery& query);
    [[nodiscard]] const LibraryQuery& query() const noexcept { return m_query; }
    // The base of the loaded model; Unknown: everything fits.
    void setModelFamily(engine::ModelFamily family);
    void setThumbnailSize(const QSize& devicePixels);

    [[nodiscard]] int matchCount() const noexcept { return static_cast<int>(m_matches.size()); } // all, not only the rows fetched
    [[nodiscard]] int ofOtherFamilies() const noexcept { return m_ofOtherFamilies; }             // hidden by query().family alone
    // Null for an invalid index.
    [[nodiscard]] LibraryEntryPointer entryAt(const QModelIndex& index) const;
    // Fetches rows up to it; invalid when it does not match the query.
    [[nodiscard]] QModelIndex indexOf(const QString& path);

Q_SIGNALS:
    void matchCountChanged();

private:
    void update();
    void replaceRows(std::vector<LibraryEntryPointer> matches);
    void sortRows(const QHash<QString, int>& wanted);
    void noteChanges(std::vector<LibraryEntryPointer> matches);
    void noteThumbnail(const QString& path);

    LibraryIndex& m_index;
    ThumbnailCache& m_thumbnails;
    LibraryQuery m_query;
    engine::ModelFamily m_modelFamily = engine::ModelFamily::Unknown;
    QSize m_thumbnailSize{ 256, 384 };
    std::vector<LibraryEntryPointer> m_matches;
    int m_shownRows = 0; // the first of m_matches
    int m_ofOtherFamilies = 0;
    bool m_isChanging = false; // no page is fetched from within a signal about rows
};

} // namespace sfumato::library
