// Trigger words in a prompt: whether they are there, putting them in, taking them out.
// Thread: any, pure. Positions count UTF-16 units, as QString does. A trigger is found whole, in any case, also inside a weight: "(ink wash:1.2)".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace sfumato::workspace {

[[nodiscard]] bool holdsTrigger(const QString& prompt, const QString& trigger);

// Puts the trigger in at `position`, after the word that is there, set off by commas. A trigger that is there already changes nothing.
[[nodiscard]] QString withTrigger(const QString& prompt, const QString& trigger, qsizetype position);

// Takes the first occurrence out, with the brackets of its weight and one comma. Other words stay as they are.
[[nodiscard]] QString withoutTrigger(const QString& prompt, const QString& trigger);

} // namespace sfumato::workspace
