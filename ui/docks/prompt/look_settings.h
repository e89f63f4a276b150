// LookSettings: the body of the fold "Look": the choice of a named look, and what it sets. The values themselves are those of the Advanced fold and can be changed there.
// Thread: GUI. Owner: GenerateDock.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workflow/look.h"
#include "core/workspace/prompt/expansion_session.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QComboBox;
class QLabel;
QT_END_NAMESPACE

namespace sfumato::ui {

class LookSettings final : public QWidget {
    Q_OBJECT

public:
    explicit LookSettings(workspace::ExpansionSession& expansion, QWidget* parent = nullptr);

    void show(const workflow::JobDescription& job);
    // "Enhanced", "Plain", "Own".
    [[nodiscard]] QString summary() const;

Q_SIGNALS:
    // The job is to have this look from now on.
    void chosen(sfumato::workflow::Look look);

private:
    void choose(int index);
    void refreshNote();

    workspace::ExpansionSession& m_expansion;
    QComboBox* m_look = nullptr;
    QLabel* m_note = nullptr;
    double m_sharpness = 0;
    double m_adaptive = 0;
};

} // namespace sfumato::ui
