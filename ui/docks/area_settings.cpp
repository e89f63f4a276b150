// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/area_settings.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/plain_text.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QLabel>
#include <QSignalBlocker>

namespace sfumato::ui {

AreaSettings::AreaSettings(QWidget* parent) : QWidget(parent)
{
    using workflow::InpaintArea;
    using workflow::InpaintFill;
    m_area = new ChoiceBox(this);
    m_area->addItem(tr("Around the paint"), static_cast<int>(InpaintArea::Masked));
    m_area->addItem(tr("Whole picture"), static_cast<int>(InpaintArea::Whole));
    describe(*m_area, tr("The model sees"), tr("A cut-out around the paint is worked on at the model's own size and keeps detail; the whole picture gives it the most to go by."));
    m_fill = new ChoiceBox(this);
    m_fill->addItem(tr("What was there"), static_cast<int>(InpaintFill::Original));
    m_fill->addItem(tr("Blurred surroundings"), static_cast<int>(InpaintFill::Blur));
    m_fill->addItem(tr("Continued borders"), static_cast<int>(InpaintFill::Border));
    m_fill->addItem(tr("Neutral grey"), static_cast<int>(InpaintFill::Neutral));
    m_fill->addItem(tr("Noise"), static_cast<int>(InpaintFill::Noise));
    describe(*m_fill, tr("Start from"), tr("What the painted area holds before the first step."));
    m_colorMatch = new QCheckBox(tr("Match colours to the surroundings"), this);
    describe(*m_colorMatch, tr("Match colours to the surroundings"), tr("Corrects small differences of light and hue along the edge."));

    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, metrics::kBetween);
    grid->setSpacing(metrics::kBetween);
    grid->setColumnStretch(1, 1);
    int row = 0;
    for (QComboBox* box : { m_area, m_fill }) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        QLabel* label = createLabel(box->accessibleName(), LabelRole::Body, this);
        label->setBuddy(box);
        grid->addWidget(label, row, 0);
        grid->addWidget(box, row, 1);
        ++row;
        connect(box, &QComboBox::activated, this, &AreaSettings::edited);
    }
    grid->addWidget(m_colorMatch, row, 0, 1, 2);
    connect(m_colorMatch, &QCheckBox::toggled, this, &AreaSettings::edited);
}

void AreaSettings::show(const workflow::JobDescription& job)
{
    const QSignalBlocker blocker(this);
    m_area->setCurrentIndex(m_area->findData(static_cast<int>(job.inpaint.area)));
    m_fill->setCurrentIndex(m_fill->findData(static_cast<int>(job.inpaint.fill)));
    m_colorMatch->setChecked(job.inpaint.colorMatch);
}

void AreaSettings::writeTo(workflow::JobDescription& job) const
{
    job.inpaint.area = static_cast<workflow::InpaintArea>(m_area->currentData().toInt());
    job.inpaint.fill = static_cast<workflow::InpaintFill>(m_fill->currentData().toInt());
    job.inpaint.colorMatch = m_colorMatch->isChecked();
}

QString AreaSettings::summary() const { return m_area->currentText(); }

} // namespace sfumato::ui
