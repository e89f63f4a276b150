// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/slider_row.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/fill_slider.h"
#include "ui/widgets/plain_text.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace sfumato::ui {

namespace {

constexpr int kPositions = 1000;

} // namespace

NumberField::NumberField(QWidget* parent) : QDoubleSpinBox(parent)
{
    setButtonSymbols(QAbstractSpinBox::NoButtons);
    setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    setKeyboardTracking(false);
    setCorrectionMode(QAbstractSpinBox::CorrectToNearestValue);
    setFocusPolicy(Qt::StrongFocus);
    lineEdit()->installEventFilter(this);
}

QSize NumberField::sizeHint() const
{
    const int widest = std::max(fontMetrics().horizontalAdvance(textFromValue(maximum())), fontMetrics().horizontalAdvance(textFromValue(minimum())));
    return { widest + fontMetrics().horizontalAdvance(prefix() + suffix()) + 20, metrics::kControlHeight };
}

QSize NumberField::minimumSizeHint() const { return sizeHint(); }

bool NumberField::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::MouseButtonDblClick) {
        Q_EMIT defaultRequested();
        return true;
    }
    return QDoubleSpinBox::eventFilter(watched, event);
}

void NumberField::wheelEvent(QWheelEvent* event)
{
    if (hasFocus()) {
        QDoubleSpinBox::wheelEvent(event);
    } else {
        event->ignore();
    }
}

SliderRow::SliderRow(const SliderSpec& spec, QWidget* parent) : QWidget(parent), m_spec(spec)
{
    QLabel* label = createLabel(spec.label, LabelRole::Body, this);
    m_label = label;
    m_slider = new FillSlider(this);
    m_slider->setRange(0, kPositions);
    m_slider->setSingleStep(std::max(1, static_cast<int>(std::lround(spec.step / (spec.maximum - spec.minimum) * kPositions))));
    m_slider->setPageStep(kPositions / 10);
    m_field = new NumberField(this);
    m_field->setDecimals(spec.decimals);
    m_field->setRange(spec.typedMinimum.value_or(spec.minimum), spec.typedMaximum.value_or(spec.maximum));
    m_field->setSingleStep(spec.step);
    m_field->setSuffix(spec.suffix);
    m_field->setValue(spec.defaultValue);
    m_field->setFixedWidth(m_field->sizeHint().width());
    label->setBuddy(m_field);
    label->setVisible(spec.showsLabel);
    describe(*m_slider, spec.label, spec.help);
    describe(*m_field, spec.label, spec.help);
    setHelp(*label, spec.help);

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(metrics::kBetween);
    row->addWidget(label);
    row->addWidget(m_slider, 1);
    row->addWidget(m_field);

    setDefaultValue(spec.defaultValue);
    m_slider->setValue(toPosition(spec.defaultValue));
    connect(m_slider, &FillSlider::valueChanged, this, [this](int position) {
        if (position != toPosition(m_field->value())) m_field->setValue(fromPosition(position));
    });
    connect(m_field, &NumberField::valueChanged, this, [this](double value) {
        const QSignalBlocker blocker(m_slider);
        m_slider->setValue(toPosition(value));
        m_slider->update();
        Q_EMIT valueChanged(value);
    });
    connect(m_slider, &FillSlider::defaultRequested, this, [this] { setValue(m_spec.defaultValue); });
    connect(m_field, &NumberField::defaultRequested, this, [this] { setValue(m_spec.defaultValue); });
}

double SliderRow::value() const { return m_field->value(); }

void SliderRow::setValue(double value) { m_field->setValue(value); }

void SliderRow::setDefaultValue(double value)
{
    m_spec.defaultValue = value;
    m_slider->setDefaultPosition(toPosition(value));
}

void SliderRow::setLabelWidth(int px) { m_label->setFixedWidth(px); }

int SliderRow::naturalLabelWidth() const { return m_label->sizeHint().width(); }

int SliderRow::toPosition(double value) const
{
    const double part = m_spec.isLogarithmic ? std::log(value / m_spec.minimum) / std::log(m_spec.maximum / m_spec.minimum)
                                             : (value - m_spec.minimum) / (m_spec.maximum - m_spec.minimum);
    return static_cast<int>(std::lround(std::clamp(part, 0.0, 1.0) * kPositions));
}

double SliderRow::fromPosition(int position) const
{
    const double part = static_cast<double>(position) / kPositions;
    const double value = m_spec.isLogarithmic ? m_spec.minimum * std::pow(m_spec.maximum / m_spec.minimum, part)
                                              : m_spec.minimum + part * (m_spec.maximum - m_spec.minimum);
    return m_spec.minimum + std::round((value - m_spec.minimum) / m_spec.step) * m_spec.step;
}

} // namespace sfumato::ui
