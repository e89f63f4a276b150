// Fold: a heading that opens and closes what is below it and states its values while it is closed.
// Thread: GUI. Owner: its parent.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractButton>
#include <QWidget>

namespace sfumato::ui {

class FoldHeader final : public QAbstractButton {
    Q_OBJECT

public:
    explicit FoldHeader(const QString& title, QWidget* parent = nullptr);
    void setValues(const QString& values);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_values;
};

class Fold final : public QWidget {
    Q_OBJECT

public:
    explicit Fold(const QString& title, QWidget* parent = nullptr);

    // Takes the body over; it is hidden until the fold is opened.
    void setBody(QWidget* body);
    void setValues(const QString& values);
    void setOpen(bool isOpen);
    [[nodiscard]] bool isOpen() const;

Q_SIGNALS:
    void toggled(bool isOpen);

private:
    FoldHeader* m_header = nullptr;
    QWidget* m_body = nullptr;
};

} // namespace sfumato::ui
