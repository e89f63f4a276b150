// SPDX-License-Identifier: Apache-2.0
#include "core/library/library_edit.h"

#include "core/base/sha256.h"
#include "core/document/io/picture_writer.h"
#include "core/library/library_scan.h"
#include "core/library/files/model_path.h"

#include <QDir>

#include <span>
#include <utility>

namespace sfumato::library {

namespace {

constexpr int kPreviewSide = 1024;

Error fileGone(const QString& path)
{
    return { ErrorCode::FileNotFound, path.toStdString() + " is no longer there.", path.toStdString() };
}

// No right to write, or a sidecar that must not be touched: then the store keeps the edit. A full disk or a lost folder is an error.
bool isForTheStore(const Error& error) noexcept
{
    return error.code == ErrorCode::FileUnreadable || error.code == ErrorCode::InvalidRequest;
}

// Fields that `edit` has are taken from it when the store keeps them, and forgotten when the sidecar does.
void merge(const SidecarEdit& edit, bool isInSidecar, SidecarEdit& kept)
{
    const auto take = [&](const auto& from, auto& to) {
        if (!from) return;
        if (isInSidecar) to.reset();
        else
            to = from;
    };
    take(edit.notes, kept.notes);
    take(edit.triggerWords, kept.triggerWords);
    take(edit.negativeText, kept.negativeText);
    take(edit.preferredWeight, kept.preferredWeight);
}

Result<EditDone> readAgain(LibraryStore& store, const LibraryEntry& entry, EditOutcome outcome)
{
    const std::optional<FoundFile> file = lookAt(entry.path, entry.folder);
    if (!file) return fileGone(entry.path);
    const Result<QHash<QString, KnownFile>> known = store.knownFiles(entry.path);
    if (!known) return known.error();
    const auto before = known->constFind(entry.path);
    std::optional<Error> fault;
    EditDone done{ std::move(outcome), refresh(store, *file, before == known->constEnd() ? nullptr : &*before, fault) };
    if (fault) return *fault;
    return done;
}

ImageView viewOf(const QImage& picture)
{
    return { reinterpret_cast<const std::byte*>(picture.constBits()), { picture.width(), picture.height() }, PixelFormat::Rgba8, picture.bytesPerLine() };
}

QString fallbackPath(const QString& folder, const QString& modelPath)
{
    constexpr std::size_t kNameDigits = 32;
    const QByteArray utf8 = modelPath.toUtf8();
    Sha256 hash;
    hash.add(std::as_bytes(std::span(utf8.constData(), static_cast<std::size_t>(utf8.size()))));
    return QDir(folder).filePath(QString::fromStdString(hash.hex().substr(0, kNameDigits)) + QLatin1String(".png"));
}

} // namespace

Result<EditDone> applyEdit(LibraryStore& store, const LibraryEntry& entry, const SidecarEdit& edit)
{
    if (!lookAt(entry.path, entry.folder)) return fileGone(entry.path);
    Result<UserState> user = store.userState(entry.path);
    if (!user) return std::move(user).error();
    EditOutcome outcome;
    if (const Result<void> written = writeSidecar(entry.path, edit); !written) {
        if (!isForTheStore(written.error())) return written.error();
        outcome = { KeptIn::Database, QString::fromStdString(written.error().message) };
    }
    merge(edit, outcome.keptIn == KeptIn::Sidecar, user->texts);
    if (Result<void> kept = store.setUserState(entry.path, *user); !kept) return std::move(kept).error();
    return readAgain(store, entry, std::move(outcome));
}

Result<EditDone> applyPreview(LibraryStore& store, const LibraryEntry& entry, const PreviewEdit& edit)
{
    if (edit.picture.isNull()) return Error{ ErrorCode::InvalidRequest, "There is no picture to show for " + entry.path.toStdString() + ".", entry.path.toStdString() };
    if (!lookAt(entry.path, entry.folder)) return fileGone(entry.path);
    Result<UserState> user = store.userState(entry.path);
    if (!user) return std::move(user).error();
    const bool isLarge = std::max(edit.picture.width(), edit.picture.height()) > kPreviewSide;
    const QImage scaled = isLarge ? edit.picture.scaled(kPreviewSide, kPreviewSide, Qt::KeepAspectRatio, Qt::SmoothTransformation) : edit.picture;
    const QImage pixels = scaled.convertToFormat(QImage::Format_RGBA8888);
    const QString path = modelStem(entry.path) + QLatin1String(".preview.png");
    const document::ExistingFile existing = user->previewPath == path ? document::ExistingFile::Replace : edit.existing;
    EditOutcome outcome;
    user->previewPath = path;
    if (const Result<void> written = document::writePicture(toFilePath(path), viewOf(pixels), {}, existing); !written) {
        if (written.error().code != ErrorCode::FileUnreadable) return written.error();
        outcome = { KeptIn::Database, QString::fromStdString(written.error().message) };
        QDir().mkpath(edit.fallbackFolder);
        user->previewPath = fallbackPath(edit.fallbackFolder, entry.path);
        const Result<void> kept = document::writePicture(toFilePath(user->previewPath), viewOf(pixels), {}, document::ExistingFile::Replace);
        if (!kept) return kept.error();
    }
    if (Result<void> kept = store.setUserState(entry.path, *user); !kept) return std::move(kept).error();
    return readAgain(store, entry, std::move(outcome));
}

} // namespace sfumato::library
