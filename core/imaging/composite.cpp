// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/composite.h"

#include "core/imaging/pixel_conversion.h"
#include "core/imaging/sample_rows.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace sfumato::imaging {

namespace {

template <typename Sample>
void blendPixel(Sample* target, const Sample* patch, std::uint64_t amount) noexcept
{
    constexpr std::uint64_t kOpaque = std::numeric_limits<Sample>::max();
    if (amount == 255) {
        std::copy_n(patch, 4, target);
        return;
    }
    const std::uint64_t targetWeight = target[3] * (255 - amount);
    const std::uint64_t patchWeight = patch[3] * amount;
    const std::uint64_t total = targetWeight + patchWeight;
    if (total == 0) return;
    if (total == kOpaque * 255) {
        for (int c = 0; c < 3; ++c) target[c] = static_cast<Sample>((target[c] * (255 - amount) + patch[c] * amount + 127) / 255);
        return;
    }
    for (int c = 0; c < 3; ++c) target[c] = static_cast<Sample>((target[c] * targetWeight + patch[c] * patchWeight + total / 2) / total);
    target[3] = static_cast<Sample>((total + 127) / 255);
}

template <typename Sample>
void blendRow(Sample* target, const Sample* patch, const std::uint8_t* blend, int width) noexcept
{
    for (int x = 0; x < width; ++x) {
        if (blend[x] != 0) blendPixel(target + 4 * x, patch + 4 * x, blend[x]);
    }
}

bool isBlank(ImageView gray) noexcept
{
    for (int y = 0; y < gray.extent.height; ++y) {
        const std::uint8_t* row = gray.row(y);
        if (std::any_of(row, row + gray.extent.width, [](std::uint8_t value) { return value != 0; })) return false;
    }
    return true;
}

std::int64_t countDifferingInRow(const std::uint8_t* mask, const std::byte* before, const std::byte* after, int width, std::size_t pixelBytes) noexcept
{
    std::int64_t count = 0;
    if (std::memcmp(before, after, static_cast<std::size_t>(width) * pixelBytes) == 0) return 0;
    for (int x = 0; x < width; ++x) {
        const std::size_t at = static_cast<std::size_t>(x) * pixelBytes;
        if (mask[x] == 0 && std::memcmp(before + at, after + at, pixelBytes) != 0) ++count;
    }
    return count;
}

} // namespace

void compositeMasked(ImageSpan target, ImageView patch, ImageView blend)
{
    assert(target.extent == patch.extent && target.extent == blend.extent && blend.format == PixelFormat::Gray8);
    assert(target.format == PixelFormat::Rgba8 || target.format == PixelFormat::Rgba16);
    ImageBuffer row({ target.extent.width, 1 }, target.format);
    std::vector<std::uint16_t> samples(static_cast<std::size_t>(std::max(target.extent.width, 0)) * 4);
    for (int y = 0; y < target.extent.height; ++y) {
        unpackRow(patch, y, samples.data());
        packRow(samples.data(), row.span(), 0);
        if (target.format == PixelFormat::Rgba8) blendRow(target.row(y), row.row(0), blend.row(y), target.extent.width);
        else
            blendRow(target.row<std::uint16_t>(y), row.row<std::uint16_t>(0), blend.row(y), target.extent.width);
    }
}

void compositeMasked(Raster& target, int x, int y, ImageView patch, ImageView blend)
{
    assert(patch.extent == blend.extent);
    const Bounds region{ x, y, patch.extent.width, patch.extent.height };
    for (const TileIndex index : target.tilesIn(region)) {
        const Bounds part = target.tileBounds(index).intersected(region);
        const Bounds inPatch = part.translated(-x, -y);
        if (isBlank(cropped(blend, inPatch))) continue;
        target.edit(part, [&](ImageSpan pixels, const Bounds&) { compositeMasked(pixels, cropped(patch, inPatch), cropped(blend, inPatch)); });
    }
}

std::int64_t countDifferingOutside(ImageView mask, ImageView before, ImageView after)
{
    assert(before.extent == after.extent && before.format == after.format && mask.extent == before.extent && mask.format == PixelFormat::Gray8);
    std::int64_t count = 0;
    for (int y = 0; y < before.extent.height; ++y) {
        count += countDifferingInRow(mask.row(y), before.row<std::byte>(y), after.row<std::byte>(y), before.extent.width,
            static_cast<std::size_t>(bytesPerPixel(before.format)));
    }
    return count;
}

std::int64_t countDifferingOutside(const Mask& mask, const Raster& before, const Raster& after)
{
    std::int64_t count = 0;
    for (const TileIndex index : replacedTiles(before, after)) {
        const Bounds area = before.tileBounds(index);
        count += countDifferingOutside(mask.toImage(area).view(), before.toImage(area).view(), after.toImage(area).view());
    }
    return count;
}

} // namespace sfumato::imaging
