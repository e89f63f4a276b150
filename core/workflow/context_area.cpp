// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/context_area.h"

#include "core/workflow/resolution_plan.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace sfumato::workflow {

namespace {

constexpr double kZoomLimit = 2.0;
constexpr double kCloseUpZoomLimit = 4.0;
constexpr double kSmallestCropSide = 512.0; // for a native size of 1024, as all pixel figures below
constexpr double kSmallestCloseUpSide = 256.0;
constexpr double kLeastFeather = 32.0;
constexpr double kWideMargin = 16.0;
constexpr double kNearMarginAtWorkSize = 64.0;
constexpr double kRefiningStrength = 0.7; // below it an edit refines what is there
constexpr double kDetailPart = 0.02;      // of the picture's area
constexpr double kLossThatShrinks = 0.15; // of the mask's area

int rounded(double value) noexcept
{
    return static_cast<int>(std::lround(value));
}

// Padding p for which p pixels of the picture are 64 k at work size when the crop fills the native area: p is a sixteenth of the crop's mean side, that is
// 256 p² = (w + 2 p)(h + 2 p).
double workSizeMargin(Bounds mask) noexcept
{
    const double sum = static_cast<double>(mask.width) + mask.height;
    const double product = static_cast<double>(mask.width) * mask.height;
    return (sum + std::sqrt(sum * sum + 252.0 * product)) / 252.0;
}

double zoomLimitOf(ContextReach reach) noexcept
{
    return reach == ContextReach::CloseUp ? kCloseUpZoomLimit : kZoomLimit;
}

int paddingOf(const ContextQuery& query, int grow, int feather) noexcept
{
    if (query.padding) return *query.padding;
    const double scale = nativeScale(query.nativeSize);
    const Bounds& mask = query.mask;
    if (query.reach == ContextReach::Wide) {
        const double longest = std::max(query.picture.width, query.picture.height);
        return static_cast<int>(std::ceil(std::max({ longest / 16.0, (mask.width + mask.height) / 4.0, grow + feather / 2.0 + kWideMargin * scale })));
    }
    const double around = 0.06 * std::hypot(mask.width, mask.height) + grow + feather;
    const double atWorkSize = std::max(workSizeMargin(mask), kNearMarginAtWorkSize * scale / zoomLimitOf(query.reach));
    return static_cast<int>(std::ceil(std::max(around, atWorkSize)));
}

// A crop of this size around the mask, pushed inside the picture.
Bounds centredCrop(const ContextQuery& query, Extent size) noexcept
{
    const Bounds& mask = query.mask;
    const int x = std::clamp(mask.x - (size.width - mask.width) / 2, 0, query.picture.width - size.width);
    const int y = std::clamp(mask.y - (size.height - mask.height) / 2, 0, query.picture.height - size.height);
    return { x, y, size.width, size.height };
}

// The smallest size with the bucket's proportions that holds `size`.
Extent stretched(Extent size, Extent bucket) noexcept
{
    const double proportions = static_cast<double>(bucket.width) / bucket.height;
    if (size.width < size.height * proportions) return { rounded(size.height * proportions), size.height };
    return { size.width, rounded(size.width / proportions) };
}

// The largest size with these proportions inside `size` that still holds the mask.
Extent cut(Extent size, Extent proportionsOf, Bounds mask) noexcept
{
    const double proportions = static_cast<double>(proportionsOf.width) / proportionsOf.height;
    if (size.width > size.height * proportions) return { std::clamp(rounded(size.height * proportions), mask.width, size.width), size.height };
    return { size.width, std::clamp(rounded(size.width / proportions), mask.height, size.height) };
}

Extent freeSize(Extent crop, const ContextQuery& query) noexcept
{
    const Extent full = freeWorkSize(crop, query.nativeSize);
    const double limit = zoomLimitOf(query.reach);
    const double fullScale = std::sqrt(static_cast<double>(full.area()) / static_cast<double>(crop.area()));
    if (fullScale <= limit) return full;
    return { roundedSide(crop.width * limit), roundedSide(crop.height * limit) };
}

} // namespace

ContextArea contextArea(const ContextQuery& query)
{
    assert(!query.mask.isEmpty() && Bounds::ofExtent(query.picture).contains(query.mask));
    const double scale = nativeScale(query.nativeSize);
    const double diagonal = std::hypot(query.mask.width, query.mask.height);
    const double feather = query.feather ? *query.feather : std::max(0.10 * diagonal * query.strength, kLeastFeather * scale * query.strength);

    ContextArea area;
    // A rule never says 0, which stands for "hard edges" when it is given.
    area.feather = query.feather ? *query.feather : std::max(1, rounded(feather));
    area.grow = query.grow ? *query.grow : rounded(4.0 + feather / 2.0);
    area.padding = paddingOf(query, area.grow, area.feather);

    const double smallest = (query.reach == ContextReach::CloseUp ? kSmallestCloseUpSide : kSmallestCropSide) * scale;
    const int smallestSide = std::max(1, rounded(smallest));
    const Extent wanted{ std::min(std::max(query.mask.width + 2 * area.padding, smallestSide), query.picture.width),
        std::min(std::max(query.mask.height + 2 * area.padding, smallestSide), query.picture.height) };

    const Extent bucket = nearestBucket(wanted, query.nativeSize);
    const Extent size = stretched(wanted, bucket);
    const bool fits = size.width <= query.picture.width && size.height <= query.picture.height;
    // The bucket's scale may pass the limit by the rounding of one pixel, no more.
    const bool withinLimit = bucket.width <= zoomLimitOf(query.reach) * (size.width + 1) && bucket.height <= zoomLimitOf(query.reach) * (size.height + 1);
    area.usesBucket = fits && withinLimit;
    area.workSize = area.usesBucket ? bucket : freeSize(wanted, query);
    area.crop = centredCrop(query, area.usesBucket ? size : cut(wanted, area.workSize, query.mask));
    return area;
}

ContextReach automaticReach(Extent picture, Bounds mask, double strength) noexcept
{
    if (strength >= kRefiningStrength) return ContextReach::Wide;
    const bool isDetail = static_cast<double>(mask.extent().area()) < kDetailPart * static_cast<double>(picture.area());
    return isDetail ? ContextReach::CloseUp : ContextReach::Near;
}

ContextFrame steadyFrame(const std::optional<ContextFrame>& present, const ContextQuery& query)
{
    const ContextFrame fresh{ contextArea(query), query.mask };
    if (!present || !present->area.crop.contains(fresh.area.crop)) return fresh;
    const auto before = static_cast<double>(present->mask.extent().area());
    const auto now = static_cast<double>(query.mask.extent().area());
    return now < (1.0 - kLossThatShrinks) * before ? fresh : *present;
}

} // namespace sfumato::workflow
