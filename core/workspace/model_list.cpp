// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/model_list.h"

#include "core/library/files/model_path.h"

#include <QDir>
#include <QFileInfo>
#include <QSet>
#include <QSize>

#include <algorithm>
#include <array>
#include <utility>

namespace sfumato::workspace {

namespace {

bool isModelFolder(const QString& path)
{
    return QFileInfo::exists(QDir(path).filePath(QStringLiteral("model_index.json")));
}

QString nameOf(const QFileInfo& file)
{
    return file.isDir() ? file.fileName() : file.completeBaseName();
}

// Folders that other programs keep in a models folder for files that are no models by themselves.
bool holdsOtherKinds(const QString& folderName)
{
    static constexpr std::array kNames{ "clip", "clip_vision", "controlnet", "embeddings", "esrgan", "hypernetworks", "image_encoder", "ipadapter", "lora", "loras", "lycoris", "safety_checker", "text_encoders", "upscale_models", "vae",
        "vae_approx" };
    return std::ranges::any_of(kNames, [&](const char* name) { return folderName.compare(QLatin1String(name), Qt::CaseInsensitive) == 0; });
}

class ModelSearch {
public:
    enum class Reach { Folder,
        SubFolders };

    explicit ModelSearch(Reach reach) : m_reach(reach) { }

    QStringList modelsIn(const QString& folder)
    {
        if (!folder.isEmpty()) visit(folder);
        return m_paths;
    }

private:
    void visit(const QString& folder);

    Reach m_reach;
    QSet<QString> m_visited; // canonical paths: links may lead round in circles
    QStringList m_paths;
};

void ModelSearch::visit(const QString& folder)
{
    const QString canonical = QFileInfo(folder).canonicalFilePath();
    if (m_visited.contains(canonical)) return;
    m_visited.insert(canonical);
    const QFileInfoList files = QDir(folder).entryInfoList(QDir::Files | QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
    for (const QFileInfo& file : files) {
        const bool isModel = file.isDir() ? isModelFolder(file.filePath()) : file.suffix().compare(QLatin1String("safetensors"), Qt::CaseInsensitive) == 0;
        if (isModel) {
            m_paths.append(file.absoluteFilePath());
        } else if (file.isDir() && m_reach == Reach::SubFolders && !holdsOtherKinds(file.fileName())) {
            visit(file.filePath());
        }
    }
}

} // namespace

ModelList::ModelList(jobs::EngineWorker& worker, QObject* parent) : QAbstractListModel(parent), m_worker(worker)
{
    connect(&worker, &jobs::EngineWorker::modelDescribed, this, &ModelList::noteDescription);
}

int ModelList::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

QVariant ModelList::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const ModelEntry& entry = m_entries[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole: return entry.name;
    case PathRole: return entry.path;
    case InstalledRole: return entry.isInstalled;
    case NativeSizeRole: return entry.info ? QSize(entry.info->nativeSize.width, entry.info->nativeSize.height) : QSize();
    case ErrorRole: return entry.error ? QString::fromStdString(entry.error->message) : QString();
    case Qt::ToolTipRole: {
        if (!entry.info) return entry.path;
        const QString title = QString::fromStdString(entry.info->title);
        return entry.info->description.empty() ? title : QString(title + QLatin1Char('\n') + QString::fromStdString(entry.info->description));
    }
    default: return {};
    }
}

void ModelList::setSources(const ModelSources& sources)
{
    std::vector<ModelEntry> entries;
    const auto add = [&](const QString& path, bool isInstalled) {
        const QFileInfo file(path);
        const QString absolute = file.absoluteFilePath();
        if (std::ranges::find(entries, absolute, &ModelEntry::path) != entries.end()) return;
        const ModelEntry* known = find(absolute);
        entries.push_back({ nameOf(file), absolute, isInstalled, known && known->path == absolute ? known->info : std::nullopt, std::nullopt });
    };
    for (const QString& path : ModelSearch(ModelSearch::Reach::Folder).modelsIn(sources.installedFolder)) add(path, true);
    for (const QString& path : ModelSearch(ModelSearch::Reach::SubFolders).modelsIn(sources.userFolder)) add(path, false);
    for (const QString& path : sources.chosen) add(path, false);
    beginResetModel();
    m_entries = std::move(entries);
    endResetModel();
}

int ModelList::rowOf(const QString& nameOrPath) const
{
    if (nameOrPath.isEmpty()) return m_entries.empty() ? -1 : 0;
    const auto byPath = std::ranges::find(m_entries, QFileInfo(nameOrPath).absoluteFilePath(), &ModelEntry::path);
    if (byPath != m_entries.end()) return static_cast<int>(byPath - m_entries.begin());
    const auto byName = std::ranges::find(m_entries, nameOrPath, &ModelEntry::name);
    return byName == m_entries.end() ? -1 : static_cast<int>(byName - m_entries.begin());
}

const ModelEntry* ModelList::find(const QString& nameOrPath) const
{
    const int row = rowOf(nameOrPath);
    return row < 0 ? nullptr : &m_entries[static_cast<std::size_t>(row)];
}

void ModelList::describe(const QString& path)
{
    const auto entry = std::ranges::find(m_entries, path, &ModelEntry::path);
    if (entry == m_entries.end() || entry->info) return;
    entry->error.reset();
    m_worker.describeModel({ library::toFilePath(path), std::nullopt });
}

void ModelList::noteDescription(const engine::ModelSource& source, const Result<engine::ModelInfo>& info)
{
    const auto entry = std::ranges::find_if(m_entries, [&](const ModelEntry& candidate) { return library::toFilePath(candidate.path) == source.path; });
    if (entry == m_entries.end()) return;
    if (info) entry->info = *info;
    else
        entry->error = info.error();
    const int row = static_cast<int>(entry - m_entries.begin());
    const QString path = entry->path;
    Q_EMIT dataChanged(index(row), index(row));
    Q_EMIT described(path);
}

} // namespace sfumato::workspace
