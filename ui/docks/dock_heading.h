// DockHeading: the one heading of a dock, in place of the platform's title bar. The dock can still be dragged by it.
// Thread: GUI. Owner: the dock.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

namespace sfumato::ui {

class DockHeading final : public QWidget {
    Q_OBJECT

public:
    explicit DockHeading(const QString& title, QWidget* parent = nullptr);

    // Takes no room: where docks lie behind each other their tabs are the headings.
    void setCollapsed(bool isCollapsed);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    bool m_isCollapsed = false;
};

// A widget painted in the colour of docks.
class DockPanel : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace sfumato::ui
