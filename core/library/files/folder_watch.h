// FolderWatch: tells that something changed in one of many folders.
// Thread: GUI. Owner: LibraryIndex.
// The system offers a bounded number of watches, so the folders beyond a limit are not followed. Network folders often tell nothing.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFileSystemWatcher>
#include <QObject>
#include <QStringList>
#include <QTimer>

namespace sfumato::library {

class FolderWatch : public QObject {
    Q_OBJECT

public:
    static constexpr int kGatherMs = 800; // changes within this time are told as one

    explicit FolderWatch(int maxFolders, QObject* parent = nullptr);

    // The first `maxFolders` are followed from now on; others no longer. They are added a few at each turn of the event loop. changed() follows when there are new ones
    // among them: something may have happened in them between the last look and now.
    void setFolders(const QStringList& folders);

Q_SIGNALS:
    void changed();

private:
    void addSome();
    void gather();

    int m_maxFolders;
    QFileSystemWatcher m_watcher;
    QStringList m_waiting;
    QTimer m_gather;
};

} // namespace sfumato::library
