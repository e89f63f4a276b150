// SPDX-License-Identifier: Apache-2.0
#include "core/library/files/preview_reader.h"

#include "core/base/json_value.h"
#include "core/document/io/picture_reader.h"
#include "core/engine/io/safetensors_file.h"
#include "core/library/files/model_path.h"

#include <algorithm>
#include <span>

namespace sfumato::library {

namespace {

constexpr document::PictureLimits kLimits{ 64'000'000, std::int64_t{ 512 } << 20, std::int64_t{ 64 } << 20 };
constexpr qsizetype kMaxBase64 = 32 << 20;

QImage decoded(const Result<document::Picture>& picture)
{
    return picture ? toImage(picture->image, picture->hasAlpha) : QImage();
}

QImage decodedText(std::string_view base64, const std::string& name)
{
    constexpr std::string_view kMarker = "base64,";
    if (const std::size_t marker = base64.substr(0, 200).find(kMarker); marker != std::string_view::npos) base64.remove_prefix(marker + kMarker.size());
    if (static_cast<qsizetype>(base64.size()) > kMaxBase64) return {};
    const QByteArray bytes = QByteArray::fromBase64(QByteArray::fromRawData(base64.data(), static_cast<qsizetype>(base64.size())));
    return decoded(document::readPicture(std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size()))), name, kLimits));
}

QImage pictureInHeader(const QString& path)
{
    const Result<engine::SafetensorsFile> file = engine::SafetensorsFile::open(toFilePath(path));
    if (!file) return {};
    const std::string name = path.toStdString();
    if (const auto thumbnail = file->metadata().find("modelspec.thumbnail"); thumbnail != file->metadata().end()) {
        if (QImage image = decodedText(thumbnail->second, name); !image.isNull()) return image;
    }
    const auto covers = file->metadata().find("ssmd_cover_images");
    if (covers == file->metadata().end()) return {};
    const Result<JsonValue> list = JsonValue::parse(covers->second, name);
    if (!list) return {};
    for (const JsonValue& cover : list->elements()) {
        if (const std::string* text = cover.toString()) return decodedText(*text, name);
    }
    return {};
}

} // namespace

QImage toImage(const ImageBuffer& pixels, bool hasAlpha)
{
    const QImage::Format source = pixels.format() == PixelFormat::Rgba16 ? QImage::Format_RGBA64 : QImage::Format_RGBA8888;
    const QImage view(reinterpret_cast<const uchar*>(pixels.bytes()), pixels.width(), pixels.height(), pixels.bytesPerRow(), source);
    return view.convertToFormat(hasAlpha ? QImage::Format_ARGB32_Premultiplied : QImage::Format_RGB32);
}

QImage readPreviewPicture(const PreviewPlace& preview)
{
    switch (preview.source) {
    case PreviewSource::File: return decoded(document::readPicture(toFilePath(preview.path), kLimits));
    case PreviewSource::Header: return pictureInHeader(preview.path);
    case PreviewSource::None: break;
    }
    return {};
}

QImage fitted(const QImage& picture, int maxSide)
{
    if (std::max(picture.width(), picture.height()) <= maxSide) return picture;
    return picture.scaled(maxSide, maxSide, Qt::KeepAspectRatio, Qt::SmoothTransformation);
}

QImage covering(const QImage& picture, const QSize& size)
{
    if (picture.isNull() || picture.size() == size) return picture;
    const QSize scaled = picture.size().scaled(size, Qt::KeepAspectRatioByExpanding);
    // The part that will be seen is cut out first, so that a very long picture is never scaled whole.
    const double factor = static_cast<double>(picture.width()) / scaled.width();
    const QSize seen(std::max(1, std::min(picture.width(), qRound(size.width() * factor))), std::max(1, std::min(picture.height(), qRound(size.height() * factor))));
    const QRect part(QPoint((picture.width() - seen.width()) / 2, (picture.height() - seen.height()) / 2), seen);
    return picture.copy(part).scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
}

} // namespace sfumato::library
