// SPDX-License-Identifier: Apache-2.0
#include "core/document/layer.h"

#include <algorithm>
#include <cassert>

namespace sfumato::document {

const Layer* DocumentContent::findLayer(LayerId id) const noexcept
{
    const auto found = std::ranges::find(layers, id, &Layer::id);
    return found == layers.end() ? nullptr : &*found;
}

const imaging::Raster& DocumentContent::picture() const
{
    assert(!layers.empty());
    return layers.front().pixels;
}

} // namespace sfumato::document
