// showAbout: what the program is, its version and what it is made of.
// Thread: GUI. The dialog belongs to `parent` and closes itself.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtGlobal>

QT_BEGIN_NAMESPACE
class QWidget;
QT_END_NAMESPACE

namespace sfumato::ui {

void showAbout(QWidget& parent);

} // namespace sfumato::ui
