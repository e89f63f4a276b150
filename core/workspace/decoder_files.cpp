// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/decoder_files.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>
#include <array>

namespace sfumato::workspace {

namespace {

constexpr std::array kFolderNames{ "vae", "VAE", "vae_approx", "VAE-approx" };

bool isSmall(const QString& name) { return name.startsWith(QLatin1String("taesd"), Qt::CaseInsensitive); }

// An encoder alone decodes nothing.
bool isEncoder(const QString& name) { return isSmall(name) && name.contains(QLatin1String("encoder"), Qt::CaseInsensitive); }

void addFrom(const QString& folder, DecoderFiles& found)
{
    const QFileInfoList files = QDir(folder).entryInfoList(QDir::Files | QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
    for (const QFileInfo& file : files) {
        const bool isWeights = file.isDir() ? QFileInfo::exists(QDir(file.filePath()).filePath(QStringLiteral("diffusion_pytorch_model.safetensors")))
                                            : file.suffix().compare(QLatin1String("safetensors"), Qt::CaseInsensitive) == 0;
        if (!isWeights || isEncoder(file.fileName())) continue;
        QStringList& list = isSmall(file.fileName()) ? found.small : found.whole;
        if (const QString path = file.absoluteFilePath(); !list.contains(path)) list.append(path);
    }
}

} // namespace

QStringList decoderFolders(const AppSettings& settings)
{
    QStringList folders;
    const auto add = [&](const QString& folder) {
        if (!folder.isEmpty() && !folders.contains(folder)) folders.append(folder);
    };
    add(settings.installedModelsFolder);
    add(settings.userModelsFolder);
    for (const QString& model : settings.chosenModels) add(QFileInfo(model).absolutePath());
    return folders;
}

DecoderFiles findDecoderFiles(const QStringList& folders)
{
    DecoderFiles found;
    QStringList visited; // canonical: some file systems have one folder for two spellings
    for (const QString& folder : folders) {
        for (const QString& place : { folder, QFileInfo(folder).absolutePath() }) {
            for (const char* name : kFolderNames) {
                const QString canonical = QFileInfo(QDir(place).filePath(QLatin1String(name))).canonicalFilePath();
                if (canonical.isEmpty() || visited.contains(canonical)) continue;
                visited.append(canonical);
                addFrom(canonical, found);
            }
        }
    }
    return found;
}

QString previewDecoderFor(engine::ModelFamily family, const QStringList& small)
{
    const bool wantsXl = family == engine::ModelFamily::Sdxl || family == engine::ModelFamily::SdxlRefiner;
    if (!wantsXl && family != engine::ModelFamily::Sd1) return {};
    const auto fits = [&](const QString& path) {
        const QString name = QFileInfo(path).fileName().toLower();
        const bool isForeign = name.startsWith(QLatin1String("taesd3")) || name.contains(QLatin1String("taef"));
        return !isForeign && name.startsWith(QLatin1String("taesdxl")) == wantsXl;
    };
    const auto found = std::ranges::find_if(small, fits);
    return found == small.end() ? QString() : *found;
}

} // namespace sfumato::workspace
