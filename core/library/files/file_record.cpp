// SPDX-License-Identifier: Apache-2.0
#include "core/library/files/file_record.h"

#include "core/base/sha256.h"
#include "core/engine/io/regular_file.h"
#include "core/library/files/clean_text.h"
#include "core/library/files/model_path.h"

#include <QDateTime>
#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>
#include <array>

#include <sys/stat.h>

namespace sfumato::library {

namespace {

using engine::FileDescription;
using engine::ModelFamily;

constexpr std::array kSidecarEndings = { QLatin1String(".json"), QLatin1String(".metadata.json"), QLatin1String(".civitai.info"), QLatin1String(".swarm.json"),
    QLatin1String(".cm-info.json"), QLatin1String(".txt"), QLatin1String(".description.txt") };
constexpr std::array kPreviewEndings = { QLatin1String(".png"), QLatin1String(".preview.png"), QLatin1String(".jpg"), QLatin1String(".preview.jpg"), QLatin1String(".jpeg"),
    QLatin1String(".preview.jpeg"), QLatin1String(".webp"), QLatin1String(".preview.webp"), QLatin1String(".gif"), QLatin1String(".preview.gif"), QLatin1String(".avif"),
    QLatin1String(".preview.avif") };

std::int64_t nanoseconds(const timespec& time) noexcept
{
    return std::int64_t{ time.tv_sec } * 1'000'000'000 + time.tv_nsec;
}

std::optional<struct stat> statusOf(const QString& path)
{
    struct stat status { };
    if (::stat(path.toUtf8().constData(), &status) != 0) return std::nullopt;
    return status;
}

void mix(std::uint64_t& hash, const void* bytes, std::size_t count) noexcept
{
    constexpr std::uint64_t kPrime = 0x100000001B3; // FNV-1a
    const auto* at = static_cast<const unsigned char*>(bytes);
    for (std::size_t i = 0; i < count; ++i) hash = (hash ^ at[i]) * kPrime;
}

QString metadataText(const FileDescription& file, const char* key)
{
    const auto found = file.metadata.find(key);
    return found == file.metadata.end() ? QString() : QString::fromStdString(found->second);
}

// "1024,1024", "(1024, 768)" and "1024x1024" → "1024x1024".
QString resolutionOf(const FileDescription& file)
{
    static const QRegularExpression pair(QStringLiteral("(\\d{2,5})\\D{1,3}(\\d{2,5})"));
    for (const char* key : { "modelspec.resolution", "ss_resolution" }) {
        const QRegularExpressionMatch match = pair.match(metadataText(file, key).left(64));
        if (match.hasMatch()) return match.captured(1) + u'x' + match.captured(2);
    }
    return {};
}

QString familyLabel(ModelFamily family)
{
    const std::string_view name = engine::modelFamilyName(family);
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

// What Civitai and A1111 call the bases.
ModelFamily familyNamed(const QString& base)
{
    const QByteArray folded = foldedForSearch(base);
    const auto has = [&](const char* word) { return folded.contains(word); };
    if (has("sdxl") || has("pony") || has("illustrious") || has("noobai")) return ModelFamily::Sdxl;
    if (has("sd1") || has("sd 1")) return ModelFamily::Sd1;
    if (has("sd2") || has("sd 2")) return ModelFamily::Sd2;
    return ModelFamily::Unknown;
}

// The shapes decide; a sidecar may say which branch of the family it is ("Pony"), or what the file itself does not.
void setBase(const FileDescription& file, const SidecarTexts& sidecar, LibraryEntry& entry)
{
    entry.family = file.family;
    if (!file.foreignFamily.empty()) {
        entry.baseLabel = cleanLine(QString::fromStdString(file.foreignFamily));
        return;
    }
    const ModelFamily named = familyNamed(sidecar.baseName);
    if (entry.family == ModelFamily::Unknown) entry.family = named;
    const bool isBranch = !sidecar.baseName.isEmpty() && !sidecar.baseName.startsWith(QLatin1String("SD")) && named == entry.family;
    if (entry.family == ModelFamily::Unknown || isBranch) entry.baseLabel = sidecar.baseName;
    else
        entry.baseLabel = familyLabel(entry.family);
}

QStringList cleanWords(const std::vector<std::string>& words)
{
    return splitTriggerWords([&] {
        QStringList list;
        for (const std::string& word : words) list << QString::fromStdString(word);
        return list.join(u',');
    }());
}

void setTexts(const FileDescription& file, const SidecarTexts& sidecar, const SidecarEdit& own, FileRecord& record)
{
    const QString fileTitle = cleanLine(QString::fromStdString(file.title));
    record.entry.title = sidecar.title.isEmpty() ? fileTitle : sidecar.title;
    record.entry.triggerWords = own.triggerWords ? *own.triggerWords : sidecar.triggerWords.isEmpty() ? cleanWords(file.triggerWords)
                                                                                                      : sidecar.triggerWords;
    record.entry.preferredWeight = own.preferredWeight ? *own.preferredWeight : sidecar.preferredWeight;
    FileDetails& details = record.details;
    details.notes = own.notes.value_or(sidecar.notes);
    details.negativeText = own.negativeText.value_or(sidecar.negativeText);
    details.description = sidecar.description.isEmpty() ? plainTextOfHtml(QString::fromStdString(file.description)) : sidecar.description;
    details.usageHint = sidecar.usageHint.isEmpty() ? cleanText(metadataText(file, "modelspec.usage_hint")) : sidecar.usageHint;
    details.author = cleanLine(QString::fromStdString(file.author));
    details.license = cleanLine(QString::fromStdString(file.license));
    details.trainedOn = cleanLine(QString::fromStdString(file.baseModel));
    details.tags = sidecar.tags;
    for (const engine::TagCount& tag : file.trainingTags) {
        if (const QString word = cleanLine(QString::fromStdString(tag.tag)); !details.tags.contains(word)) details.tags.append(word);
    }
    details.sha256 = sidecar.sha256;
    details.autoV2 = sidecar.autoV2;
    constexpr qsizetype kAutoV3Digits = 12;
    const QString stored = metadataText(file, "sshs_model_hash");
    details.autoV3 = sidecar.autoV3.isEmpty() && stored.size() == 64 ? cleanLine(stored).toLower().left(kAutoV3Digits) : sidecar.autoV3;
}

void setFacts(const FileDescription& file, FileRecord& record)
{
    QStringList algorithms;
    for (const std::string& algorithm : file.algorithms) algorithms << QString::fromStdString(algorithm);
    record.entry.kind = file.kind;
    record.entry.algorithm = algorithms.join(QLatin1String(", "));
    record.entry.rank = file.kind == engine::FileKind::Embedding ? file.vectorCount : file.rankMax;
    record.details.rankMin = file.rankMin;
    record.details.rankMax = file.rankMax;
    record.details.moduleCount = file.moduleCount;
    record.details.precision = QString::fromStdString(file.precision);
    record.details.resolution = resolutionOf(file);
}

bool hasPictureInside(const FileDescription& file)
{
    constexpr qsizetype kEmptyList = 2; // "[]"
    return !metadataText(file, "modelspec.thumbnail").isEmpty() || metadataText(file, "ssmd_cover_images").size() > kEmptyList;
}

PreviewPlace pictureFile(const QString& path)
{
    const std::optional<struct stat> status = statusOf(path);
    if (!status || !S_ISREG(status->st_mode)) return {};
    return { PreviewSource::File, path, nanoseconds(status->st_mtim) ^ status->st_size };
}

// The picture set in this program, then A1111's order, then one inside the file.
PreviewPlace previewOf(const FoundFile& file, const UserState& user, const FileDescription& description)
{
    if (PreviewPlace own = user.previewPath.isEmpty() ? PreviewPlace() : pictureFile(user.previewPath); own.source == PreviewSource::File) return own;
    const QString folder = file.path.left(file.path.lastIndexOf(u'/') + 1);
    for (const QString& name : file.companions) {
        const bool isPicture = std::ranges::any_of(kPreviewEndings, [&](QLatin1String ending) { return name.endsWith(ending); });
        if (!isPicture) continue;
        if (PreviewPlace place = pictureFile(folder + name); place.source == PreviewSource::File) return place;
    }
    if (hasPictureInside(description)) return { PreviewSource::Header, file.path, file.stamp.modifiedNs };
    return {};
}

QByteArray foldedWords(const QStringList& words, qsizetype maxLength)
{
    return foldedForSearch(words.join(QLatin1String(", ")).left(maxLength));
}

// The path below the watched folder with that folder's own name: what is above it is the same for all files.
QString searchedPath(const FoundFile& file)
{
    const QString folderName = file.folder.mid(file.folder.lastIndexOf(u'/') + 1);
    const QString below = file.path.mid(file.folder.size());
    return folderName + below.left(below.lastIndexOf(u'/'));
}

SearchText searchTextOf(const FoundFile& file, const FileRecord& record, const QString& baseName)
{
    constexpr qsizetype kMaxWords = 1000, kMaxNotes = 4000;
    const LibraryEntry& entry = record.entry;
    QStringList base{ entry.baseLabel, familyLabel(entry.family), baseName };
    if (entry.family == ModelFamily::Unknown) base.removeAt(1);
    if (entry.family == ModelFamily::Sd1) base << QStringLiteral("sd15 sd 1.5");
    return SearchText({ foldedForSearch(entry.name + u' ' + entry.title), foldedForSearch(searchedPath(file)), foldedWords(entry.triggerWords, kMaxWords),
        foldedWords(record.details.tags, kMaxWords), foldedForSearch(record.details.notes.left(kMaxNotes)), foldedForSearch(base.join(u' ')) });
}

std::int64_t arrivalOf(const QString& path)
{
    const QFileInfo info(path);
    const QDateTime born = info.birthTime();
    return (born.isValid() ? born : info.lastModified()).toSecsSinceEpoch();
}

} // namespace

QStringList companionNames(const QString& stem)
{
    QStringList names;
    for (const QLatin1String ending : kSidecarEndings) names << stem + ending;
    for (const QLatin1String ending : kPreviewEndings) names << stem + ending;
    return names;
}

void addCompanion(FoundFile& file, const QString& name, std::int64_t sizeInBytes, std::int64_t modifiedNs)
{
    file.companions << name;
    const QByteArray utf8 = name.toUtf8();
    mix(file.stamp.companions, utf8.constData(), static_cast<std::size_t>(utf8.size()) + 1);
    mix(file.stamp.companions, &sizeInBytes, sizeof sizeInBytes);
    mix(file.stamp.companions, &modifiedNs, sizeof modifiedNs);
}

std::optional<FoundFile> lookAt(const QString& path, const QString& folder)
{
    const std::optional<struct stat> status = statusOf(path);
    if (!status) return std::nullopt;
    FoundFile file{ path, folder, { status->st_size, nanoseconds(status->st_mtim), 0 }, {}, {} };
    const QString parent = path.left(path.lastIndexOf(u'/') + 1);
    for (const QString& name : companionNames(modelBaseName(path))) {
        if (const auto companion = statusOf(parent + name)) addCompanion(file, name, companion->st_size, nanoseconds(companion->st_mtim));
    }
    return file;
}

QByteArray fingerprintOf(const QString& path)
{
    constexpr std::uint64_t kSample = 16 << 10;
    const Result<engine::RegularFile> file = engine::RegularFile::open(toFilePath(path));
    if (!file) return {};
    const std::uint64_t size = file->sizeInBytes();
    Sha256 hash;
    hash.add(std::as_bytes(std::span(&size, 1)));
    std::array<std::byte, kSample> sample{};
    // Files of one trainer begin alike, so the weights in the middle and at the end are looked at too.
    for (const std::uint64_t begin : { std::uint64_t{ 0 }, size / 2, size > kSample ? size - kSample : 0 }) {
        const auto bytes = std::span(sample).first(static_cast<std::size_t>(std::min(kSample, size - std::min(begin, size))));
        if (!file->read(begin, bytes)) return {};
        hash.add(bytes);
    }
    return QByteArray::fromHex(QByteArray::fromStdString(hash.hex()));
}

FileRecord readRecord(const FoundFile& file, const UserState& user)
{
    constexpr int kMaxSentence = 500;
    FileRecord record;
    record.stamp = file.stamp;
    record.entry.path = file.path;
    record.entry.folder = file.folder;
    record.entry.name = cleanLine(modelBaseName(file.path));
    record.entry.sortKey = SortKey(naturalSortKey(record.entry.name));
    record.entry.sizeInBytes = file.stamp.sizeInBytes;
    FileDescription description;
    if (file.fault.isEmpty()) {
        Result<FileDescription> read = engine::describeFile(toFilePath(file.path));
        if (read) description = std::move(*read);
        else
            record.entry.broken = cleanLine(QString::fromStdString(read.error().message), kMaxSentence);
        record.entry.addedAt = arrivalOf(file.path);
    } else {
        record.entry.broken = file.fault;
    }
    const SidecarTexts sidecar = readSidecars(file.path, file.companions);
    setFacts(description, record);
    setBase(description, sidecar, record.entry);
    setTexts(description, sidecar, user.texts, record);
    record.entry.isStarred = user.isStarred;
    record.entry.lastUsedAt = user.lastUsedAt;
    record.entry.preview = previewOf(file, user, description);
    record.entry.searchText = searchTextOf(file, record, sidecar.baseName);
    return record;
}

} // namespace sfumato::library
