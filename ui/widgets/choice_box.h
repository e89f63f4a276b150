// ChoiceBox: a combo box that the wheel changes only while it has the focus; else the wheel scrolls what lies behind, as with sliders and number fields.
// Thread: GUI. Owner: its parent.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QComboBox>

namespace sfumato::ui {

class ChoiceBox final : public QComboBox {
    Q_OBJECT

public:
    explicit ChoiceBox(QWidget* parent = nullptr);

protected:
    void wheelEvent(QWheelEvent* event) override;
};

} // namespace sfumato::ui
