// BrushStore: the brush of each role, remembered apart: the eraser keeps its own size.
// Thread: GUI. Owner: MainWindow; bound by the tool options bar, read by tools.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/imaging/brush.h"

#include <QObject>

#include <array>
#include <optional>

namespace sfumato::ui {

enum class BrushRole { Paint,
    Erase };

inline constexpr double kSmallestBrushPx = 1;
inline constexpr double kLargestBrushPx = 2000;

class BrushStore final : public QObject {
    Q_OBJECT

public:
    explicit BrushStore(QObject* parent = nullptr);

    [[nodiscard]] const imaging::BrushSettings& brush(BrushRole role) const noexcept;
    // Size, hardness and strength are clamped to their ranges; `erase` is the role's own.
    void setBrush(BrushRole role, imaging::BrushSettings brush);
    // One key press: about a tenth larger or smaller, at least a pixel; hardness in steps of 10 %.
    void stepSize(BrushRole role, int direction);
    void stepHardness(BrushRole role, int direction);

Q_SIGNALS:
    void brushChanged(sfumato::ui::BrushRole role);

private:
    std::array<imaging::BrushSettings, 2> m_brushes;
};

} // namespace sfumato::ui
