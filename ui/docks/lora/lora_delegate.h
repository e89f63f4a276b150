// LoraDelegate: paints one file of the library, as a card (picture, name in two lines, base, trigger words, star) or as a line of a list.
// Thread: GUI. Owner: LoraView. Cost: well under a millisecond a card; pictures come from the model's cache. Texts out of files are drawn letter by letter.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QStyledItemDelegate>

namespace sfumato::ui {

inline constexpr int kLeastCardWidth = 72;
inline constexpr int kDefaultCardWidth = 92;
inline constexpr int kLargestCardWidth = 240;

class LoraDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    enum class Shape { Card,
        Line };
    void setShape(Shape shape) { m_shape = shape; }
    [[nodiscard]] Shape shape() const noexcept { return m_shape; }
    // The place a card of this width takes, with the gap around it.
    [[nodiscard]] static QSize cardSize(int width);
    [[nodiscard]] static int lineHeight();
    // Of a card's picture.
    [[nodiscard]] static QSize pictureSize(int cardWidth);

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    bool editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option, const QModelIndex& index) override;

private:
    [[nodiscard]] QRect starRect(const QRect& item) const;

    Shape m_shape = Shape::Card;
};

} // namespace sfumato::ui
