// SPDX-License-Identifier: Apache-2.0
#include "core/library/cards/file_card.h"

#include "core/engine/io/adapters/adapter_match.h"
#include "core/engine/io/model_files.h"
#include "core/library/files/clean_text.h"
#include "core/library/files/file_record.h"
#include "core/library/files/model_path.h"

#include <QFileInfo>

namespace sfumato::library {

namespace {

std::optional<LayerMatch> matchOf(const QString& lora, const QString& modelPath)
{
    const auto adapter = engine::AdapterFile::open(toFilePath(lora));
    const auto model = engine::ModelFiles::open({ toFilePath(modelPath), {} });
    if (!adapter || !model) return std::nullopt;
    const engine::AdapterMatch found = engine::matchAdapter(*adapter, *model);
    LayerMatch match{ found.appliedLayers, found.totalLayers, {} };
    for (const std::string& name : found.unmatched) match.unmatched.append(cleanLine(QString::fromStdString(name)));
    return match;
}

} // namespace

Result<FileCard> readFileCard(const QString& path, const QString& modelPath)
{
    Result<engine::FileDescription> description = engine::describeFile(toFilePath(path));
    if (!description) return std::move(description).error();
    FileCard card;
    card.file = std::move(*description);
    const QFileInfo info(path);
    if (info.isFile()) {
        if (const std::optional<FoundFile> found = lookAt(info.absoluteFilePath(), info.absolutePath())) {
            FileRecord record = readRecord(*found, {});
            card.entry = std::move(record.entry);
            card.details = std::move(record.details);
        }
    } else {
        card.entry.path = info.absoluteFilePath();
        card.entry.name = cleanLine(info.fileName());
        card.entry.kind = card.file.kind;
        card.entry.family = card.file.family;
        card.entry.title = cleanLine(QString::fromStdString(card.file.title));
        card.details.precision = QString::fromStdString(card.file.precision);
    }
    card.entry.sizeInBytes = static_cast<std::int64_t>(card.file.sizeInBytes);
    if (card.file.kind == engine::FileKind::Lora && card.file.foreignFamily.empty() && !modelPath.isEmpty()) card.match = matchOf(path, modelPath);
    return card;
}

Result<FileHashes> hashModelFile(const QString& path, const std::function<void(double)>& progress, const std::stop_token& stop)
{
    const Result<engine::FileDescription> described = engine::describeFile(toFilePath(path), { true, progress, stop });
    if (!described) return described.error();
    return FileHashes{ QString::fromStdString(described->sha256), QString::fromStdString(described->autoV2), QString::fromStdString(described->autoV3) };
}

} // namespace sfumato::library
