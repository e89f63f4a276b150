// RefinerSettings: the body of the Refiner fold: whether a second model finishes the picture, which one, and from where on.
// Thread: GUI. Owner: GenerateDock.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workspace/workspace.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QComboBox;
class QLabel;
QT_END_NAMESPACE

namespace sfumato::ui {

class SliderRow;

class RefinerSettings final : public QWidget {
    Q_OBJECT

public:
    explicit RefinerSettings(workspace::Workspace& workspace, QWidget* parent = nullptr);

    void show(const workflow::JobDescription& job);
    void writeTo(workflow::JobDescription& job) const;
    // What the closed fold's header says.
    [[nodiscard]] QString summary() const;

Q_SIGNALS:
    void edited();

private:
    void fill(const QString& present);
    void refresh();
    [[nodiscard]] bool isOn() const;
    // Why the two models do not belong together, or what is to be known of them; empty when all is as usual.
    [[nodiscard]] QString note() const;

    workspace::Workspace& m_workspace;
    QComboBox* m_choice = nullptr; // the first entry is none
    SliderRow* m_switchAt = nullptr;
    QLabel* m_note = nullptr;
};

} // namespace sfumato::ui
