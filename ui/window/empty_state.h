// EmptyState: what the canvas says while there is no picture: one sentence, the formats of a new picture, Open and Paste.
// Thread: GUI. Owner: CanvasArea, over the canvas.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workflow/job_description.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QAction;
QT_END_NAMESPACE

namespace sfumato::ui {

class EmptyState final : public QWidget {
    Q_OBJECT

public:
    EmptyState(QAction& open, QAction& paste, QWidget* parent = nullptr);

Q_SIGNALS:
    void presetChosen(sfumato::workflow::SizePreset preset);

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace sfumato::ui
