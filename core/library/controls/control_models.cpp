// SPDX-License-Identifier: Apache-2.0
#include "core/library/controls/control_models.h"

#include "core/library/files/folder_walk.h"
#include "core/library/files/model_path.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace sfumato::library {

namespace {

using engine::ControlType;
using engine::FileKind;

constexpr std::array kFolderNames{ "control", "control-lora", "control_lora", "controlnet", "controlnets", "ip-adapter", "ip_adapter", "ipadapter", "t2i-adapter", "t2i_adapter", "t2iadapter" };
constexpr int kFoldersUp = 3; // …/models/Stable-diffusion/sdxl/file: "models" is that far away

// Parts of file names that tell what a model was made for; longer ones before those they contain.
constexpr std::array kTypeNames{
    std::pair{ "openpose", ControlType::Pose },
    std::pair{ "pose", ControlType::Pose },
    std::pair{ "depth", ControlType::Depth },
    std::pair{ "midas", ControlType::Depth },
    std::pair{ "zoe", ControlType::Depth },
    std::pair{ "softedge", ControlType::SoftEdge },
    std::pair{ "hed", ControlType::SoftEdge },
    std::pair{ "pidi", ControlType::SoftEdge },
    std::pair{ "scribble", ControlType::SoftEdge },
    std::pair{ "sketch", ControlType::SoftEdge },
    std::pair{ "canny", ControlType::Line },
    std::pair{ "lineart", ControlType::Line },
    std::pair{ "mlsd", ControlType::Line },
    std::pair{ "normal", ControlType::Normal },
    std::pair{ "seg", ControlType::Segment },
    std::pair{ "tile", ControlType::Tile },
    std::pair{ "blur", ControlType::Tile },
    std::pair{ "recolor", ControlType::Tile },
    std::pair{ "inpaint", ControlType::Inpaint },
};

// A diffusers folder holds its weights under this name.
bool isFolderWeights(const QFileInfo& file)
{
    return file.fileName().startsWith(QLatin1String("diffusion_pytorch_model"), Qt::CaseInsensitive) && QFileInfo::exists(file.dir().filePath(QStringLiteral("config.json")));
}

// The weights of a file or diffusers folder; the same path where there is nothing to choose.
QString weightsOf(const QString& path)
{
    if (!QFileInfo(path).isDir()) return path;
    const QStringList files = QDir(path).entryList({ QStringLiteral("diffusion_pytorch_model*.safetensors") }, QDir::Files, QDir::Name);
    return files.isEmpty() ? path : QDir(path).filePath(files.front());
}

ControlModel described(const QString& path)
{
    const QFileInfo info(path);
    ControlModel model;
    model.path = info.absoluteFilePath();
    model.name = info.isDir() ? info.fileName() : modelBaseName(info.fileName());
    const QString weights = weightsOf(path);
    const QFileInfo weightsInfo(weights);
    model.changed = weightsInfo.lastModified();
    model.size = weightsInfo.size();
    const auto description = engine::describeFile(toFilePath(weights));
    if (!description) {
        model.problem = QString::fromStdString(description.error().message);
        return model;
    }
    model.kind = description->kind;
    model.family = description->family;
    model.taskCount = static_cast<int>(description->controlTasks.size());
    return model;
}

QStringList filesIn(const QStringList& folders)
{
    std::vector<FoundFile> found;
    for (FolderWalk walk(folders); !walk.isFinished();) walk.readNext(found);
    QStringList paths;
    for (const FoundFile& file : found) {
        const QFileInfo info(file.path);
        paths.append(isFolderWeights(info) ? info.absolutePath() : info.absoluteFilePath());
    }
    paths.removeDuplicates();
    return paths;
}

using Known = std::map<QString, ControlModel>;

ControlModel describedUnlessKnown(const QString& path, const Known& known)
{
    const auto before = known.find(path);
    if (before == known.end()) return described(path);
    const QFileInfo weights(weightsOf(path));
    const bool isSame = before->second.changed == weights.lastModified() && before->second.size == weights.size();
    return isSame ? before->second : described(path);
}

std::vector<ControlModel> modelsOf(const QStringList& modelFolders, const QStringList& files, const Known& known)
{
    std::vector<ControlModel> models;
    QStringList seen;
    for (const QString& file : files) {
        const QString path = QFileInfo(file).absoluteFilePath();
        if (seen.contains(path) || !QFileInfo::exists(path)) continue;
        seen.append(path);
        models.push_back(describedUnlessKnown(path, known));
    }
    for (const QString& path : filesIn(controlFolders(modelFolders))) {
        if (seen.contains(path)) continue;
        ControlModel model = describedUnlessKnown(path, known);
        if (model.isControl()) models.push_back(std::move(model));
    }
    std::ranges::sort(models, [](const ControlModel& a, const ControlModel& b) { return std::pair(a.name.toCaseFolded(), a.path) < std::pair(b.name.toCaseFolded(), b.path); });
    return models;
}

} // namespace

bool ControlModel::isControl() const noexcept
{
    switch (kind) {
    case FileKind::ControlNet:
    case FileKind::ControlLora:
    case FileKind::ControlNetUnion:
    case FileKind::ControlLllite:
    case FileKind::T2iAdapter:
    case FileKind::IpAdapter: return true;
    default: return false;
    }
}

std::vector<ControlType> ControlModel::types() const
{
    if (kind == FileKind::IpAdapter) return { ControlType::Reference };
    std::vector<ControlType> all{ ControlType::Pose, ControlType::Depth, ControlType::SoftEdge, ControlType::Line, ControlType::Normal, ControlType::Segment, ControlType::Tile,
        ControlType::Inpaint };
    if (kind == FileKind::ControlNetUnion && taskCount > 0) all.resize(std::min(all.size(), static_cast<std::size_t>(taskCount)));
    return all;
}

ControlType ControlModel::likelyType() const
{
    const std::vector<ControlType> possible = types();
    const QString words = name.toLower().remove(u'_').remove(u'-');
    const auto told = std::ranges::find_if(kTypeNames, [&](const auto& entry) { return words.contains(QLatin1String(entry.first)); });
    const bool isTold = told != kTypeNames.end() && std::ranges::find(possible, told->second) != possible.end();
    if (isTold) return told->second;
    const bool takesLines = std::ranges::find(possible, ControlType::Line) != possible.end();
    return takesLines ? ControlType::Line : possible.front();
}

QStringList controlFolders(const QStringList& modelFolders)
{
    QStringList found;
    const auto search = [&found](const QDir& folder) {
        for (const QFileInfo& entry : folder.entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name)) {
            const bool isKnown = std::ranges::any_of(kFolderNames, [&](const char* name) { return entry.fileName().compare(QLatin1String(name), Qt::CaseInsensitive) == 0; });
            if (isKnown) found.append(entry.canonicalFilePath());
        }
    };
    for (const QString& path : modelFolders) {
        QDir folder(path);
        if (path.isEmpty() || !folder.exists()) continue;
        search(folder);
        for (int up = 0; up < kFoldersUp && folder.cdUp(); ++up) {
            const bool isModels = folder.dirName().compare(QLatin1String("models"), Qt::CaseInsensitive) == 0;
            if (isModels || up == 0) search(folder);
        }
    }
    found.removeDuplicates();
    return found;
}

ControlModels::ControlModels(QObject* parent) : QObject(parent) { }

void ControlModels::look(const QStringList& modelFolders, const QStringList& files)
{
    Known known;
    for (const ControlModel& model : m_models) known.emplace(model.path, model);
    ++m_looks;
    m_tasks.run([modelFolders, files, known] { return modelsOf(modelFolders, files, known); }, [this](std::vector<ControlModel> models) { take(std::move(models)); });
}

const ControlModel* ControlModels::find(const QString& pathOrName) const
{
    if (pathOrName.isEmpty()) return nullptr;
    const QString path = QFileInfo(pathOrName).absoluteFilePath();
    auto found = std::ranges::find(m_models, path, &ControlModel::path);
    const bool isBareName = !pathOrName.contains(u'/');
    if (found == m_models.end() && isBareName) found = std::ranges::find_if(m_models, [&](const ControlModel& model) { return QFileInfo(model.path).fileName() == pathOrName; });
    return found == m_models.end() ? nullptr : &*found;
}

void ControlModels::take(std::vector<ControlModel> models)
{
    --m_looks;
    m_models = std::move(models);
    Q_EMIT changed();
}

} // namespace sfumato::library
