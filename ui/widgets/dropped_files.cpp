// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/dropped_files.h"

#include <QMimeData>
#include <QUrl>

namespace sfumato::ui {

QStringList localFilesIn(const QMimeData& mime)
{
    QStringList paths;
    const QList<QUrl> urls = mime.urls();
    for (const QUrl& url : urls) {
        if (url.isLocalFile()) paths.append(url.toLocalFile());
    }
    return paths;
}

} // namespace sfumato::ui
