// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/advanced_settings.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/plain_text.h"
#include "ui/widgets/slider_row.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <vector>

namespace sfumato::ui {

namespace {

// Above the highest level of every schedule but those with zero terminal SNR; here it means "everywhere".
constexpr double kHighestShown = 15.0;
constexpr double kLeastOfAll = 0.001; // what a slider shows as 0

} // namespace

AdvancedSettings::AdvancedSettings(QWidget* parent) : QWidget(parent)
{
    createChoices();
    createSliders();
    createSwitches();
    layOut();
}

void AdvancedSettings::createChoices()
{
    using engine::Compatibility;
    using engine::NoiseOrigin;
    m_compatibility = new ChoiceBox(this);
    m_compatibility->addItem(tr("Diffusers"), static_cast<int>(Compatibility::Diffusers));
    m_compatibility->addItem(tr("A1111, Forge"), static_cast<int>(Compatibility::A1111));
    m_compatibility->addItem(tr("ComfyUI"), static_cast<int>(Compatibility::ComfyUi));
    describe(*m_compatibility, tr("Rules of"), tr("Programs differ on the same recipe: in noise, prompt weights, steps and rounding. Follow the one a recipe comes from to get its picture."));
    m_noise = new ChoiceBox(this);
    m_noise->addItem(tr("The same"), static_cast<int>(NoiseOrigin::Auto));
    m_noise->addItem(tr("Processor"), static_cast<int>(NoiseOrigin::Cpu));
    m_noise->addItem(tr("Graphics card"), static_cast<int>(NoiseOrigin::Gpu));
    describe(*m_noise, tr("Noise from"), tr("Processors and cards make different noise from one seed. The card's is made here on any machine."));
    for (QComboBox* box : { m_compatibility, m_noise }) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        connect(box, &QComboBox::activated, this, &AdvancedSettings::edited);
    }
}

void AdvancedSettings::createSliders()
{
    m_rescale = new SliderRow({ .label = tr("Rescale"), .help = tr("Brings strong guidance back to natural contrast. About 0.7 suits models with zero terminal SNR."), .minimum = 0, .maximum = 1, .step = 0.05, .defaultValue = 0, .decimals = 2 }, this);
    m_lowest = new SliderRow({ .label = tr("Guide above"), .help = tr("Guidance acts above this noise level; below it a step takes half the time."), .minimum = 0, .maximum = kHighestShown, .step = 0.1, .defaultValue = 0, .decimals = 2 }, this);
    m_highest = new SliderRow({ .label = tr("Guide below"), .help = tr("Guidance acts up to this noise level. 15 is everywhere; about 5 keeps colours calmer."), .minimum = 0, .maximum = kHighestShown, .step = 0.1, .defaultValue = kHighestShown, .decimals = 2 }, this);
    m_perturbation = new SliderRow({ .label = tr("Structure (PAG)"), .help = tr("Moves away from a picture without structure. 3 is usual; takes one more pass a step."), .minimum = 0, .maximum = 10, .step = 0.5, .defaultValue = 0, .decimals = 1, .typedMaximum = engine::kLargestPerturbation }, this);
    m_sharpness = new SliderRow({ .label = tr("Sharpness"), .help = tr("Keeps guidance from blurring what is fine. 2 is usual."), .minimum = 0, .maximum = engine::kLargestSharpness, .step = 0.5, .defaultValue = 0, .decimals = 1 }, this);
    m_adaptive = new SliderRow({ .label = tr("Begin guidance at"), .help = tr("A stronger guidance begins as this one and grows to its own. 0 is off, 7 usual."), .minimum = 0, .maximum = 30, .step = 0.5, .defaultValue = 0, .decimals = 1 }, this);
    for (SliderRow* row : { m_rescale, m_lowest, m_highest, m_perturbation, m_sharpness, m_adaptive }) connect(row, &SliderRow::valueChanged, this, &AdvancedSettings::edited);
}

void AdvancedSettings::createSwitches()
{
    m_freeU = new QCheckBox(tr("FreeU"), this);
    describe(*m_freeU, tr("FreeU"), tr("Weighs the model's own features anew: clearer shapes, less haze. Costs no time."));
    m_emphasis = new QCheckBox(tr("Emphasise size"), this);
    describe(*m_emphasis, tr("Emphasise size"), tr("Tells SDXL at first of a larger original, and the negative prompt of a smaller one; for finer pictures."));
    for (QCheckBox* box : { m_freeU, m_emphasis }) connect(box, &QCheckBox::toggled, this, &AdvancedSettings::edited);
}

void AdvancedSettings::layOut()
{
    const std::array rows{ m_rescale, m_lowest, m_highest, m_perturbation, m_sharpness, m_adaptive };
    auto* grid = new QGridLayout;
    grid->setSpacing(metrics::kBetween);
    grid->setColumnStretch(1, 1);
    int labelWidth = 0, place = 0;
    std::vector<QLabel*> labels;
    for (QComboBox* box : { m_compatibility, m_noise }) {
        QLabel* label = createLabel(box->accessibleName(), LabelRole::Body, this);
        label->setBuddy(box);
        labels.push_back(label);
        labelWidth = std::max(labelWidth, label->sizeHint().width());
        grid->addWidget(label, place, 0);
        grid->addWidget(box, place, 1);
        ++place;
    }
    for (const SliderRow* row : rows) labelWidth = std::max(labelWidth, row->naturalLabelWidth());
    for (QLabel* label : labels) label->setFixedWidth(labelWidth);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, metrics::kBetween);
    column->setSpacing(metrics::kBetween);
    column->addLayout(grid);
    for (SliderRow* row : rows) {
        row->setLabelWidth(labelWidth);
        column->addWidget(row);
    }
    column->addWidget(m_freeU);
    column->addWidget(m_emphasis);
}

void AdvancedSettings::show(const workflow::JobDescription& job)
{
    const QSignalBlocker blocker(this);
    const workflow::GuidanceInterval interval = job.guidanceInterval.value_or(workflow::GuidanceInterval{});
    m_compatibility->setCurrentIndex(m_compatibility->findData(static_cast<int>(job.compatibility)));
    m_noise->setCurrentIndex(m_noise->findData(static_cast<int>(job.noiseOrigin)));
    m_rescale->setValue(job.guidanceRescale);
    m_lowest->setValue(interval.lowest);
    m_highest->setValue(std::min(interval.highest, kHighestShown));
    m_perturbation->setValue(job.perturbed.scale);
    m_sharpness->setValue(job.sharpness);
    m_adaptive->setValue(job.adaptiveGuidance);
    m_freeU->setChecked(job.freeU.has_value());
    m_emphasis->setChecked(job.sizeEmphasis.has_value());
}

// What has more to it than is shown here (FreeU's factors, layers) stays as the job has it.
void AdvancedSettings::writeTo(workflow::JobDescription& job) const
{
    job.compatibility = static_cast<engine::Compatibility>(m_compatibility->currentData().toInt());
    job.noiseOrigin = static_cast<engine::NoiseOrigin>(m_noise->currentData().toInt());
    job.guidanceRescale = m_rescale->value();
    const bool isEverywhere = m_lowest->value() < kLeastOfAll && m_highest->value() >= kHighestShown;
    const double highest = m_highest->value() >= kHighestShown ? engine::kHighestNoiseLevel : std::max(m_highest->value(), m_lowest->value());
    job.guidanceInterval.reset();
    if (!isEverywhere) job.guidanceInterval = workflow::GuidanceInterval{ m_lowest->value(), highest };
    job.perturbed.scale = m_perturbation->value();
    job.sharpness = m_sharpness->value();
    job.adaptiveGuidance = m_adaptive->value();
    if (!m_freeU->isChecked()) job.freeU.reset();
    else if (!job.freeU)
        job.freeU.emplace();
    if (!m_emphasis->isChecked()) job.sizeEmphasis.reset();
    else if (!job.sizeEmphasis)
        job.sizeEmphasis.emplace();
}

QString AdvancedSettings::summary() const
{
    const bool isGuidedEverywhere = m_lowest->value() < kLeastOfAll && m_highest->value() >= kHighestShown;
    int active = static_cast<int>(m_rescale->value() >= kLeastOfAll) + static_cast<int>(!isGuidedEverywhere) + static_cast<int>(m_perturbation->value() >= kLeastOfAll);
    active += static_cast<int>(m_sharpness->value() >= kLeastOfAll) + static_cast<int>(m_adaptive->value() >= kLeastOfAll) + static_cast<int>(m_freeU->isChecked()) + static_cast<int>(m_emphasis->isChecked());
    return active == 0 ? m_compatibility->currentText() : tr("%1, %n on", "program and how many options", active).arg(m_compatibility->currentText());
}

} // namespace sfumato::ui
