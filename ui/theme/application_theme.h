// applyTheme: sets the style, palette and font of the whole application. Call once at start and again when the scheme changes.
// Thread: GUI.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/theme/theme_tokens.h"

#include <QFont>
#include <QPalette>

QT_BEGIN_NAMESPACE
class QApplication;
QT_END_NAMESPACE

namespace sfumato::ui {

// The palette has no role for quiet text; the program has no visited links, so their role carries it.
inline constexpr QPalette::ColorRole kSecondaryTextRole = QPalette::LinkVisited;

void applyTheme(QApplication& application, ColorScheme scheme);

// The platform's interface font at the sizes of the grid.
[[nodiscard]] QFont bodyFont();
[[nodiscard]] QFont secondaryFont();
[[nodiscard]] QFont headingFont();

} // namespace sfumato::ui
