// FillSlider: a groove that fills up to its value, with a notch where the default lies.
// Thread: GUI. Owner: its parent. Keyboard, wheel (only with focus) and drag; double-click asks for the default.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractSlider>

namespace sfumato::ui {

class FillSlider final : public QAbstractSlider {
    Q_OBJECT

public:
    explicit FillSlider(QWidget* parent = nullptr);

    // Where the notch is drawn, in the slider's own units; below the minimum: no notch.
    void setDefaultPosition(int position);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void defaultRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] qreal positionToX(int position) const;
    [[nodiscard]] int xToPosition(qreal x) const;

    int m_defaultPosition = -1;
};

} // namespace sfumato::ui
