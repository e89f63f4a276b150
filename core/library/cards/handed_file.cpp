// SPDX-License-Identifier: Apache-2.0
#include "core/library/cards/handed_file.h"

#include "core/document/io/picture_format.h"
#include "core/library/files/model_path.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace sfumato::library {

namespace {

bool beginsLikePicture(const QString& path)
{
    constexpr qint64 kBytes = 64;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return false;
    const QByteArray begin = file.read(kBytes);
    return document::recognisePicture(std::as_bytes(std::span(begin.constData(), static_cast<std::size_t>(begin.size())))).has_value();
}

bool isCalledPicture(const QFileInfo& file) { return document::formatFromExtension(file.suffix().toStdString()).has_value(); }

} // namespace

HandedFile lookAtHandedFile(const QString& path)
{
    HandedFile handed{ path, HandedKind::Refused, {}, {} };
    const QFileInfo file(path);
    if (file.isDir() && !QFileInfo::exists(QDir(path).filePath(QStringLiteral("model_index.json")))) {
        handed.kind = HandedKind::Folder;
        return handed;
    }
    // Only what is a plain file may be opened: opening a device or a pipe can wait for ever.
    if (file.isFile() && beginsLikePicture(path)) {
        handed.kind = HandedKind::Picture;
        return handed;
    }
    Result<engine::FileDescription> description = engine::describeFile(toFilePath(path));
    if (description) {
        handed.kind = HandedKind::Model;
        handed.description = std::move(*description);
    } else if (isCalledPicture(file)) {
        handed.kind = HandedKind::Picture;
    } else {
        handed.refusal = description.error();
    }
    return handed;
}

} // namespace sfumato::library
