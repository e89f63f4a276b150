// SPDX-License-Identifier: Apache-2.0
#include "ui/theme/theme_tokens.h"

#include <QPalette>
#include <QWidget>

#include <cmath>

namespace sfumato::ui {

namespace {

const ThemeTokens kDark{
    .scheme = ColorScheme::Dark,
    .surfaceCanvas = QColor(0x1E, 0x1E, 0x1E),
    .surfaceWindow = QColor(0x28, 0x28, 0x28),
    .surfacePanel = QColor(0x2F, 0x2F, 0x2F),
    .surfaceRaised = QColor(0x3A, 0x3A, 0x3A),
    .surfaceInput = QColor(0x22, 0x22, 0x22),
    .lineSubtle = QColor(0x44, 0x44, 0x44),
    .lineStrong = QColor(0x6A, 0x6A, 0x6A),
    .text = QColor(0xE9, 0xE9, 0xE9),
    .textSecondary = QColor(0xB8, 0xB8, 0xB8),
    .textDisabled = QColor(0x85, 0x85, 0x85),
    .accent = QColor(0x7F, 0xB2, 0xE5),
    .onAccent = QColor(0x0F, 0x1E, 0x2C),
    .danger = QColor(0xF0, 0x8A, 0x80),
    .warning = QColor(0xE8, 0xBC, 0x62),
    .success = QColor(0x8C, 0xCB, 0x8C),
    .mask = QColor(0xFF, 0x8A, 0x3D),
    .checkerLight = QColor(0x6E, 0x6E, 0x6E),
    .checkerDark = QColor(0x5A, 0x5A, 0x5A),
};

const ThemeTokens kLight{
    .scheme = ColorScheme::Light,
    .surfaceCanvas = QColor(0xBD, 0xBD, 0xBD),
    .surfaceWindow = QColor(0xE9, 0xE9, 0xE9),
    .surfacePanel = QColor(0xF3, 0xF3, 0xF3),
    .surfaceRaised = QColor(0xFF, 0xFF, 0xFF),
    .surfaceInput = QColor(0xFF, 0xFF, 0xFF),
    .lineSubtle = QColor(0xCF, 0xCF, 0xCF),
    .lineStrong = QColor(0x8A, 0x8A, 0x8A),
    .text = QColor(0x1B, 0x1B, 0x1B),
    .textSecondary = QColor(0x4F, 0x4F, 0x4F),
    .textDisabled = QColor(0x8A, 0x8A, 0x8A),
    .accent = QColor(0x1C, 0x67, 0xA8),
    .onAccent = QColor(0xFF, 0xFF, 0xFF),
    .danger = QColor(0xB3, 0x26, 0x1E),
    .warning = QColor(0x7A, 0x53, 0x00),
    .success = QColor(0x1E, 0x6B, 0x2E),
    .mask = QColor(0xD9, 0x54, 0x1E),
    .checkerLight = QColor(0xFF, 0xFF, 0xFF),
    .checkerDark = QColor(0xDD, 0xDD, 0xDD),
};

} // namespace

const ThemeTokens& tokensFor(ColorScheme scheme) noexcept
{
    return scheme == ColorScheme::Dark ? kDark : kLight;
}

const ThemeTokens& tokensOf(const QPalette& palette) noexcept
{
    return palette.color(QPalette::Window).lightness() < 128 ? kDark : kLight;
}

const ThemeTokens& tokensOf(const QWidget& widget) noexcept
{
    return tokensOf(widget.palette());
}

QPalette paletteFor(const ThemeTokens& tokens)
{
    QPalette palette;
    palette.setColor(QPalette::Window, tokens.surfaceWindow);
    palette.setColor(QPalette::WindowText, tokens.text);
    palette.setColor(QPalette::Base, tokens.surfaceInput);
    palette.setColor(QPalette::AlternateBase, tokens.surfacePanel);
    palette.setColor(QPalette::Text, tokens.text);
    palette.setColor(QPalette::PlaceholderText, tokens.textDisabled);
    palette.setColor(QPalette::Button, tokens.surfaceRaised);
    palette.setColor(QPalette::ButtonText, tokens.text);
    palette.setColor(QPalette::BrightText, tokens.danger);
    palette.setColor(QPalette::ToolTipBase, tokens.surfaceRaised);
    palette.setColor(QPalette::ToolTipText, tokens.text);
    palette.setColor(QPalette::Highlight, tokens.accent);
    palette.setColor(QPalette::HighlightedText, tokens.onAccent);
    palette.setColor(QPalette::Link, tokens.accent);
    palette.setColor(QPalette::LinkVisited, tokens.textSecondary); // kSecondaryTextRole
    palette.setColor(QPalette::Light, tokens.surfaceRaised);
    palette.setColor(QPalette::Midlight, tokens.surfacePanel);
    palette.setColor(QPalette::Mid, tokens.lineSubtle);
    palette.setColor(QPalette::Dark, tokens.lineStrong);
    palette.setColor(QPalette::Shadow, QColor(0, 0, 0));
    for (const QPalette::ColorRole role : { QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText, QPalette::LinkVisited }) {
        palette.setColor(QPalette::Disabled, role, tokens.textDisabled);
    }
    palette.setColor(QPalette::Disabled, QPalette::Highlight, tokens.lineStrong);
    palette.setColor(QPalette::Disabled, QPalette::HighlightedText, tokens.surfaceWindow);
    return palette;
}

QColor blended(const QColor& base, const QColor& over, double opacity) noexcept
{
    const auto mix = [opacity](int below, int above) { return static_cast<int>(std::lround(below + (above - below) * opacity)); };
    return QColor(mix(base.red(), over.red()), mix(base.green(), over.green()), mix(base.blue(), over.blue()));
}

} // namespace sfumato::ui
