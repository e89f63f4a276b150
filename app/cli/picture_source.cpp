// SPDX-License-Identifier: Apache-2.0
#include "app/cli/picture_source.h"

#include "app/installed_models.h"

#include <QByteArray>
#include <QString>
#include <QUrl>

#include <algorithm>

namespace sfumato::app {

namespace {

Error invalid(const std::string& field, const std::string& problem)
{
    return { ErrorCode::InvalidRequest, field + " " + problem + ".", field };
}

bool startsWithScheme(const std::string& reference, std::string_view scheme)
{
    return reference.size() >= scheme.size() && std::equal(scheme.begin(), scheme.end(), reference.begin(), [](char a, char b) { return a == static_cast<char>(std::tolower(static_cast<unsigned char>(b))); });
}

Result<std::filesystem::path> pathOfFileUrl(const std::string& reference, const std::string& field)
{
    const QUrl url(QString::fromStdString(reference), QUrl::StrictMode);
    const bool isHere = url.host().isEmpty() || url.host() == QLatin1String("localhost");
    if (!url.isValid() || !isHere || url.path().isEmpty())
        return invalid(field, "was given as \"" + reference + "\"; a file: URL must name a file of this machine, as in file:///home/me/picture.png");
    return std::filesystem::path(url.path(QUrl::FullyDecoded).toStdString());
}

} // namespace

Result<std::vector<std::byte>> decodeDataUri(const std::string& uri, const std::string& field)
{
    const std::size_t comma = uri.find(',');
    if (comma == std::string::npos) return invalid(field, "is a data: URI without content; the content must follow a comma");
    QString header = QString::fromStdString(uri.substr(0, comma)).toLower();
    const QByteArray content = QByteArray::fromStdString(uri.substr(comma + 1));
    QByteArray decoded = QByteArray::fromPercentEncoding(content);
    if (header.remove(QLatin1Char(' ')).endsWith(QLatin1String(";base64"))) {
        QByteArray dense = decoded;
        dense.removeIf([](char character) { return character == ' ' || character == '\n' || character == '\r' || character == '\t'; });
        auto result = QByteArray::fromBase64Encoding(dense, QByteArray::AbortOnBase64DecodingErrors);
        if (result.decodingStatus != QByteArray::Base64DecodingStatus::Ok) return invalid(field, "is a data: URI whose base64 content is malformed");
        decoded = std::move(*result);
    }
    if (decoded.isEmpty()) return invalid(field, "is a data: URI without content");
    const auto* const bytes = reinterpret_cast<const std::byte*>(decoded.constData());
    return std::vector<std::byte>(bytes, bytes + decoded.size());
}

std::string dataUriOf(std::span<const std::byte> bytes, const std::string& contentType)
{
    const auto raw = QByteArray::fromRawData(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size()));
    return "data:" + contentType + ";base64," + raw.toBase64().toStdString();
}

Result<document::Picture> loadJobPicture(const std::string& reference, const std::string& field, const std::vector<std::filesystem::path>& baseFolders)
{
    if (startsWithScheme(reference, "data:")) {
        const auto bytes = decodeDataUri(reference, field);
        if (!bytes) return bytes.error();
        return document::readPicture(*bytes, field);
    }
    std::filesystem::path path = reference;
    if (startsWithScheme(reference, "file:")) {
        const auto local = pathOfFileUrl(reference, field);
        if (!local) return local.error();
        path = *local;
    }
    const std::filesystem::path existing = existingPath(path, baseFolders);
    if (existing.empty()) return Error{ ErrorCode::FileNotFound, field + " was given as \"" + path.string() + "\"; there is no such file.", path.string() };
    return document::readPicture(existing);
}

} // namespace sfumato::app
