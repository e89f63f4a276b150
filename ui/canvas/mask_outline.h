// outlineOfTile: the border of what is painted, as lines between pixels.
// Thread: any, pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"

#include <QLine>

#include <vector>

namespace sfumato::ui {

// Lines between pixels (reduced 2^level times) of which one is at least half painted and the other is not. The tile's left and top borders are compared with its
// neighbours, so that the lines of all tiles together are the whole outline. A view without bytes is an unpainted tile. Runs are joined into one line.
[[nodiscard]] std::vector<QLine> outlineOfTile(ImageView tile, ImageView left, ImageView above, int level);

} // namespace sfumato::ui
