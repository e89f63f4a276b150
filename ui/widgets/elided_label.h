// ElidedLabel: one line of plain text that is cut with an ellipsis where room is short; the whole text is its tooltip then.
// Thread: GUI. Owner: its parent.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

namespace sfumato::ui {

class ElidedLabel final : public QWidget {
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget* parent = nullptr);
    // In the size and colour of body text instead of secondary.
    void setProminent();

    void setText(const QString& text);
    [[nodiscard]] QString text() const { return m_text; }
    void setAlignment(Qt::Alignment alignment);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void refreshHelp();

    QString m_text;
    Qt::Alignment m_alignment = Qt::AlignLeading;
    bool m_isProminent = false;
};

} // namespace sfumato::ui
