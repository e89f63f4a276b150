// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/lora/lora_notes_dialog.h"

#include "core/workspace/lora_stack_model.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/plain_text.h"
#include "ui/widgets/slider_row.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTextDocument>
#include <QVBoxLayout>

#include <cmath>

namespace sfumato::ui {

namespace {

constexpr int kWidth = 420;
constexpr int kNoteLines = 6;

} // namespace

LoraNotesDialog::LoraNotesDialog(const library::LibraryEntry& entry, const library::FileDetails& details, QWidget* parent)
    : QDialog(parent), m_notesBefore(details.notes), m_triggersBefore(entry.triggerWords), m_weightBefore(entry.preferredWeight)
{
    setWindowTitle(tr("Note about %1").arg(entry.name));
    setMinimumWidth(kWidth);
    m_notes = new QPlainTextEdit(details.notes, this);
    m_notes->setTabChangesFocus(true);
    m_notes->document()->setDocumentMargin(6);
    m_notes->setFixedHeight(kNoteLines * m_notes->fontMetrics().lineSpacing() + metrics::kGroup);
    describe(*m_notes, tr("Note"), tr("Anything worth remembering; the search finds it."));
    m_triggers = new QLineEdit(entry.triggerWords.join(QStringLiteral(", ")), this);
    m_triggers->setTextMargins(metrics::kInside, 0, metrics::kInside, 0);
    describe(*m_triggers, tr("Trigger words"), tr("Words that the prompt should hold, divided by commas."));
    m_hasWeight = new QCheckBox(tr("Preferred weight"), this);
    m_hasWeight->setChecked(entry.preferredWeight.has_value());
    describe(*m_hasWeight, tr("Preferred weight"), tr("With what weight the LoRA is added."));
    m_weight = new SliderRow({ .label = tr("Preferred weight"), .help = tr("With what weight the LoRA is added."), .minimum = 0, .maximum = workspace::kLargestLoraSlide, .step = 0.05, .defaultValue = workspace::kNewLoraWeight, .decimals = 2, .typedMinimum = -workspace::kLargestLoraWeight, .typedMaximum = workspace::kLargestLoraWeight, .showsLabel = false }, this);
    m_weight->setValue(entry.preferredWeight.value_or(workspace::kNewLoraWeight));
    m_weight->setEnabled(entry.preferredWeight.has_value());
    connect(m_hasWeight, &QCheckBox::toggled, m_weight, &QWidget::setEnabled);

    auto* save = new QPushButton(tr("Save"), this);
    auto* cancel = new QPushButton(tr("Cancel"), this);
    save->setDefault(true);
    for (QPushButton* button : { save, cancel }) button->setAccessibleName(button->text());
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(save);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::kGroup, metrics::kGroup, metrics::kGroup, metrics::kGroup);
    column->setSpacing(metrics::kInside);
    column->addWidget(createLabel(tr("Note"), LabelRole::Body, this));
    column->addWidget(m_notes);
    column->addSpacing(metrics::kBetween);
    column->addWidget(createLabel(tr("Trigger words"), LabelRole::Body, this));
    column->addWidget(m_triggers);
    column->addSpacing(metrics::kBetween);
    column->addWidget(m_hasWeight);
    column->addWidget(m_weight);
    column->addSpacing(metrics::kBetween);
    column->addLayout(buttons);
    connect(save, &QPushButton::clicked, this, &QDialog::accept);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
}

library::SidecarEdit LoraNotesDialog::edit() const
{
    library::SidecarEdit edit;
    if (const QString notes = m_notes->toPlainText(); notes != m_notesBefore) edit.notes = notes;
    if (const QStringList triggers = library::splitTriggerWords(m_triggers->text()); triggers != m_triggersBefore) edit.triggerWords = triggers;
    const std::optional<double> weight = m_hasWeight->isChecked() ? std::optional(m_weight->value()) : std::nullopt;
    const bool isSame = weight.has_value() == m_weightBefore.has_value() && (!weight || std::abs(*weight - *m_weightBefore) < 0.005);
    if (!isSame) edit.preferredWeight = weight;
    return edit;
}

} // namespace sfumato::ui
