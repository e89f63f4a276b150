// Metrics: the grid of the window in device-independent pixels at 100 %.
// Thread: any, constant data.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sfumato::ui::metrics {

inline constexpr int kInside = 4;      // inside a control
inline constexpr int kBetween = 8;     // between controls of a group
inline constexpr int kGroup = 16;      // between groups
inline constexpr int kDockMargin = 12; // around a dock's contents
inline constexpr int kControlHeight = 28;
inline constexpr int kIconSize = 20;
inline constexpr int kPrimaryHeight = 36;
inline constexpr int kToolStripWidth = 40;
inline constexpr int kStatusBarHeight = 24;
inline constexpr int kDockMinimumWidth = 240;
inline constexpr int kDockWidth = 320;
inline constexpr int kDockMaximumWidth = 480;
inline constexpr int kStripHeight = 168; // a row of tiles, their caption and the heading
inline constexpr int kTileSize = 112;
inline constexpr int kControlRadius = 4;
inline constexpr int kCardRadius = 6;
inline constexpr int kBodyPx = 13;
inline constexpr int kSecondaryPx = 12;
inline constexpr int kHeadingPx = 15;
inline constexpr int kOpenMs = 120; // motion of things that open

} // namespace sfumato::ui::metrics
