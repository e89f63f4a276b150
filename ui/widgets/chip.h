// Chip: a small rounded button with a word in it: a filter that is on or off, a trigger word that is in the prompt or not, a choice that opens a menu.
// Thread: GUI. Owner: its parent. Its text may come from a file: it is drawn letter by letter, cut with an ellipsis, and makes no shortcut out of "&".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractButton>

QT_BEGIN_NAMESPACE
class QMenu;
QT_END_NAMESPACE

namespace sfumato::ui {

class Chip final : public QAbstractButton {
    Q_OBJECT

public:
    Chip(const QString& label, const QString& help, QWidget* parent = nullptr);

    void setLabel(const QString& label);
    [[nodiscard]] QString label() const { return m_label; }
    // A press opens the menu; an arrow says so. The menu stays its owner's.
    void setMenu(QMenu* menu);
    void setSign(const QString& iconName); // before the label

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_label;
    QString m_help;
    QString m_sign;
    QMenu* m_menu = nullptr;
};

} // namespace sfumato::ui
