// AreaSettings: the body of the Edge fold: how the painted area is cut out, hidden from the sampler and pasted back.
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

class AreaSettings final : public QWidget {
    Q_OBJECT

public:
    explicit AreaSettings(QWidget* parent = nullptr);

    void show(const workflow::JobDescription& job);
    void writeTo(workflow::JobDescription& job) const;
    [[nodiscard]] QString summary() const;

Q_SIGNALS:
    void edited();

private:
    QComboBox* m_area = nullptr;
    QComboBox* m_fill = nullptr;
    QCheckBox* m_colorMatch = nullptr;
};

} // namespace sfumato::ui
