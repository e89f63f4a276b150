// ThumbnailCache: the pictures of cards, decoded and scaled in the background, a bounded number of them kept.
// Thread: GUI; decoding on threads of its own. Owner: whoever shows cards; it outlives the models that use it.
// Pictures come from anywhere: file size, pixels and the size of pictures inside headers are bounded, and the decoders are those of core/document/io.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/library/library_entry.h"

#include <QImage>
#include <QObject>
#include <QSize>

#include <memory>

namespace sfumato::library {

struct ThumbnailOptions {
    std::int64_t maxBytes = std::int64_t{ 96 } << 20; // of kept pictures
    QString storePath;                                // of a file that keeps small pictures between starts; empty: none
};

class ThumbnailCache : public QObject {
    Q_OBJECT

public:
    explicit ThumbnailCache(ThumbnailOptions options = {}, QObject* parent = nullptr);
    ~ThumbnailCache() override;

    // The picture, scaled to cover `size` (device pixels; at most kMaxSide a side) and cut to it at the centre, RGB32 or premultiplied ARGB32. Null when there is none,
    // when it cannot be read, or not yet: then arrived() follows. The latest wishes are answered first.
    [[nodiscard]] QImage thumbnail(const LibraryEntry& entry, const QSize& size);
    // Forgets wishes not yet begun, for example when the view has scrolled away.
    void forgetWaiting();
    // The whole picture of an entry, at most `maxSide` pixels a side, for a larger view. Blocks: call it from a background thread. Null when it cannot be read.
    [[nodiscard]] static QImage readPreview(const PreviewPlace& preview, int maxSide);

    static constexpr int kMaxSide = 1024;

Q_SIGNALS:
    void arrived(const QString& entryPath);

private:
    struct Private;
    std::unique_ptr<Private> m_private;
};

} // namespace sfumato::library
