// SizeSettings: the body of the Size fold: the size of a new picture. A picture that is open keeps its own.
// Thread: GUI. Owner: GenerateDock.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workflow/job_description.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QComboBox;
QT_END_NAMESPACE

namespace sfumato::ui {

class SizeSettings final : public QWidget {
    Q_OBJECT

public:
    explicit SizeSettings(QWidget* parent = nullptr);

    // `nativeSize` of the model, which presets scale with.
    void show(const workflow::JobDescription& job, Extent nativeSize);
    void writeTo(workflow::JobDescription& job) const;
    [[nodiscard]] QString summary() const;

Q_SIGNALS:
    void edited();

private:
    QComboBox* m_preset = nullptr;
};

// What a preset is called: "Square", "Landscape 4:3".
[[nodiscard]] QString presetName(workflow::SizePreset preset);

} // namespace sfumato::ui
