// VariationsDock: the strip below the canvas: the original, each variation ripening, and what to do with the one that is shown.
// Thread: GUI. Owner: MainWindow. It opens by itself with the first run.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workspace/workspace.h"

#include <QDockWidget>
#include <QList>

QT_BEGIN_NAMESPACE
class QAction;
class QLabel;
class QListView;
class QPushButton;
class QToolButton;
QT_END_NAMESPACE

namespace sfumato::ui {

class VariationsDock final : public QDockWidget {
    Q_OBJECT

public:
    // `decisions`: what to do with the shown variation, as buttons beside the strip; `reveal`: shows one that the safety filter hides, a button while one is chosen.
    VariationsDock(workspace::GenerationSession& session, const QList<QAction*>& decisions, QAction& reveal, QWidget* parent = nullptr);

    [[nodiscard]] QListView& strip() noexcept { return *m_strip; }

Q_SIGNALS:
    // A button was clicked that did not have the keyboard before: whoever has the review's keys should have it next.
    void clickedAside();

protected:
    void changeEvent(QEvent* event) override;

private:
    // A click with the mouse does not bring the button the keyboard; Tab does.
    void leaveKeyboard(QAbstractButton& button);
    void createOriginal(QWidget* parent);
    void createStrip(QWidget* parent);
    [[nodiscard]] QPushButton* createActionButton(QAction& action, QWidget* parent);
    [[nodiscard]] QWidget* createDecisions(const QList<QAction*>& actions, QAction& reveal, QWidget* parent);
    void connectSession();
    void refreshSelection();
    void refreshTexts();

    workspace::GenerationSession& m_session;
    QToolButton* m_original = nullptr;
    QListView* m_strip = nullptr;
    QLabel* m_caption = nullptr;
    QLabel* m_sealSign = nullptr;
    QLabel* m_seal = nullptr;
    QPushButton* m_reveal = nullptr;
};

} // namespace sfumato::ui
