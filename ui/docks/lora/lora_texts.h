// The sentences of the LoRA dock. Texts out of files go through them unchanged: show the results as plain text.
// Thread: GUI (translated). Pure functions of their arguments.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/library/library_entry.h"

#include <QPoint>
#include <QString>

namespace sfumato::ui {

// "612 of 722 layers applied"; `applied`: layers, of how many.
[[nodiscard]] QString appliedText(const QPoint& applied);
// "Made for SD 1.x; the model in use is SDXL."; empty when both fit or one is not known.
[[nodiscard]] QString misfitText(engine::ModelFamily made, engine::ModelFamily inUse);
// What a card tells when the pointer rests on it. `details` may be null while they are being read.
[[nodiscard]] QString cardText(const library::LibraryEntry& entry, const library::FileDetails* details, engine::ModelFamily inUse);
// "SDXL"
[[nodiscard]] QString familyText(engine::ModelFamily family);

} // namespace sfumato::ui
