// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/raster_delta.h"

#include <algorithm>

namespace sfumato::imaging {

namespace {

bool hasEqualPixels(const TilePointer& left, const TilePointer& right)
{
    if (left == right) return true;
    if (!left || !right) return (left ? left : right)->isZero();
    return *left == *right;
}

bool isBefore(TileIndex left, TileIndex right) noexcept
{
    return left.row != right.row ? left.row < right.row : left.column < right.column;
}

} // namespace

RasterDelta RasterDelta::between(const Raster& before, const Raster& after)
{
    RasterDelta delta;
    for (const TileIndex index : replacedTiles(before, after)) {
        if (hasEqualPixels(before.tile(index), after.tile(index))) continue;
        delta.m_changes.push_back({ index, before.tile(index), after.tile(index) });
        delta.m_bounds = delta.m_bounds.united(before.tileBounds(index));
    }
    return delta;
}

std::size_t RasterDelta::sizeInBytes() const noexcept
{
    std::size_t bytes = m_changes.size() * sizeof(Change);
    for (const Change& change : m_changes) {
        bytes += change.before ? change.before->sizeInBytes() : 0;
        bytes += change.after ? change.after->sizeInBytes() : 0;
    }
    return bytes;
}

void RasterDelta::undo(Raster& raster) const
{
    for (const Change& change : m_changes) raster.setTile(change.index, change.before);
}

void RasterDelta::redo(Raster& raster) const
{
    for (const Change& change : m_changes) raster.setTile(change.index, change.after);
}

RasterDelta RasterDelta::mergedWith(const RasterDelta& next) const
{
    RasterDelta merged = *this;
    for (const Change& change : next.m_changes) {
        const auto position = std::lower_bound(merged.m_changes.begin(), merged.m_changes.end(), change.index,
            [](const Change& left, TileIndex index) { return isBefore(left.index, index); });
        if (position != merged.m_changes.end() && position->index == change.index) position->after = change.after;
        else
            merged.m_changes.insert(position, change);
    }
    std::erase_if(merged.m_changes, [](const Change& change) { return hasEqualPixels(change.before, change.after); });
    merged.m_bounds = merged.m_changes.empty() ? Bounds{} : m_bounds.united(next.m_bounds);
    return merged;
}

} // namespace sfumato::imaging
