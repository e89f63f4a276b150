// The words of the control rows: what pictures show, how they are prepared, and why a control is not used.
// Thread: GUI (translated). Pure functions of their arguments.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/library/controls/control_models.h"
#include "core/workspace/control_row.h"

#include <QString>

namespace sfumato::ui {

[[nodiscard]] QString controlTypeText(engine::ControlType type);
[[nodiscard]] QString preprocessorText(imaging::ControlPreprocessor preprocessor);
// What it does, in a sentence.
[[nodiscard]] QString preprocessorHelp(imaging::ControlPreprocessor preprocessor);
// Of a parameter by its name in jobs ("low", "sigma", …).
[[nodiscard]] QString parameterText(std::string_view name);
[[nodiscard]] QString parameterSuffix(std::string_view name);

// "SDXL · ControlNet": what a model is, for a tooltip and beside its name.
[[nodiscard]] QString controlModelText(const library::ControlModel& model);
// Why the row is not used, as a sentence that says what to do; empty for Used and Off. `model` may be null.
[[nodiscard]] QString controlStateText(const workspace::ControlRow& row, const library::ControlModel* model, engine::ModelFamily base);

} // namespace sfumato::ui
