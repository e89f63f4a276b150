// What the program remembers between runs, in the platform's settings file.
// Thread: GUI. Values that are missing or damaged read as their defaults.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workspace/app_settings.h"
#include "ui/window/main_window.h"

QT_BEGIN_NAMESPACE
class QSettings;
QT_END_NAMESPACE

namespace sfumato::app {

[[nodiscard]] workspace::AppSettings loadAppSettings(const QSettings& store);
void saveAppSettings(QSettings& store, const workspace::AppSettings& settings);

[[nodiscard]] ui::WindowState loadWindowState(const QSettings& store);
void saveWindowState(QSettings& store, const ui::WindowState& state);

[[nodiscard]] ui::ColorScheme loadColorScheme(const QSettings& store);
void saveColorScheme(QSettings& store, ui::ColorScheme scheme);

} // namespace sfumato::app
