// messageFor: the one place where errors and other news become sentences. What happened, what is safe, what to do.
// Thread: GUI (translated). The English message of an error goes into the folded details.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workspace/notice.h"
#include "ui/widgets/message_bar.h"

namespace sfumato::ui {

[[nodiscard]] Message messageFor(const workspace::Notice& notice);

} // namespace sfumato::ui
