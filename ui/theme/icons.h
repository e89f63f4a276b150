// themedIcon: the program's own icon family, tinted by the palette when it is painted and crisp at every scale.
// Thread: GUI. Cost: a vector drawing per size and state, kept in the icon's own small cache.
//
// Names are paths below resources/icons without ending: "tools/brush", "actions/keep", "status/eye". "On" states are painted in the accent colour.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QString>

namespace sfumato::ui {

[[nodiscard]] QIcon themedIcon(const QString& name);

// One icon in one colour, for painting by hand. `sizePx` is device-independent; `scale` the device pixel ratio.
[[nodiscard]] QPixmap tintedIcon(const QString& name, const QColor& color, int sizePx, qreal scale);

// The program's icon at the usual sizes.
[[nodiscard]] QIcon applicationIcon();

} // namespace sfumato::ui
