// AdvancedSettings: the body of the Advanced fold: whose rules are followed, and what guides beside the guidance scale.
// Thread: GUI. Owner: GenerateDock.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workflow/job_description.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QCheckBox;
class QComboBox;
QT_END_NAMESPACE

namespace sfumato::ui {

class SliderRow;

class AdvancedSettings final : public QWidget {
    Q_OBJECT

public:
    explicit AdvancedSettings(QWidget* parent = nullptr);

    void show(const workflow::JobDescription& job);
    void writeTo(workflow::JobDescription& job) const;
    // What the closed fold's header says: the program followed and how many of the rest are on.
    [[nodiscard]] QString summary() const;

Q_SIGNALS:
    void edited();

private:
    void createChoices();
    void createSliders();
    void createSwitches();
    void layOut();

    QComboBox* m_compatibility = nullptr;
    QComboBox* m_noise = nullptr;
    SliderRow* m_rescale = nullptr;
    SliderRow* m_lowest = nullptr;
    SliderRow* m_highest = nullptr;
    SliderRow* m_perturbation = nullptr;
    SliderRow* m_sharpness = nullptr;
    SliderRow* m_adaptive = nullptr;
    QCheckBox* m_freeU = nullptr;
    QCheckBox* m_emphasis = nullptr;
};

} // namespace sfumato::ui
