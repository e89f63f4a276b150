// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/work_mask.h"

#include "core/imaging/blend_mask.h"
#include "core/imaging/mask_shaping.h"
#include "core/imaging/pixel_conversion.h"
#include "core/imaging/resample.h"
#include "core/workflow/resolution_plan.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <locale>
#include <sstream>
#include <utility>

namespace sfumato::workflow {

namespace {

constexpr int kNoiseLevel = 7;
constexpr int kHalf = 128;
constexpr int kEdgeMargin = 16; // picture px around the crop that the paste mask looks at

using LevelTable = std::array<std::uint8_t, 256>;

template <typename Function>
LevelTable levelTable(Function function)
{
    LevelTable table{};
    for (int level = 0; level < 256; ++level) table[static_cast<std::size_t>(level)] = static_cast<std::uint8_t>(function(level));
    return table;
}

void applyLevels(ImageSpan image, const LevelTable& table)
{
    for (int y = 0; y < image.extent.height; ++y) {
        auto* row = image.row(y);
        for (int x = 0; x < image.extent.width; ++x) row[x] = table[row[x]];
    }
}

LevelTable hardLevels()
{
    return levelTable([](int level) { return level >= kHalf ? 255 : 0; });
}

LevelTable withoutNoise()
{
    return levelTable([](int level) { return level <= kNoiseLevel ? 0 : level >= 255 - kNoiseLevel ? 255
                                                                                                   : level; });
}

bool isHard(ImageView mask)
{
    for (int y = 0; y < mask.extent.height; ++y) {
        const auto* row = mask.row(y);
        if (std::any_of(row, row + mask.extent.width, [](std::uint8_t level) { return level != 0 && level != 255; })) return false;
    }
    return true;
}

void raiseTo(ImageSpan mask, const ImageBuffer& floor)
{
    for (int y = 0; y < mask.extent.height; ++y) {
        auto* row = mask.row(y);
        const auto* least = floor.row(y);
        for (int x = 0; x < mask.extent.width; ++x) row[x] = std::max(row[x], least[x]);
    }
}

void fillCell(ImageSpan mask, const Bounds& cell)
{
    std::uint8_t greatest = 0;
    for (int y = cell.y; y < cell.bottom(); ++y) greatest = std::max(greatest, *std::max_element(mask.row(y) + cell.x, mask.row(y) + cell.right()));
    for (int y = cell.y; y < cell.bottom(); ++y) std::fill(mask.row(y) + cell.x, mask.row(y) + cell.right(), greatest);
}

void fillCells(ImageSpan mask)
{
    for (int y = 0; y < mask.extent.height; y += kSizeStep) {
        for (int x = 0; x < mask.extent.width; x += kSizeStep) {
            fillCell(mask, Bounds{ x, y, kSizeStep, kSizeStep }.intersected(Bounds::ofExtent(mask.extent)));
        }
    }
}

} // namespace

Result<imaging::Mask> cleanPaint(const imaging::Mask& mask, Extent pictureSize)
{
    const bool isScaled = mask.extent() != pictureSize;
    if (!isScaled) {
        imaging::Mask paint = mask;
        const LevelTable table = withoutNoise();
        paint.raster().edit(mask.paintedBounds(), [&table](ImageSpan pixels, const Bounds&) { applyLevels(pixels, table); });
        return paint;
    }
    ImageBuffer source = mask.toImage();
    applyLevels(source.span(), withoutNoise());
    Result<ImageBuffer> scaled = imaging::resample(source.view(), pictureSize);
    if (!scaled) return scaled.error();
    applyLevels(scaled->span(), isHard(source.view()) ? hardLevels() : withoutNoise());
    return imaging::Mask(imaging::Raster::fromImage(scaled->view()));
}

Result<SampledMask> sampledMask(const ImageBuffer& paint, const ContextArea& area, bool wholeCells)
{
    Result<ImageBuffer> shaped = area.grow > 0 ? imaging::growMask(paint.view(), area.grow) : Result<ImageBuffer>(paint);
    if (!shaped) return shaped.error();
    const bool staysHard = area.feather == 0 && isHard(paint.view());
    if (area.feather > 0) {
        // featherMask softens its argument's width on either side of an edge; the rule's feather is the whole width.
        shaped = imaging::featherMask(shaped->view(), area.feather / 2.0);
        if (!shaped) return shaped.error();
        raiseTo(shaped->span(), paint);
    }
    Result<ImageBuffer> work = imaging::resample(shaped->view(), area.workSize);
    if (!work) return work.error();
    if (wholeCells) fillCells(work->span());
    if (staysHard) applyLevels(work->span(), hardLevels());
    return SampledMask{ std::move(*shaped), std::move(*work) };
}

Result<ImageBuffer> pasteMask(const imaging::Mask& paint, const Bounds& crop, bool isHard)
{
    if (isHard) {
        ImageBuffer blend = paint.toImage(crop);
        applyLevels(blend.span(), levelTable([](int level) { return std::min(255, level * 255 / imaging::kFullPaintLevel); }));
        return blend;
    }
    // A little more than the crop, so that paint that ends at the crop's border but not at the picture's is seen to end there.
    const Bounds seen = crop.grownBy(kEdgeMargin).intersected(Bounds::ofExtent(paint.extent()));
    const Result<ImageBuffer> blend = imaging::blendMask(paint.toImage(seen).view());
    if (!blend) return blend.error();
    return imaging::copied(imaging::cropped(blend->view(), crop.translated(-seen.x, -seen.y)));
}

std::string shortNumber(double value)
{
    std::ostringstream text;
    text.imbue(std::locale::classic());
    text << value;
    return text.str();
}

} // namespace sfumato::workflow
