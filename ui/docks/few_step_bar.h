// FewStepBar: says that the model or a LoRA was made for few steps and sets what it was made for, or back, with one click; and reminds of such settings when what
// they were for is no longer in use. Hidden when there is nothing to say.
// Thread: GUI. Owner: GenerateDock.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workspace/few_step_offer.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QLabel;
class QPushButton;
QT_END_NAMESPACE

namespace sfumato::ui {

class FewStepBar final : public QWidget {
    Q_OBJECT

public:
    explicit FewStepBar(workspace::Workspace& workspace, QWidget* parent = nullptr);

private:
    void refresh();
    // What the button does: it takes the settings back, or else sets them.
    [[nodiscard]] bool takesBack() const;
    [[nodiscard]] QString sentence(const workspace::FewStepOffer::Source& source) const;

    workspace::FewStepOffer m_offer;
    QLabel* m_text = nullptr;
    QPushButton* m_button = nullptr;
};

} // namespace sfumato::ui
