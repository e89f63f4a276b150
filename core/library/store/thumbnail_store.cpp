// SPDX-License-Identifier: Apache-2.0
#include "core/library/store/thumbnail_store.h"

#include "core/document/io/picture_reader.h"
#include "core/document/io/picture_writer.h"
#include "core/library/files/preview_reader.h"

#include <QDir>
#include <QFileInfo>

#include <span>
#include <utility>

namespace sfumato::library {

namespace {

constexpr const char* kSchema = R"(
CREATE TABLE IF NOT EXISTS thumbnails (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, stamp INTEGER NOT NULL, picture BLOB NOT NULL);
)";
constexpr int kQuality = 82;
constexpr int kTrimEvery = 500;

} // namespace

ThumbnailStore::ThumbnailStore(const QString& path)
{
    if (path.isEmpty()) return;
    QDir().mkpath(QFileInfo(path).absolutePath());
    Result<SqliteDatabase> database = SqliteDatabase::open(path);
    if (database && database->execute(kSchema)) m_database = std::move(*database);
}

QImage ThumbnailStore::find(const PreviewPlace& preview)
{
    if (!m_database) return {};
    Result<SqliteStatement> query = m_database->prepare("SELECT picture FROM thumbnails WHERE path = ? AND stamp = ?");
    if (!query) return {};
    query->bind(1, preview.path);
    query->bind(2, preview.stamp);
    const Result<bool> row = query->next();
    if (!row || !*row) return {};
    const QByteArray bytes = query->bytes(0);
    const Result<document::Picture> picture = document::readPicture(std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size()))), "thumbnail");
    return picture ? toImage(picture->image, picture->hasAlpha) : QImage();
}

void ThumbnailStore::put(const PreviewPlace& preview, const QImage& picture)
{
    if (!m_database || picture.isNull()) return;
    const QImage pixels = fitted(picture, kSide).convertToFormat(QImage::Format_RGBA8888);
    const ImageView view{ reinterpret_cast<const std::byte*>(pixels.constBits()), { pixels.width(), pixels.height() }, PixelFormat::Rgba8, pixels.bytesPerLine() };
    document::PictureEncoding encoding;
    encoding.format = document::PictureFormat::WebP;
    encoding.quality = kQuality;
    const Result<std::vector<std::byte>> bytes = document::encodePicture(view, encoding);
    Result<SqliteStatement> insert = m_database->prepare("INSERT OR REPLACE INTO thumbnails (path, stamp, picture) VALUES (?,?,?)");
    if (!bytes || !insert) return;
    insert->bind(1, preview.path);
    insert->bind(2, preview.stamp);
    insert->bind(3, QByteArray(reinterpret_cast<const char*>(bytes->data()), static_cast<qsizetype>(bytes->size())));
    // A thumbnail that cannot be kept is made again the next time.
    const Result<void> kept = insert->run();
    if (!kept || ++m_sinceTrim < kTrimEvery) return;
    m_sinceTrim = 0;
    const std::string trim = "DELETE FROM thumbnails WHERE id <= (SELECT max(id) FROM thumbnails) - " + std::to_string(kMaxPictures);
    static_cast<void>(m_database->execute(trim.c_str()));
}

} // namespace sfumato::library
