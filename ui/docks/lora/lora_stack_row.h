// LoraStackRow: one LoRA in use: grip, eye, name, weight, what was applied, its trigger words, and its own weight for the text encoders when unfolded.
// Thread: GUI. Owner: LoraStack, which knows which row of the model it shows. Texts out of files are shown as plain text.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QPoint>
#include <QStringList>
#include <QWidget>

#include <optional>

QT_BEGIN_NAMESPACE
class QCheckBox;
class QHBoxLayout;
class QLabel;
class QToolButton;
QT_END_NAMESPACE

namespace sfumato::ui {

class ElidedLabel;
class SliderRow;

struct LoraRowLook {
    QString name;
    QString path;
    double weight = 0;
    std::optional<double> textEncoderWeight;
    double preferredWeight = 0; // where the notch is
    bool isOn = true;
    std::optional<QPoint> applied; // layers, of how many
    QStringList unmatched;
    QString warning; // a sentence, or empty
    QStringList triggers;
    QStringList presentTriggers; // of these, in the prompt
};

class LoraStackRow final : public QWidget {
    Q_OBJECT

public:
    explicit LoraStackRow(QWidget* parent = nullptr);

    void show(const LoraRowLook& look);
    [[nodiscard]] QString path() const { return m_look.path; }

Q_SIGNALS:
    void weightChanged(double weight);
    void textEncoderWeightChanged(std::optional<double> weight);
    void switched(bool isOn);
    void soloRequested();
    void removeRequested();
    void triggerClicked(const QString& trigger);
    void gripDragged(int yInParent);
    void moveRequested(int by);
    void menuRequested(const QPoint& globalPos);
    void heightChanged();
    void touched(); // a press or the keyboard came to it

protected:
    void paintEvent(QPaintEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void createHeadLine(QHBoxLayout& line);
    [[nodiscard]] QWidget* createTextEncoderPart();
    void showApplied();
    void rebuildTriggers();
    void refreshName();
    void unfold(bool isOpen);
    bool handleGrip(QEvent* event);

    LoraRowLook m_look;
    QToolButton* m_grip = nullptr;
    QToolButton* m_eye = nullptr;
    ElidedLabel* m_name = nullptr;
    QToolButton* m_unfold = nullptr;
    QToolButton* m_remove = nullptr;
    SliderRow* m_weight = nullptr;
    QWidget* m_textEncoderPart = nullptr;
    QCheckBox* m_hasOwn = nullptr;
    SliderRow* m_textEncoderWeight = nullptr;
    QLabel* m_note = nullptr;
    QWidget* m_chips = nullptr;
    bool m_isShowing = false;
};

} // namespace sfumato::ui
