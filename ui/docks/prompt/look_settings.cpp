// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/prompt/look_settings.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/plain_text.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QVBoxLayout>

namespace sfumato::ui {

using State = workspace::ExpansionSession::State;
using workflow::Look;

LookSettings::LookSettings(workspace::ExpansionSession& expansion, QWidget* parent) : QWidget(parent), m_expansion(expansion)
{
    QLabel* label = createLabel(tr("Look"), LabelRole::Body, this);
    m_look = new ChoiceBox(this);
    m_look->setObjectName(QStringLiteral("look"));
    m_look->addItem(tr("Plain", "a look without additions"), static_cast<int>(Look::Plain));
    m_look->addItem(tr("Enhanced", "a look"), static_cast<int>(Look::Enhanced));
    m_look->setPlaceholderText(tr("Own", "a look of one's own settings"));
    label->setBuddy(m_look);
    describe(*m_look, tr("Look"), tr("Enhanced sets sharpness and the guidance it begins with, and asks the language model what it would add to the prompt. Each can be changed afterwards."));
    m_note = createParagraph({}, LabelRole::Secondary, this);
    m_note->setObjectName(QStringLiteral("lookNote"));
    auto* row = new QHBoxLayout;
    row->setSpacing(metrics::kBetween);
    row->addWidget(label);
    row->addWidget(m_look, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, metrics::kBetween);
    column->setSpacing(metrics::kBetween);
    column->addLayout(row);
    column->addWidget(m_note);

    connect(m_look, &QComboBox::activated, this, &LookSettings::choose);
    connect(&expansion, &workspace::ExpansionSession::changed, this, &LookSettings::refreshNote);
    refreshNote();
}

// What the language model would add is offered beside the prompt, not put into it.
void LookSettings::choose(int index)
{
    const auto look = static_cast<Look>(m_look->itemData(index).toInt());
    Q_EMIT chosen(look);
    if (look == Look::Enhanced && m_expansion.state() == State::Ready) m_expansion.expand();
}

void LookSettings::show(const workflow::JobDescription& job)
{
    const auto look = workflow::lookOf(job);
    m_look->setCurrentIndex(look ? m_look->findData(static_cast<int>(*look)) : -1);
    m_sharpness = job.sharpness;
    m_adaptive = job.adaptiveGuidance;
    refreshNote();
}

QString LookSettings::summary() const { return m_look->currentIndex() < 0 ? m_look->placeholderText() : m_look->currentText(); }

void LookSettings::refreshNote()
{
    const QLocale locale;
    const QString values = tr("Sharpness %1, guidance begins at %2; the Advanced fold changes them.").arg(locale.toString(m_sharpness), locale.toString(m_adaptive));
    const QString prompt = m_expansion.state() == State::NotInstalled ? tr("Without a model that expands prompts the prompt stays as it is.") : tr("What is added to the prompt is shown below it first.");
    const bool isPlain = m_sharpness == 0 && m_adaptive == 0;
    setLabelText(*m_note, isPlain ? tr("Nothing is added.") : values + QLatin1Char(' ') + prompt);
}

} // namespace sfumato::ui
