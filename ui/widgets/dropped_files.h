// The local files of a drop or of the clipboard.
// Thread: GUI, pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QStringList>

QT_BEGIN_NAMESPACE
class QMimeData;
QT_END_NAMESPACE

namespace sfumato::ui {

// Paths in their order; what lies elsewhere than on this machine is left out.
[[nodiscard]] QStringList localFilesIn(const QMimeData& mime);

} // namespace sfumato::ui
