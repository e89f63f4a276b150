// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/sampler_settings.h"

#include "core/engine/api/scheduler_names.h"
#include "core/workflow/editor_defaults.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/plain_text.h"
#include "ui/widgets/slider_row.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace sfumato::ui {

namespace {

QString asText(std::string_view text) { return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())); }

} // namespace

SamplerSettings::SamplerSettings(QWidget* parent) : QWidget(parent)
{
    const workflow::JobDescription defaults = workflow::editorDefaults();
    QLabel* label = createLabel(tr("Method"), LabelRole::Body, this);
    m_scheduler = new ChoiceBox(this);
    m_scheduler->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    for (const engine::SchedulerName& name : engine::schedulerNames()) m_scheduler->addItem(asText(name.label), asText(name.name));
    label->setBuddy(m_scheduler);
    describe(*m_scheduler, tr("Method"), tr("How the picture is worked out of the noise. DPM++ 2M Karras suits most models; few-step models ask for Euler or LCM."));
    m_steps = new SliderRow({ .label = tr("Steps"), .help = tr("More steps are slower and finer; past 30 little changes."), .minimum = 1, .maximum = 150, .step = 1, .defaultValue = static_cast<double>(defaults.steps), .isLogarithmic = true }, this);
    m_guidance = new SliderRow({ .label = tr("Guidance"), .help = tr("How closely the picture follows the prompt. 1 ignores the negative prompt and is twice as fast."), .minimum = 1, .maximum = 30, .step = 0.5, .defaultValue = defaults.guidanceScale, .decimals = 1, .isLogarithmic = true }, this);

    const int labelWidth = std::max({ label->sizeHint().width(), m_steps->naturalLabelWidth(), m_guidance->naturalLabelWidth() });
    label->setFixedWidth(labelWidth);
    m_steps->setLabelWidth(labelWidth);
    m_guidance->setLabelWidth(labelWidth);
    auto* row = new QHBoxLayout;
    row->setSpacing(metrics::kBetween);
    row->addWidget(label);
    row->addWidget(m_scheduler, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, metrics::kBetween);
    column->setSpacing(metrics::kBetween);
    column->addLayout(row);
    column->addWidget(m_steps);
    column->addWidget(m_guidance);

    connect(m_scheduler, &QComboBox::activated, this, &SamplerSettings::edited);
    connect(m_steps, &SliderRow::valueChanged, this, &SamplerSettings::edited);
    connect(m_guidance, &SliderRow::valueChanged, this, &SamplerSettings::edited);
}

void SamplerSettings::show(const workflow::JobDescription& job)
{
    const QSignalBlocker blocker(this);
    showScheduler(job.scheduler);
    m_steps->setValue(job.steps);
    m_guidance->setValue(job.guidanceScale);
}

void SamplerSettings::showScheduler(const std::string& name)
{
    const QString value = QString::fromStdString(name);
    const auto known = engine::findScheduler(name);
    if (known && m_scheduler->findData(value) < 0) m_scheduler->addItem(asText(known->label), value); // valid, though not one of those usually shown
    m_scheduler->setCurrentIndex(m_scheduler->findData(value));
}

void SamplerSettings::writeTo(workflow::JobDescription& job) const
{
    if (m_scheduler->currentIndex() >= 0) job.scheduler = m_scheduler->currentData().toString().toStdString();
    job.steps = static_cast<int>(std::lround(m_steps->value()));
    job.guidanceScale = m_guidance->value();
}

QString SamplerSettings::summary() const
{
    return tr("%1, %n step(s)", "sampler and steps", static_cast<int>(std::lround(m_steps->value()))).arg(m_scheduler->currentText());
}

} // namespace sfumato::ui
