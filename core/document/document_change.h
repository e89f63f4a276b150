// DocumentChange: what changed in a document, and where.
// Thread: any, pure value.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/geometry.h"

#include <cstdint>

namespace sfumato::document {

enum class LayerId : std::uint32_t {};

struct DocumentChange {
    enum class Kind {
        LayerPixels, // `dirty` of `layer`
        Mask,        // `dirty` of the mask
        Extent,      // another picture size: everything is dirty
        Name,        // name or path
    };
    Kind kind = Kind::LayerPixels;
    Bounds dirty;    // canvas pixels
    LayerId layer{}; // LayerPixels only
};

} // namespace sfumato::document
