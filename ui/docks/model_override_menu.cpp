// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/model_override_menu.h"

#include "core/workspace/model_override.h"

#include <QActionGroup>

#include <algorithm>
#include <array>

namespace sfumato::ui {

namespace {

using engine::ParametrisationOverride;
using engine::PredictionType;

// In the order of the menu; the first takes the file's word.
const std::array kChoices{ ParametrisationOverride{}, ParametrisationOverride{ PredictionType::Epsilon, false }, ParametrisationOverride{ PredictionType::VPrediction, false },
    ParametrisationOverride{ PredictionType::VPrediction, true }, ParametrisationOverride{ PredictionType::Sample, false } };

QString choiceText(std::size_t choice)
{
    switch (choice) {
    case 1: return ModelOverrideMenu::tr("An ordinary model (noise prediction)");
    case 2: return ModelOverrideMenu::tr("A v-prediction model");
    case 3: return ModelOverrideMenu::tr("A v-prediction model with zero terminal SNR");
    case 4: return ModelOverrideMenu::tr("A one-step model (x0 prediction)");
    default: return ModelOverrideMenu::tr("What the file says");
    }
}

} // namespace

QString overrideText(const ParametrisationOverride& told)
{
    if (told.prediction == PredictionType::Sample) return ModelOverrideMenu::tr("taken for an x0-prediction model");
    if (told.prediction == PredictionType::Epsilon) return ModelOverrideMenu::tr("taken for a noise-prediction model");
    return told.zeroTerminalSnr.value_or(false) ? ModelOverrideMenu::tr("taken for v-prediction with zero terminal SNR") : ModelOverrideMenu::tr("taken for a v-prediction model");
}

ModelOverrideMenu::ModelOverrideMenu(workspace::Workspace& workspace, QWidget* parent) : QMenu(tr("This file is"), parent), m_workspace(workspace), m_choices(new QActionGroup(this))
{
    setObjectName(QStringLiteral("modelOverrideMenu"));
    for (std::size_t i = 0; i < kChoices.size(); ++i) {
        QAction* action = addAction(choiceText(i));
        action->setCheckable(true);
        m_choices->addAction(action);
        connect(action, &QAction::triggered, this, [this, i] { take(static_cast<int>(i)); });
    }
    connect(this, &QMenu::aboutToShow, this, &ModelOverrideMenu::showPresent);
    showPresent();
}

void ModelOverrideMenu::showPresent()
{
    const workspace::ModelEntry* entry = m_workspace.models().find(m_workspace.appSettings().model);
    m_choices->setEnabled(entry != nullptr);
    const auto told = entry ? workspace::modelOverride(m_workspace.appSettings(), entry->path) : std::nullopt;
    const auto choice = std::ranges::find(kChoices, told.value_or(ParametrisationOverride{}));
    if (choice != kChoices.end()) m_choices->actions().at(choice - kChoices.begin())->setChecked(true);
}

void ModelOverrideMenu::take(int choice)
{
    const workspace::ModelEntry* entry = m_workspace.models().find(m_workspace.appSettings().model);
    if (!entry) return;
    m_workspace.setAppSettings(workspace::withModelOverride(m_workspace.appSettings(), entry->path, kChoices.at(static_cast<std::size_t>(choice))));
}

} // namespace sfumato::ui
