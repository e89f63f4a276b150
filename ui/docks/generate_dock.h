// GenerateDock: model, prompt, settings and the one big button. It shows the session's job and writes it back at each edit.
// Thread: GUI. Owner: MainWindow.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workspace/workspace.h"
#include "ui/files/intake_place.h"
#include "ui/widgets/prompt_edit.h"

#include <QDockWidget>

QT_BEGIN_NAMESPACE
class QLabel;
class QVBoxLayout;
QT_END_NAMESPACE

namespace sfumato::ui {

class AdvancedSettings;
class AreaSettings;
class ControlPanel;
class ExpandButton;
class Fold;
class LookSettings;
class ModelRow;
class PrimaryButton;
class RefinerSettings;
class SamplerSettings;
class SeedField;
class SizeSettings;
class SliderRow;
class VaeSettings;

class GenerateDock final : public QDockWidget {
    Q_OBJECT

public:
    explicit GenerateDock(workspace::Workspace& workspace, QWidget* parent = nullptr);

    void focusPrompt();
    // Where the next letter of the prompt would go.
    [[nodiscard]] qsizetype promptCursor() const;
    void setTokenCounter(const TokenCounter& counter);
    // Learned words that prompts may hold.
    void setPromptWords(const std::vector<PromptWord>& words);
    [[nodiscard]] SeedField& seedField() noexcept { return *m_seed; }
    [[nodiscard]] ControlPanel& controlPanel() noexcept { return *m_control; }
    // Opens the fold of the controls and brings it into view.
    void showControls();
    // Takes a file for the VAE.
    void setVae(const QString& path);
    // Chooses the format of a new picture.
    void setSizePreset(workflow::SizePreset preset);

Q_SIGNALS:
    void generateRequested();
    void stopRequested();
    void modelFileRequested();
    void modelFolderRequested();
    void modelCardRequested();
    void filesDropped(const QStringList& paths, const sfumato::ui::IntakePlace& place);
    void vaeFileRequested();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    [[nodiscard]] QWidget* createSettings();
    void addPrompts(QVBoxLayout& column);
    void addNumbers(QVBoxLayout& column);
    void addFolds(QVBoxLayout& column);
    [[nodiscard]] QWidget* createFooter();
    void connectSession();
    void writeJob();
    void showJob();
    void refreshSummaries();
    void refreshButton();
    void refreshEstimate();
    [[nodiscard]] Extent nativeSize() const;

    workspace::Workspace& m_workspace;
    ModelRow* m_model = nullptr;
    PromptEdit* m_prompt = nullptr;
    ExpandButton* m_expand = nullptr;
    Fold* m_negativeFold = nullptr;
    PromptEdit* m_negative = nullptr;
    SliderRow* m_strength = nullptr;
    QLabel* m_strengthNote = nullptr;
    SliderRow* m_variations = nullptr;
    SeedField* m_seed = nullptr;
    Fold* m_sizeFold = nullptr;
    SizeSettings* m_size = nullptr;
    Fold* m_samplerFold = nullptr;
    SamplerSettings* m_sampler = nullptr;
    Fold* m_refinerFold = nullptr;
    RefinerSettings* m_refiner = nullptr;
    Fold* m_vaeFold = nullptr;
    VaeSettings* m_vae = nullptr;
    Fold* m_areaFold = nullptr;
    Fold* m_advancedFold = nullptr;
    AdvancedSettings* m_advanced = nullptr;
    AreaSettings* m_area = nullptr;
    Fold* m_controlFold = nullptr;
    ControlPanel* m_control = nullptr;
    Fold* m_lookFold = nullptr;
    LookSettings* m_look = nullptr;
    PrimaryButton* m_button = nullptr;
    QLabel* m_estimate = nullptr;
    double m_secondsPerPixelStep = 0; // measured in the last run; 0: none yet
    bool m_isShowing = false;         // edits that come from showJob are not written back
};

} // namespace sfumato::ui
