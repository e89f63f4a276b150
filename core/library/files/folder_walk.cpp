// SPDX-License-Identifier: Apache-2.0
#include "core/library/files/folder_walk.h"

#include "core/base/utf8.h"
#include "core/library/files/model_path.h"

#include <QSet>

#include <algorithm>
#include <system_error>

#include <sys/stat.h>

namespace sfumato::library {

namespace {

struct FolderContent {
    std::vector<QString> models;
    QSet<QString> others; // names of all other files
    std::vector<QString> folders;
    std::vector<QString> unreadableNames; // of models; with replacement characters
};

bool listFolder(const QString& path, FolderContent& content)
{
    std::error_code fault;
    std::filesystem::directory_iterator entries(toFilePath(path), fault);
    if (fault) return false;
    for (; entries != std::filesystem::directory_iterator(); entries.increment(fault)) {
        const std::string bytes = entries->path().filename().string();
        const QString name = QString::fromStdString(bytes);
        std::error_code ignored;
        if (entries->is_directory(ignored)) {
            if (!name.startsWith(u'.') && isValidUtf8(bytes)) content.folders.push_back(name);
        } else if (!isModelFileName(name)) {
            content.others.insert(name);
        } else {
            (isValidUtf8(bytes) ? content.models : content.unreadableNames).push_back(name);
        }
    }
    std::ranges::sort(content.folders);
    std::ranges::sort(content.models);
    return true;
}

std::int64_t modifiedNs(const struct stat& status) noexcept
{
    return std::int64_t{ status.st_mtim.tv_sec } * 1'000'000'000 + status.st_mtim.tv_nsec;
}

void addModel(const QString& path, const QString& watched, const QSet<QString>& others, std::vector<FoundFile>& found)
{
    struct stat status { };
    if (::stat(path.toUtf8().constData(), &status) != 0) return; // a link to nothing, or gone meanwhile
    FoundFile file{ path, watched, { status.st_size, modifiedNs(status), 0 }, {}, {} };
    const QString parent = path.left(path.lastIndexOf(u'/') + 1);
    for (const QString& name : companionNames(modelBaseName(path))) {
        if (!others.contains(name) || ::stat(QString(parent + name).toUtf8().constData(), &status) != 0) continue;
        addCompanion(file, name, status.st_size, modifiedNs(status));
    }
    found.push_back(std::move(file));
}

} // namespace

FolderWalk::FolderWalk(const QStringList& folders)
{
    for (const QString& folder : folders) m_waiting.push_back({ folder, folder, 0 });
}

bool FolderWalk::isNew(const QString& path)
{
    struct stat status { };
    return ::stat(path.toUtf8().constData(), &status) == 0 && m_seen.emplace(status.st_dev, status.st_ino).second;
}

void FolderWalk::readNext(std::vector<FoundFile>& found)
{
    if (m_waiting.empty()) return;
    const Waiting here = m_waiting.front();
    m_waiting.pop_front();
    FolderContent content;
    const bool isTop = here.depth == 0;
    if ((!isNew(here.path) && !isTop) || m_seen.size() > kMaxFolders) return;
    if (!listFolder(here.path, content)) {
        if (isTop) m_unreachable << here.path;
        return;
    }
    m_visited << here.path;
    for (const QString& name : content.models) {
        if (found.size() < kMaxFiles) addModel(here.path + u'/' + name, here.watched, content.others, found);
    }
    for (const QString& name : content.unreadableNames) {
        FoundFile file{ here.path + u'/' + name, here.watched, {}, {}, {} };
        file.fault = name + QStringLiteral(" has a name that is not valid UTF-8; rename the file to use it.");
        found.push_back(std::move(file));
    }
    if (here.depth >= kMaxDepth) return;
    for (const QString& name : content.folders) m_waiting.push_back({ here.path + u'/' + name, here.watched, here.depth + 1 });
}

} // namespace sfumato::library
