// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/few_step_bar.h"

#include "core/engine/api/scheduler_names.h"
#include "core/workspace/workspace.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/plain_text.h"

#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

namespace sfumato::ui {

namespace {

QString asText(std::string_view text) { return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())); }

// "4 steps, guidance 1, Euler trailing"
QString settingsText(const engine::FewStepAdvice& advice)
{
    const auto scheduler = engine::findScheduler(advice.scheduler);
    return FewStepBar::tr("%n step(s), guidance %1, %2", "steps, guidance, method", advice.steps)
        .arg(QLocale().toString(advice.guidance, 'g', 3), QString::fromStdString(scheduler ? scheduler->label : advice.scheduler));
}

} // namespace

FewStepBar::FewStepBar(workspace::Workspace& workspace, QWidget* parent) : QWidget(parent), m_offer(workspace)
{
    setObjectName(QStringLiteral("fewStepBar"));
    m_text = createParagraph({}, LabelRole::Body, this);
    m_button = new QPushButton(tr("Use these settings"), this);
    m_button->setAccessibleName(m_button->text());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::kInside);
    column->addWidget(m_text);
    column->addWidget(m_button, 0, Qt::AlignLeft);
    connect(m_button, &QPushButton::clicked, this, [this] { takesBack() ? m_offer.takeBack() : m_offer.follow(); });
    connect(&m_offer, &workspace::FewStepOffer::changed, this, &FewStepBar::refresh);
    refresh();
}

bool FewStepBar::takesBack() const
{
    const auto* taken = m_offer.taken();
    return taken && (!m_offer.source() || *taken == *m_offer.source());
}

QString FewStepBar::sentence(const workspace::FewStepOffer::Source& source) const
{
    const bool isInUse = m_offer.source().has_value();
    const QString method = asText(engine::fewStepMethodLabel(source.advice.method));
    QString settings = settingsText(source.advice);
    if (isInUse && !source.lora.empty()) settings = tr("%1, LoRA weight 1", "the other settings").arg(settings);
    if (!takesBack()) return tr("%1 is made for few steps (%2): %3.", "a file, a method, its settings").arg(source.name, method, settings);
    if (isInUse) return tr("Set for %1: %2.", "a method, its settings").arg(method, settings);
    return tr("Still set for %1 (%2), which is no longer in use: %3.", "a file, a method, its settings").arg(source.name, method, settings);
}

void FewStepBar::refresh()
{
    const bool isBack = takesBack();
    setVisible(isBack || !m_offer.isFitting());
    if (isHidden()) return;
    setLabelText(*m_text, sentence(isBack ? *m_offer.taken() : *m_offer.source()));
    m_button->setText(isBack ? tr("Take back") : tr("Use these settings"));
    describe(*m_button, m_button->text(), isBack ? tr("Brings back the settings that were there before.") : tr("Sets steps, guidance and method. A second click takes it back."));
}

} // namespace sfumato::ui
