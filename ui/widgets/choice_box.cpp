// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/choice_box.h"

#include <QWheelEvent>

namespace sfumato::ui {

ChoiceBox::ChoiceBox(QWidget* parent) : QComboBox(parent)
{
    setFocusPolicy(Qt::StrongFocus); // of itself the wheel would bring the focus
}

void ChoiceBox::wheelEvent(QWheelEvent* event)
{
    if (hasFocus()) {
        QComboBox::wheelEvent(event);
    } else {
        event->ignore();
    }
}

} // namespace sfumato::ui
