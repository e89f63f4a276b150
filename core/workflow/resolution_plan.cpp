// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/resolution_plan.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

namespace sfumato::workflow {

namespace {

constexpr double kSdxlSide = 1024.0;

// The tall half and the square; the wide ones are their mirrors.
constexpr std::array<Extent, 21> kTallBuckets{ { { 512, 2048 }, { 512, 1984 }, { 512, 1920 }, { 512, 1856 }, { 576, 1792 }, { 576, 1728 }, { 576, 1664 },
    { 640, 1600 }, { 640, 1536 }, { 704, 1472 }, { 704, 1408 }, { 704, 1344 }, { 768, 1344 }, { 768, 1280 },
    { 832, 1216 }, { 832, 1152 }, { 896, 1152 }, { 896, 1088 }, { 960, 1088 }, { 960, 1024 }, { 1024, 1024 } } };

double logProportions(Extent extent) noexcept
{
    return std::log(static_cast<double>(extent.width) / extent.height);
}

} // namespace

double nativeScale(Extent nativeSize) noexcept
{
    return std::sqrt(static_cast<double>(nativeSize.area())) / kSdxlSide;
}

int roundedSide(double side) noexcept
{
    const double steps = std::floor(side / kSizeStep + 0.5);
    return static_cast<int>(std::clamp(steps * kSizeStep, double{ kSmallestWorkSide }, double{ kLargestWorkSide }));
}

Extent roundedExtent(Extent extent) noexcept
{
    const double longest = std::max(extent.width, extent.height);
    const double shortest = std::min(extent.width, extent.height);
    const double scale = std::min(std::max(1.0, kSmallestWorkSide / shortest), kLargestWorkSide / longest);
    return { roundedSide(extent.width * scale), roundedSide(extent.height * scale) };
}

std::vector<Extent> workBuckets(Extent nativeSize)
{
    const double scale = nativeScale(nativeSize);
    std::vector<Extent> buckets;
    for (const Extent& tall : kTallBuckets) {
        if (tall.width * scale < kSmallestWorkSide || tall.height * scale > kLargestWorkSide) continue;
        const Extent bucket{ roundedSide(tall.width * scale), roundedSide(tall.height * scale) };
        if (buckets.empty() || buckets.back() != bucket) buckets.push_back(bucket);
    }
    if (buckets.empty()) buckets.push_back({ roundedSide(kSdxlSide * scale), roundedSide(kSdxlSide * scale) });
    for (std::size_t i = buckets.size(); i-- > 0;) {
        if (buckets[i].width != buckets[i].height) buckets.push_back({ buckets[i].height, buckets[i].width });
    }
    return buckets;
}

Extent nearestBucket(Extent proportions, Extent nativeSize)
{
    assert(!proportions.isEmpty());
    const std::vector<Extent> buckets = workBuckets(nativeSize);
    const double wanted = logProportions(proportions);
    return *std::ranges::min_element(buckets, {}, [wanted](const Extent& bucket) { return std::abs(logProportions(bucket) - wanted); });
}

Extent freeWorkSize(Extent proportions, Extent nativeSize) noexcept
{
    const double area = static_cast<double>(nativeSize.area());
    const double longest = std::max(proportions.width, proportions.height);
    const double scale = std::min(std::sqrt(area / static_cast<double>(proportions.area())), kLargestWorkSide / longest);
    return { roundedSide(proportions.width * scale), roundedSide(proportions.height * scale) };
}

} // namespace sfumato::workflow
