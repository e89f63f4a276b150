// NumberField: a number with its unit, typed or stepped by arrows; no buttons, selects itself on focus by keyboard.
// SliderRow: one line of label, groove and number field; typing, arrows and double-click-to-default work on each part.
// Thread: GUI. Owner: their parent.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDoubleSpinBox>
#include <QString>
#include <QWidget>

#include <optional>

namespace sfumato::ui {

class FillSlider;

class NumberField final : public QDoubleSpinBox {
    Q_OBJECT

public:
    explicit NumberField(QWidget* parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void defaultRequested();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
};

struct SliderSpec {
    QString label;
    QString help;
    double minimum = 0;
    double maximum = 100;
    double step = 1;
    double defaultValue = 0;
    int decimals = 0;
    QString suffix = {};                     // with its thin space
    bool isLogarithmic = false;              // minimum > 0
    std::optional<double> typedMinimum = {}; // what can be typed may lie beyond the groove
    std::optional<double> typedMaximum = {};
    bool showsLabel = true; // else it only names the parts
};

class SliderRow final : public QWidget {
    Q_OBJECT

public:
    explicit SliderRow(const SliderSpec& spec, QWidget* parent = nullptr);

    [[nodiscard]] double value() const;
    // Sets it within the range; valueChanged is sent when it differs.
    void setValue(double value);
    // Another default, for instance that of another model or intent.
    void setDefaultValue(double value);
    // Labels of rows that stand below each other take the same width.
    void setLabelWidth(int px);
    [[nodiscard]] int naturalLabelWidth() const;

Q_SIGNALS:
    void valueChanged(double value);

private:
    [[nodiscard]] int toPosition(double value) const;
    [[nodiscard]] double fromPosition(int position) const;

    SliderSpec m_spec;
    QWidget* m_label = nullptr;
    FillSlider* m_slider = nullptr;
    NumberField* m_field = nullptr;
};

} // namespace sfumato::ui
