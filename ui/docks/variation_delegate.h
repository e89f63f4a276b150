// VariationDelegate: draws one tile of the strip: picture, number, progress while it is on its way, a check when it was kept.
// Thread: GUI. Owner: VariationsDock.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QStyledItemDelegate>

#include <optional>

namespace sfumato::ui {

class VariationDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    // "Variation 2 · seed 4411 · strength 95 % · 12.3 s"
    [[nodiscard]] static QString tileText(const QModelIndex& index);
    // What a tile says when the safety filter hides its picture.
    [[nodiscard]] static QString hiddenText();
    // Pixels that changed outside the mask; empty until the variation is finished, and where there was no mask.
    [[nodiscard]] static std::optional<qlonglong> sealOf(const QModelIndex& index);

protected:
    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option, const QModelIndex& index) override;
};

} // namespace sfumato::ui
