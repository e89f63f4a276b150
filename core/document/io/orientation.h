// The eight orientations of EXIF.
// Thread: any, pure. Private to this folder. Source: CIPA DC-008, tag 0x0112.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"

namespace sfumato::document {

// The upright picture of one stored with `orientation` 1..8; 1 moves the image through.
[[nodiscard]] ImageBuffer upright(ImageBuffer image, int orientation);

} // namespace sfumato::document
