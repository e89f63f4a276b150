// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/refiner_settings.h"

#include "ui/docks/model_row.h"
#include "ui/files/fault_text.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/plain_text.h"
#include "ui/widgets/slider_row.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace sfumato::ui {

namespace {

constexpr double kEarliestPercent = 5, kLatestPercent = 95;
const workflow::RefinerSettings kDefaults;

// What a job calls a model of the list.
QString jobName(const workspace::ModelEntry& entry) { return entry.isInstalled ? entry.name : entry.path; }

} // namespace

RefinerSettings::RefinerSettings(workspace::Workspace& workspace, QWidget* parent) : QWidget(parent), m_workspace(workspace)
{
    QLabel* label = createLabel(tr("Model"), LabelRole::Body, this);
    m_choice = new ChoiceBox(this);
    m_choice->setObjectName(QStringLiteral("refinerChoice"));
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    label->setBuddy(m_choice);
    describe(*m_choice, tr("Refiner"), tr("A second SDXL model that works out the details of what the first one began. Files are added where the model is chosen."));
    m_switchAt = new SliderRow({ .label = tr("Switch at"), .help = tr("How much of the noise the first model removes before the refiner takes over."), .minimum = kEarliestPercent, .maximum = kLatestPercent, .step = 1, .defaultValue = kDefaults.switchAt * 100, .suffix = QStringLiteral("\u202F%") }, this);
    m_note = createParagraph({}, LabelRole::Secondary, this);
    const int labelWidth = std::max(label->sizeHint().width(), m_switchAt->naturalLabelWidth());
    label->setFixedWidth(labelWidth);
    m_switchAt->setLabelWidth(labelWidth);
    auto* row = new QHBoxLayout;
    row->setSpacing(metrics::kBetween);
    row->addWidget(label);
    row->addWidget(m_choice, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, metrics::kBetween);
    column->setSpacing(metrics::kBetween);
    column->addLayout(row);
    column->addWidget(m_switchAt);
    column->addWidget(m_note);
    fill({});
    connect(m_choice, &QComboBox::activated, this, [this] {
        refresh();
        Q_EMIT edited();
    });
    connect(m_switchAt, &SliderRow::valueChanged, this, &RefinerSettings::edited);
    connect(&workspace, &workspace::Workspace::appSettingsChanged, this, &RefinerSettings::refresh);
    connect(&workspace.models(), &workspace::ModelList::described, this, &RefinerSettings::refresh);
    connect(&workspace.models(), &QAbstractItemModel::modelReset, this, [this] { fill(m_choice->currentData().toString()); });
}

// `present`: as the job names it; kept though the list does not have it.
void RefinerSettings::fill(const QString& present)
{
    const QSignalBlocker blocker(m_choice);
    m_choice->clear();
    m_choice->addItem(tr("Off", "no refiner"));
    for (const workspace::ModelEntry& entry : m_workspace.models().entries()) m_choice->addItem(entry.name, jobName(entry));
    const workspace::ModelEntry* entry = present.isEmpty() ? nullptr : m_workspace.models().find(present);
    const QString value = entry ? jobName(*entry) : present;
    if (!value.isEmpty() && m_choice->findData(value) < 0) m_choice->addItem(QFileInfo(value).completeBaseName(), value);
    m_choice->setCurrentIndex(value.isEmpty() ? 0 : m_choice->findData(value));
    refresh();
}

bool RefinerSettings::isOn() const { return m_choice->currentIndex() > 0; }

void RefinerSettings::show(const workflow::JobDescription& job)
{
    const QSignalBlocker blocker(this);
    QString present = job.refiner ? QString::fromStdString(job.refiner->model) : QString();
    if (job.refiner && present.isEmpty()) { // "the installed refiner"
        const auto& entries = m_workspace.models().entries();
        const auto refiner = std::ranges::find_if(entries, [](const workspace::ModelEntry& entry) { return entry.info && entry.info->family == engine::ModelFamily::SdxlRefiner; });
        if (refiner != entries.end()) present = jobName(*refiner);
    }
    m_switchAt->setValue(std::round((job.refiner ? job.refiner->switchAt : kDefaults.switchAt) * 100));
    if (present != m_choice->currentData().toString()) fill(present);
}

void RefinerSettings::writeTo(workflow::JobDescription& job) const
{
    job.refiner.reset();
    if (isOn()) job.refiner = workflow::RefinerSettings{ m_choice->currentData().toString().toStdString(), m_switchAt->value() / 100 };
}

QString RefinerSettings::summary() const
{
    return isOn() ? tr("%1 from %2 % on", "refiner, fraction").arg(m_choice->currentText(), QLocale().toString(std::lround(m_switchAt->value()))) : m_choice->itemText(0);
}

void RefinerSettings::refresh()
{
    m_switchAt->setVisible(isOn());
    const workspace::ModelEntry* entry = isOn() ? m_workspace.models().find(m_choice->currentData().toString()) : nullptr;
    if (entry && !entry->info && !entry->error) m_workspace.models().describe(entry->path);
    const QString text = note();
    setLabelText(*m_note, text);
    m_note->setVisible(!text.isEmpty());
}

QString RefinerSettings::note() const
{
    if (!isOn()) return {};
    const workspace::ModelEntry* base = m_workspace.models().find(m_workspace.appSettings().model);
    if (base && base->info && base->info->family != engine::ModelFamily::Sdxl) return tr("%1 is no SDXL model, so no refiner can finish what it begins.").arg(base->name);
    const workspace::ModelEntry* refiner = m_workspace.models().find(m_choice->currentData().toString());
    if (!refiner) return tr("This file is not where it was.");
    if (refiner->error) return faultText(*refiner->error);
    if (!refiner->info || refiner->info->family == engine::ModelFamily::SdxlRefiner) return {};
    if (refiner->info->family != engine::ModelFamily::Sdxl) return tr("%1 is no refiner: it is a model of the family %2.").arg(refiner->name, familyName(refiner->info->family));
    if (refiner->info->inputChannels != 4) return tr("%1 is no refiner: it is an inpainting model.").arg(refiner->name);
    return tr("%1 is a whole SDXL model, not a refiner. It will finish the picture all the same.").arg(refiner->name);
}

} // namespace sfumato::ui
