// PrimaryButton: the one accent button of a dock. While a run is on it becomes its own progress bar with a Stop part at its trailing end.
// Thread: GUI. Owner: its parent.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QPushButton>
#include <QString>

#include <optional>

QT_BEGIN_NAMESPACE
class QToolButton;
QT_END_NAMESPACE

namespace sfumato::ui {

class PrimaryButton final : public QPushButton {
    Q_OBJECT

public:
    explicit PrimaryButton(QWidget* parent = nullptr);

    // Words and how full the bar is (0..1; empty: not known yet). While it shows progress a press of the main part sends nothing.
    void showProgress(const QString& words, std::optional<double> fraction);
    // Back to a plain button with the text of setText().
    void showReady();
    [[nodiscard]] bool isShowingProgress() const noexcept { return m_isShowingProgress; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void stopRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool hitButton(const QPoint& position) const override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QToolButton* m_stop = nullptr;
    QString m_words;
    std::optional<double> m_fraction;
    bool m_isShowingProgress = false;
};

} // namespace sfumato::ui
