// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/place_result.h"

#include "core/imaging/color_match.h"
#include "core/imaging/composite.h"
#include "core/imaging/pixel_conversion.h"
#include "core/imaging/resample.h"

#include <algorithm>

namespace sfumato::workflow {

namespace {

Result<PlacedResult> placeWhole(const Placement& placement, const ImageBuffer& image)
{
    const Result<ImageBuffer> scaled = imaging::resample(image.view(), placement.outputSize);
    if (!scaled) return scaled.error();
    const ImageBuffer converted = imaging::convertPixels(scaled->view(), placement.format);
    return PlacedResult{ imaging::Raster::fromImage(converted.view()), Bounds::ofExtent(placement.outputSize), 0 };
}

} // namespace

Result<PlacedResult> placeResult(const Placement& placement, const ImageBuffer& image)
{
    if (image.isEmpty()) return Error{ ErrorCode::InvalidRequest, "The engine returned an empty picture.", "image" };
    if (placement.blend.isEmpty()) return placeWhole(placement, image);

    Result<ImageBuffer> patch = imaging::resample(image.view(), placement.crop.extent());
    if (!patch) return patch.error();
    if (!placement.sampled.isEmpty()) {
        const ImageBuffer original = imaging::flattened(placement.base.toImage(placement.crop).view());
        patch = imaging::matchColors(patch->view(), original.view(), placement.sampled.view());
        if (!patch) return patch.error();
    }
    PlacedResult placed{ placement.base, placement.crop, 0 };
    imaging::compositeMasked(placed.picture, placement.crop.x, placement.crop.y, patch->view(), placement.blend.view());
    placed.changed = imaging::paintedBounds(placement.blend.view()).translated(placement.crop.x, placement.crop.y);
    placed.outsideDifferences = imaging::countDifferingOutside(placement.paint, placement.base, placed.picture);
    return placed;
}

imaging::Raster laidOver(const imaging::Raster& picture, const Placement& placement, const PlacedResult& placed)
{
    if (placement.blend.isEmpty()) return placed.picture;
    imaging::Raster result = picture;
    const int pixelSize = bytesPerPixel(picture.format());
    result.edit(placed.changed, [&](ImageSpan pixels, const Bounds& area) {
        const ImageBuffer from = placed.picture.toImage(area);
        const Bounds inCrop = area.translated(-placement.crop.x, -placement.crop.y);
        for (int y = 0; y < area.height; ++y) {
            const std::uint8_t* blend = placement.blend.row(inCrop.y + y) + inCrop.x;
            std::byte* target = pixels.row<std::byte>(y);
            const std::byte* source = from.row<std::byte>(y);
            for (int x = 0; x < area.width; ++x) {
                if (blend[x] > 0) std::copy_n(source + x * pixelSize, pixelSize, target + x * pixelSize);
            }
        }
    });
    return result;
}

} // namespace sfumato::workflow
