// The sentences that readers of files give in English, in the language of the window. Readers know nothing of languages, so a sentence is recognised by its pattern; one that
// is not known comes back as it is.
// Thread: GUI (translated). Cost: some tens of microseconds; only for files that cannot be used.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"

#include <QString>
#include <QStringList>

namespace sfumato::ui {

// "ink.safetensors is cut short: 6.2 of 6.9 GB are there; it may still be downloading." → the same in the window's language.
[[nodiscard]] QString faultText(const QString& sentence);
[[nodiscard]] QString faultText(const Error& error);

// The English patterns with %1, %2, … for what varies: for the tests.
[[nodiscard]] QStringList faultPatterns();

} // namespace sfumato::ui
