// SPDX-License-Identifier: Apache-2.0
#include "ui/tools/brush_store.h"

#include <algorithm>
#include <cmath>

namespace sfumato::ui {

namespace {

constexpr double kSizeStep = 1.1;
constexpr double kHardnessStep = 0.1;

std::size_t slot(BrushRole role) noexcept { return role == BrushRole::Paint ? 0 : 1; }

} // namespace

BrushStore::BrushStore(QObject* parent) : QObject(parent)
{
    m_brushes[slot(BrushRole::Erase)].erase = true;
}

const imaging::BrushSettings& BrushStore::brush(BrushRole role) const noexcept { return m_brushes[slot(role)]; }

void BrushStore::setBrush(BrushRole role, imaging::BrushSettings brush)
{
    brush.sizePx = std::clamp(brush.sizePx, kSmallestBrushPx, kLargestBrushPx);
    brush.hardness = std::clamp(brush.hardness, 0.0, 1.0);
    brush.strength = std::clamp(brush.strength, 0.01, 1.0);
    brush.erase = role == BrushRole::Erase;
    if (brush == m_brushes[slot(role)]) return;
    m_brushes[slot(role)] = brush;
    Q_EMIT brushChanged(role);
}

void BrushStore::stepSize(BrushRole role, int direction)
{
    imaging::BrushSettings changed = brush(role);
    const double scaled = direction > 0 ? changed.sizePx * kSizeStep : changed.sizePx / kSizeStep;
    changed.sizePx = direction > 0 ? std::max(std::round(scaled), changed.sizePx + 1) : std::min(std::round(scaled), changed.sizePx - 1);
    setBrush(role, changed);
}

void BrushStore::stepHardness(BrushRole role, int direction)
{
    imaging::BrushSettings changed = brush(role);
    changed.hardness = std::round((changed.hardness + direction * kHardnessStep) * 10) / 10;
    setBrush(role, changed);
}

} // namespace sfumato::ui
