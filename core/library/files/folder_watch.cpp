// SPDX-License-Identifier: Apache-2.0
#include "core/library/files/folder_watch.h"

#include <QSet>

namespace sfumato::library {

FolderWatch::FolderWatch(int maxFolders, QObject* parent) : QObject(parent), m_maxFolders(maxFolders)
{
    m_gather.setSingleShot(true);
    m_gather.setInterval(kGatherMs);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &FolderWatch::gather);
    connect(&m_gather, &QTimer::timeout, this, &FolderWatch::changed);
}

void FolderWatch::setFolders(const QStringList& folders)
{
    const QStringList chosen = folders.mid(0, m_maxFolders);
    const QSet<QString> wanted(chosen.begin(), chosen.end());
    const QStringList followed = m_watcher.directories();
    QStringList leaving;
    for (const QString& folder : followed) {
        if (!wanted.contains(folder)) leaving << folder;
    }
    if (!leaving.isEmpty()) m_watcher.removePaths(leaving);
    const QSet<QString> staying(followed.begin(), followed.end());
    m_waiting.clear();
    for (const QString& folder : chosen) {
        if (!staying.contains(folder)) m_waiting << folder;
    }
    addSome();
}

void FolderWatch::addSome()
{
    constexpr int kAtOnce = 32;
    if (m_waiting.isEmpty()) return;
    m_watcher.addPaths(m_waiting.mid(0, kAtOnce));
    m_waiting = m_waiting.mid(kAtOnce);
    if (!m_waiting.isEmpty()) QTimer::singleShot(0, this, &FolderWatch::addSome);
    else
        gather();
}

void FolderWatch::gather()
{
    if (!m_gather.isActive()) m_gather.start();
}

} // namespace sfumato::library
