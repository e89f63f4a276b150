// LoraDock: the LoRAs in use above, the files of the library below. What its buttons and menus do is LoraActions'.
// Thread: GUI. Owner: MainWindow.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workspace/lora_stack_model.h"
#include "ui/docks/lora/lora_browser.h"
#include "ui/docks/lora/lora_stack.h"

#include <QDockWidget>

QT_BEGIN_NAMESPACE
class QScrollArea;
QT_END_NAMESPACE

namespace sfumato::ui {

class DockHeading;

class LoraDock final : public QDockWidget {
    Q_OBJECT

public:
    LoraDock(workspace::Workspace& workspace, const LoraLibrary& library, QWidget* parent = nullptr);

    [[nodiscard]] workspace::LoraStackModel& stackModel() noexcept { return *m_model; }
    [[nodiscard]] LoraStack& stack() noexcept { return *m_stack; }
    [[nodiscard]] LoraBrowser& browser() noexcept { return *m_browser; }
    // Brings the dock up and gives the keyboard to the search box.
    void focusSearch();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void shareHeight();

    workspace::LoraStackModel* m_model = nullptr;
    QScrollArea* m_stackArea = nullptr;
    LoraStack* m_stack = nullptr;
    LoraBrowser* m_browser = nullptr;
};

} // namespace sfumato::ui
