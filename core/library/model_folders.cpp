// SPDX-License-Identifier: Apache-2.0
#include "core/library/model_folders.h"

#include <QDir>

#include <algorithm>
#include <array>

namespace sfumato::library {

namespace {

struct KnownFolder {
    FolderLayout layout;
    QLatin1String path; // below the program's folder
};

// "embeddings" alone says nothing of a program; the folders below "models" do.
constexpr std::array kKnown = {
    KnownFolder{ FolderLayout::A1111, QLatin1String("models/Lora") },
    KnownFolder{ FolderLayout::A1111, QLatin1String("models/LyCORIS") },
    KnownFolder{ FolderLayout::A1111, QLatin1String("embeddings") },
    KnownFolder{ FolderLayout::ComfyUi, QLatin1String("models/loras") },
    KnownFolder{ FolderLayout::ComfyUi, QLatin1String("models/embeddings") },
    KnownFolder{ FolderLayout::SwarmUi, QLatin1String("Models/Lora") },
    KnownFolder{ FolderLayout::SwarmUi, QLatin1String("Models/Embeddings") },
};

constexpr std::array kLayouts = { FolderLayout::A1111, FolderLayout::ComfyUi, FolderLayout::SwarmUi };

// With the very same letters: where case does not matter to the disk, "models/lora" must not be taken for two programs.
bool isFolderNamed(const QString& root, const QString& path)
{
    QDir at(root);
    const QStringList parts = path.split(u'/');
    return std::ranges::all_of(parts, [&](const QString& part) { return at.entryList(QDir::Dirs | QDir::NoDotAndDotDot).contains(part) && at.cd(part); });
}

std::vector<ModelFolder> foldersOfLayout(const QString& root, FolderLayout layout)
{
    std::vector<ModelFolder> found;
    bool isTold = false;
    for (const KnownFolder& known : kKnown) {
        if (known.layout != layout || !isFolderNamed(root, known.path)) continue;
        found.push_back({ QDir(root).absoluteFilePath(known.path), layout });
        isTold = isTold || known.path.startsWith(QLatin1String("models/"), Qt::CaseInsensitive);
    }
    return isTold ? found : std::vector<ModelFolder>();
}

} // namespace

std::vector<ModelFolder> recognisedModelFolders(const QString& path)
{
    const QDir chosen(path);
    if (path.isEmpty() || !chosen.exists()) return {};
    const QString absolute = QDir::cleanPath(chosen.absolutePath());
    QStringList roots{ absolute };
    if (QDir(absolute).dirName().compare(QLatin1String("models"), Qt::CaseInsensitive) == 0) roots << QDir::cleanPath(absolute + QLatin1String("/.."));
    std::vector<ModelFolder> found;
    for (const QString& root : roots) {
        for (const FolderLayout layout : kLayouts) {
            for (ModelFolder& folder : foldersOfLayout(root, layout)) found.push_back(std::move(folder));
        }
        if (!found.empty()) return found;
    }
    return { { absolute, FolderLayout::Plain } };
}

} // namespace sfumato::library
