// CanvasOverlay: what the canvas draws over the picture: a preview while sampling, a variation while reviewing. It is never part of the document.
// Thread: any, pure value.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"
#include "core/workflow/place_result.h"

#include <QImage>

namespace sfumato::workspace {

struct CanvasOverlay {
    enum class Kind { None,
        Preview,
        Variation };

    Kind kind = Kind::None;
    QImage image;  // Format_ARGB32_Premultiplied (preview and veil: faded by the blend mask) or Format_RGBA8888 (variation: the picture's own pixels)
    Bounds bounds; // where it lies on the canvas; the image is stretched to it
    // A preview shows where it may land: the crop that the model sees.
    Bounds crop;
};

// A preview of any size, within the real blend mask, at no more than 512 px a side.
[[nodiscard]] CanvasOverlay previewOverlay(const workflow::Placement& placement, const ImageBuffer& preview);
// The changed part of a placed result, exact.
[[nodiscard]] CanvasOverlay variationOverlay(const workflow::Placement& placement, const workflow::PlacedResult& placed);

// A picture of which only the colours are left: nothing in it can be recognised.
[[nodiscard]] QImage veiled(const QImage& image);
// The changed part of a placed result, veiled within the real blend mask, with no more pixels than that needs.
[[nodiscard]] CanvasOverlay veiledOverlay(const workflow::Placement& placement, const workflow::PlacedResult& placed);

// Any view as a QImage of its own: Gray8, Rgb8, Rgba8 (straight alpha), Rgba16 as 8 bits.
[[nodiscard]] QImage toQImage(ImageView image);

} // namespace sfumato::workspace
