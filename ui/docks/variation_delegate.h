// VariationDelegate: draws one tile of the strip: picture, number, progress while it is on its way, a check when it was kept.
// Thread: GUI. Owner: VariationsDock.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QStyledItemDelegate>

namespace sfumato::ui {

class VariationDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    // "Variation 2, seed 4411, strength 95 %, 12 s, 0 pixels changed outside the mask"
    [[nodiscard]] static QString tileText(const QModelIndex& index);

protected:
    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option, const QModelIndex& index) override;
};

} // namespace sfumato::ui
