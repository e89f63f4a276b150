// ThemeTokens: every colour of the window, by role. No widget names a colour; all of them come from here.
// Thread: any, constant data.
//
// Greys are pure (equal red, green, blue) so that they never tint the artist's judgement; one accent marks what is selected, active or primary.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QColor>

QT_BEGIN_NAMESPACE
class QPalette;
class QWidget;
QT_END_NAMESPACE

namespace sfumato::ui {

enum class ColorScheme { Dark,
    Light };

struct ThemeTokens {
    ColorScheme scheme;
    QColor surfaceCanvas; // around the picture
    QColor surfaceWindow; // window, toolbars, strip
    QColor surfacePanel;  // docks
    QColor surfaceRaised; // cards, menus, hover
    QColor surfaceInput;  // fields, slider grooves
    QColor lineSubtle;    // separators
    QColor lineStrong;    // field and button outlines
    QColor text;
    QColor textSecondary; // labels, units, hints
    QColor textDisabled;
    QColor accent; // primary button, selection, focus ring, progress
    QColor onAccent;
    QColor danger;
    QColor warning;
    QColor success;
    QColor mask;         // opaque; painted at kMaskOpacity
    QColor checkerLight; // transparency behind the picture
    QColor checkerDark;
};

inline constexpr double kMaskOpacity = 0.55;

[[nodiscard]] const ThemeTokens& tokensFor(ColorScheme scheme) noexcept;

// The tokens that belong to a palette made by paletteFor(): decided by how light its window colour is.
[[nodiscard]] const ThemeTokens& tokensOf(const QPalette& palette) noexcept;
[[nodiscard]] const ThemeTokens& tokensOf(const QWidget& widget) noexcept;

[[nodiscard]] QPalette paletteFor(const ThemeTokens& tokens);

// `over` laid on `base` with the given opacity (0..1); the result is opaque.
[[nodiscard]] QColor blended(const QColor& base, const QColor& over, double opacity) noexcept;

} // namespace sfumato::ui
