// ThumbnailStore: small pictures in a SQLite file, so that a card that was seen once appears at once the next time.
// Thread: one at a time; several stores may use one file. Owner: ThumbnailCache, one a thread.
// It can be deleted at any time. Without a file it keeps nothing.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/library/library_entry.h"
#include "core/library/store/sqlite_database.h"

#include <QImage>

#include <optional>

namespace sfumato::library {

class ThumbnailStore {
public:
    static constexpr int kSide = 384;           // at most, of what is kept
    static constexpr int kMaxPictures = 20'000; // the oldest go; about 20 KiB each

    explicit ThumbnailStore(const QString& path);

    // Null when it is not kept or the preview has changed since.
    [[nodiscard]] QImage find(const PreviewPlace& preview);
    void put(const PreviewPlace& preview, const QImage& picture);

private:
    std::optional<SqliteDatabase> m_database;
    int m_sinceTrim = 0;
};

} // namespace sfumato::library
