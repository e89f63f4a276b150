// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/size_settings.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/plain_text.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>

#include <array>

namespace sfumato::ui {

namespace {

using workflow::SizePreset;

constexpr std::array kPresets{ SizePreset::SquareHd, SizePreset::Landscape43, SizePreset::Landscape169, SizePreset::Portrait43, SizePreset::Portrait169 };

} // namespace

QString presetName(SizePreset preset)
{
    switch (preset) {
    case SizePreset::SquareHd: return SizeSettings::tr("Square");
    case SizePreset::Square: return SizeSettings::tr("Small square");
    case SizePreset::Landscape43: return SizeSettings::tr("Landscape 4:3");
    case SizePreset::Landscape169: return SizeSettings::tr("Landscape 16:9");
    case SizePreset::Portrait43: return SizeSettings::tr("Portrait 3:4");
    case SizePreset::Portrait169: return SizeSettings::tr("Portrait 9:16");
    }
    return {};
}

SizeSettings::SizeSettings(QWidget* parent) : QWidget(parent)
{
    QLabel* label = createLabel(tr("Format"), LabelRole::Body, this);
    m_preset = new ChoiceBox(this);
    m_preset->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    for (const SizePreset preset : kPresets) m_preset->addItem(presetName(preset), static_cast<int>(preset));
    label->setBuddy(m_preset);
    describe(*m_preset, tr("Format"), tr("The size of a new picture, near what the model was trained on."));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, metrics::kBetween);
    row->setSpacing(metrics::kBetween);
    row->addWidget(label);
    row->addWidget(m_preset, 1);
    connect(m_preset, &QComboBox::activated, this, &SizeSettings::edited);
}

void SizeSettings::show(const workflow::JobDescription& job, Extent nativeSize)
{
    const QSignalBlocker blocker(m_preset);
    for (int i = 0; i < m_preset->count(); ++i) {
        const auto preset = static_cast<SizePreset>(m_preset->itemData(i).toInt());
        const Extent extent = workflow::presetExtent(preset, nativeSize);
        m_preset->setItemText(i, QStringLiteral("%1 – %2 × %3").arg(presetName(preset)).arg(extent.width).arg(extent.height));
    }
    const auto* preset = job.imageSize ? std::get_if<SizePreset>(&*job.imageSize) : nullptr;
    const int row = m_preset->findData(static_cast<int>(preset ? *preset : SizePreset::SquareHd));
    m_preset->setCurrentIndex(row);
}

void SizeSettings::writeTo(workflow::JobDescription& job) const
{
    job.imageSize = static_cast<SizePreset>(m_preset->currentData().toInt());
}

QString SizeSettings::summary() const { return m_preset->currentText(); }

} // namespace sfumato::ui
