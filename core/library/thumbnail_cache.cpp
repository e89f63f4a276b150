// SPDX-License-Identifier: Apache-2.0
#include "core/library/thumbnail_cache.h"

#include "core/jobs/background_tasks.h"
#include "core/library/files/preview_reader.h"
#include "core/library/store/thumbnail_store.h"

#include <QCache>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace sfumato::library {

namespace {

constexpr std::size_t kMaxWaiting = 200;

struct Wish {
    QString entryPath;
    PreviewPlace preview;
    QSize size;
};

struct Kept {
    PreviewPlace preview;
    QSize size;   // that was wished for
    QImage image; // null: cannot be read
};

QImage makeThumbnail(ThumbnailStore& store, const Wish& wish)
{
    const bool isSmall = std::max(wish.size.width(), wish.size.height()) <= ThumbnailStore::kSide;
    if (isSmall) {
        if (const QImage kept = store.find(wish.preview); !kept.isNull()) return covering(kept, wish.size);
    }
    const QImage picture = readPreviewPicture(wish.preview);
    if (isSmall) store.put(wish.preview, picture);
    return covering(picture, wish.size);
}

// A thread with its own way to the stored pictures.
struct Worker {
    bool isBusy = false;
    std::optional<ThumbnailStore> store; // of the thread of the tasks
    jobs::BackgroundTasks tasks;         // last: it uses the store
};

} // namespace

struct ThumbnailCache::Private {
    Private(ThumbnailCache& owner, ThumbnailOptions chosen) : cache(owner), options(std::move(chosen)), kept(static_cast<qsizetype>(options.maxBytes)) { }

    void want(Wish wish);
    void dispatch();
    void note(const Wish& wish, const QImage& image);

    ThumbnailCache& cache;
    ThumbnailOptions options;
    QCache<QString, Kept> kept; // by the entry's path
    std::vector<Wish> waiting;  // the latest last
    std::vector<Wish> begun;
    std::array<Worker, 2> workers;
};

void ThumbnailCache::Private::want(Wish wish)
{
    const auto isSame = [&](const Wish& other) { return other.entryPath == wish.entryPath && other.preview == wish.preview && other.size == wish.size; };
    if (std::ranges::any_of(begun, isSame)) return;
    std::erase_if(waiting, [&](const Wish& other) { return other.entryPath == wish.entryPath; });
    // Who is asked for many has scrolled on: the oldest wishes are for cards that are no longer seen.
    if (waiting.size() >= kMaxWaiting) waiting.erase(waiting.begin());
    waiting.push_back(std::move(wish));
    dispatch();
}

void ThumbnailCache::Private::dispatch()
{
    for (Worker& worker : workers) {
        if (worker.isBusy || waiting.empty()) continue;
        const Wish wish = std::move(waiting.back());
        waiting.pop_back();
        begun.push_back(wish);
        worker.isBusy = true;
        const auto task = [&worker, wish, path = options.storePath] {
            if (!worker.store) worker.store.emplace(path);
            return makeThumbnail(*worker.store, wish);
        };
        worker.tasks.run(task, [this, &worker, wish](const QImage& image) {
            worker.isBusy = false;
            note(wish, image);
            dispatch();
        });
    }
}

void ThumbnailCache::Private::note(const Wish& wish, const QImage& image)
{
    constexpr qsizetype kOverhead = 500; // of an entry without a picture
    std::erase_if(begun, [&](const Wish& other) { return other.entryPath == wish.entryPath && other.size == wish.size; });
    kept.insert(wish.entryPath, std::make_unique<Kept>(Kept{ wish.preview, wish.size, image }).release(), kOverhead + image.sizeInBytes()); // the cache owns it
    Q_EMIT cache.arrived(wish.entryPath);
}

ThumbnailCache::ThumbnailCache(ThumbnailOptions options, QObject* parent) : QObject(parent), m_private(std::make_unique<Private>(*this, std::move(options))) { }

ThumbnailCache::~ThumbnailCache() = default;

QImage ThumbnailCache::thumbnail(const LibraryEntry& entry, const QSize& size)
{
    if (entry.preview.source == PreviewSource::None || size.isEmpty()) return {};
    const QSize bounded = size.boundedTo(QSize(kMaxSide, kMaxSide));
    const Kept* known = m_private->kept.object(entry.path);
    const bool isCurrent = known && known->preview == entry.preview;
    if (!isCurrent || (known->size != bounded && !known->image.isNull())) m_private->want({ entry.path, entry.preview, bounded });
    return isCurrent ? known->image : QImage();
}

void ThumbnailCache::forgetWaiting()
{
    m_private->waiting.clear();
}

QImage ThumbnailCache::readPreview(const PreviewPlace& preview, int maxSide)
{
    return fitted(readPreviewPicture(preview), maxSide);
}

} // namespace sfumato::library
