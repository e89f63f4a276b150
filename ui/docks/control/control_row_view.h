// ControlRowView: one control: grip, eye, model; what its model will see, what the picture shows, where it comes from and how it is prepared; weight; and, unfolded, the
// preprocessor's parameters and the part of the steps.
// Thread: GUI. Owner: ControlPanel, which knows which row of the model it shows. Texts out of files are shown as plain text.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/library/controls/control_models.h"
#include "core/workspace/control_preview.h"

#include <QPoint>
#include <QWidget>

#include <array>

QT_BEGIN_NAMESPACE
class QComboBox;
class QHBoxLayout;
class QLabel;
class QToolButton;
class QVBoxLayout;
QT_END_NAMESPACE

namespace sfumato::ui {

class ControlThumbnail;
class SliderRow;

struct ControlRowLook {
    int number = 1; // of the row, from 1
    workspace::ControlRow row;
    const library::ControlModel* model = nullptr;
    const std::vector<library::ControlModel>* models = nullptr; // that can be chosen
    engine::ModelFamily base = engine::ModelFamily::Unknown;
};

class ControlRowView final : public QWidget {
    Q_OBJECT

public:
    explicit ControlRowView(QWidget* parent = nullptr);

    void show(const ControlRowLook& look);
    void showPreview(const workspace::ControlPreview& preview);
    void unfold(bool isOpen);

Q_SIGNALS:
    void switched(bool isOn);
    void removeRequested();
    void moveRequested(int by);
    void gripDragged(int yInParent);
    void modelChosen(const QString& path);
    void modelFileRequested();
    void typeChosen(sfumato::engine::ControlType type);
    void canvasChosen();
    void pictureFileRequested();
    void pictureDropped(const QString& path);
    void preprocessingChanged(const sfumato::imaging::ControlPreprocessing& how);
    void weightChanged(double weight);
    void startChanged(double start);
    void endChanged(double end);

protected:
    void paintEvent(QPaintEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void createHeadLine(QHBoxLayout& line);
    [[nodiscard]] QHBoxLayout* createPictureLine();
    [[nodiscard]] QWidget* createDetails();
    void connectParts();
    void refreshNames();
    void showModels();
    void showTypes();
    void showPicture();
    void showPreprocessor();
    void showParameters();
    void showNote();
    bool handleGrip(QEvent* event);

    ControlRowLook m_look;
    workspace::ControlPreview m_preview;
    QToolButton* m_grip = nullptr;
    QToolButton* m_eye = nullptr;
    QComboBox* m_model = nullptr;
    QToolButton* m_unfold = nullptr;
    QToolButton* m_remove = nullptr;
    ControlThumbnail* m_thumbnail = nullptr;
    QComboBox* m_type = nullptr;
    QComboBox* m_picture = nullptr;
    QComboBox* m_preprocessor = nullptr;
    QLabel* m_note = nullptr;
    SliderRow* m_weight = nullptr;
    QWidget* m_details = nullptr;
    QVBoxLayout* m_parameterColumn = nullptr;
    std::array<SliderRow*, imaging::kMostPreprocessorParameters> m_parameters{}; // of m_parametersOf; null: it has fewer
    imaging::ControlPreprocessor m_parametersOf = imaging::ControlPreprocessor::None;
    SliderRow* m_start = nullptr;
    SliderRow* m_end = nullptr;
    bool m_isShowing = false; // what comes from show() is not written back
};

} // namespace sfumato::ui
