// LoraPeek: what a card tells when the pointer rests on it: its picture, larger, and what is known of the file.
// Thread: GUI. Owner: LoraView. It takes no keys and no clicks; texts are plain.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QImage>
#include <QWidget>

QT_BEGIN_NAMESPACE
class QLabel;
QT_END_NAMESPACE

namespace sfumato::ui {

class LoraPeek final : public QWidget {
    Q_OBJECT

public:
    static constexpr int kPictureSide = 320; // device-independent pixels, at most

    explicit LoraPeek(QWidget* parent);

    // Opens beside `card` (global), on the side that has more room, without a picture.
    void open(const QRect& card, const QString& text);
    void setText(const QString& text);
    void setPicture(const QImage& picture);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void place();

    QLabel* m_picture = nullptr;
    QLabel* m_text = nullptr;
    QRect m_card;
};

} // namespace sfumato::ui
