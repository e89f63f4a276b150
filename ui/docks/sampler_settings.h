// SamplerSettings: the body of the Sampler fold. It shows its part of a job and writes it back.
// Thread: GUI. Owner: GenerateDock.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workflow/job_description.h"

#include <QWidget>

#include <string>

QT_BEGIN_NAMESPACE
class QComboBox;
QT_END_NAMESPACE

namespace sfumato::ui {

class SliderRow;

// Sampler, steps, guidance.
class SamplerSettings final : public QWidget {
    Q_OBJECT

public:
    explicit SamplerSettings(QWidget* parent = nullptr);

    void show(const workflow::JobDescription& job);
    void writeTo(workflow::JobDescription& job) const;
    // What the closed fold's header says.
    [[nodiscard]] QString summary() const;

Q_SIGNALS:
    void edited();

private:
    void showScheduler(const std::string& name);

    QComboBox* m_scheduler = nullptr;
    SliderRow* m_steps = nullptr;
    SliderRow* m_guidance = nullptr;
};

} // namespace sfumato::ui
