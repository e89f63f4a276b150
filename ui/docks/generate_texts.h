// The sentences that say what the program is about to do, is doing and did: button, progress, steps, frame.
// Thread: GUI (translated). Pure functions of their arguments.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workflow/context_area.h"
#include "core/workspace/generation_session.h"

#include <QString>

#include <optional>

namespace sfumato::ui {

// "Replace area": what a press of the button will do.
[[nodiscard]] QString intentText(engine::GenerationMode mode, double strength);
// Why it cannot be pressed; empty for None.
[[nodiscard]] QString blockerText(workspace::GenerateBlocker blocker);
// "runs 23 of 25 steps – start fresh"
[[nodiscard]] QString strengthText(engine::GenerationMode mode, const workflow::JobDescription& job);
// "776 × 685 works at 1088 × 960 (140 %)"
[[nodiscard]] QString frameText(const workflow::ContextArea& area);

struct RunProgress {
    workspace::SessionState state = workspace::SessionState::Ready;
    jobs::JobProgress progress;
    int imageCount = 1;
};
// "Step 14 of 25 – 4 s left"
[[nodiscard]] QString progressText(const RunProgress& run);
// 0..1 of the whole run; empty while it is not known.
[[nodiscard]] std::optional<double> progressFraction(const RunProgress& run);

// Seconds as people say them: to the second under 10 s, to 5 s under two minutes, to the minute above.
[[nodiscard]] QString durationText(double seconds);
// "0 pixels changed outside the mask"
[[nodiscard]] QString sealText(std::int64_t outsideDifferences);

} // namespace sfumato::ui
