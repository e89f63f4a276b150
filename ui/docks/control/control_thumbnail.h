// ControlThumbnail: a small view of what a control's model will see, a button that enlarges it.
// showControlPicture: the same at its own size, in a window of its own.
// Thread: GUI. Owner: the row; the window deletes itself when closed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractButton>
#include <QImage>

namespace sfumato::ui {

class ControlThumbnail final : public QAbstractButton {
    Q_OBJECT

public:
    static constexpr int kSide = 92;

    explicit ControlThumbnail(QWidget* parent = nullptr);

    // A null image shows an empty frame; the button cannot be pressed then.
    void setPicture(const QImage& picture);
    [[nodiscard]] const QImage& picture() const noexcept { return m_picture; }
    [[nodiscard]] QSize sizeHint() const override { return { kSide, kSide }; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QImage m_picture;
    QImage m_small; // for the present scale of the screen
};

void showControlPicture(const QImage& picture, const QString& title, QWidget& parent);

} // namespace sfumato::ui
