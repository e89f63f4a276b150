// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/generate_dock.h"

#include "core/workflow/editor_defaults.h"
#include "core/workflow/steps.h"
#include "ui/docks/advanced_settings.h"
#include "ui/docks/area_settings.h"
#include "ui/docks/control/control_panel.h"
#include "ui/docks/dock_heading.h"
#include "ui/docks/few_step_bar.h"
#include "ui/docks/generate_texts.h"
#include "ui/docks/model_row.h"
#include "ui/docks/prompt/expansion_panel.h"
#include "ui/docks/prompt/look_settings.h"
#include "ui/docks/refiner_settings.h"
#include "ui/docks/sampler_settings.h"
#include "ui/docks/seed_field.h"
#include "ui/docks/size_settings.h"
#include "ui/docks/vae_settings.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/fold.h"
#include "ui/widgets/plain_text.h"
#include "ui/widgets/primary_button.h"
#include "ui/widgets/slider_row.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QScopedValueRollback>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace sfumato::ui {

namespace {

constexpr double kStrongestPercent = 100;
constexpr double kWeakestPercent = 5;

} // namespace

GenerateDock::GenerateDock(workspace::Workspace& workspace, QWidget* parent)
    : QDockWidget(tr("Generate"), parent), m_workspace(workspace)
{
    setObjectName(QStringLiteral("generateDock"));
    setAccessibleName(tr("Generate"));
    setTitleBarWidget(new DockHeading(tr("Generate"), this));
    auto* panel = new DockPanel(this);
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* scroll = new QScrollArea(panel);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(createSettings());
    column->addWidget(scroll, 1);
    column->addWidget(createFooter());
    setWidget(panel);
    panel->setMinimumWidth(metrics::kDockMinimumWidth);
    panel->setMaximumWidth(metrics::kDockMaximumWidth);
    connectSession();
    showJob();
    refreshButton();
}

QWidget* GenerateDock::createSettings()
{
    auto* settings = new DockPanel(this);
    auto* column = new QVBoxLayout(settings);
    column->setContentsMargins(metrics::kDockMargin, metrics::kInside, metrics::kDockMargin, metrics::kDockMargin);
    column->setSpacing(metrics::kBetween);
    m_model = new ModelRow(m_workspace, settings);
    column->addWidget(m_model);
    column->addWidget(new FewStepBar(m_workspace, settings));
    column->addSpacing(metrics::kInside);
    addPrompts(*column);
    column->addSpacing(metrics::kInside);
    addNumbers(*column);
    column->addSpacing(metrics::kInside);
    addFolds(*column);
    column->addStretch(1);
    return settings;
}

void GenerateDock::addPrompts(QVBoxLayout& column)
{
    QWidget* parent = column.parentWidget();
    QLabel* label = createLabel(tr("Prompt"), LabelRole::Body, parent);
    m_prompt = new PromptEdit(3, 8, parent);
    m_prompt->setPlaceholderText(tr("What should be there?"));
    describe(*m_prompt, tr("Prompt"), tr("Ctrl+Up and Ctrl+Down change the weight of a word, Alt+Up and Alt+Down bring back earlier prompts."));
    label->setBuddy(m_prompt);
    m_negativeFold = new Fold(tr("Negative prompt"), parent);
    m_negative = new PromptEdit(1, 5, m_negativeFold);
    m_negative->setPlaceholderText(tr("What should not be there?"));
    describe(*m_negative, tr("Negative prompt"), tr("What the picture should keep away from. Empty is a good start."));
    m_negativeFold->setBody(m_negative);
    m_expand = new ExpandButton(m_workspace.expansion(), parent);
    auto* headingRow = new QHBoxLayout;
    headingRow->addWidget(label, 1);
    headingRow->addWidget(m_expand);
    column.addLayout(headingRow);
    column.addWidget(m_prompt);
    column.addWidget(new ExpansionPanel(m_workspace.expansion(), parent));
    column.addWidget(m_negativeFold);
    connect(m_prompt, &QPlainTextEdit::textChanged, this, &GenerateDock::writeJob);
    connect(m_negative, &QPlainTextEdit::textChanged, this, &GenerateDock::writeJob);
    for (PromptEdit* edit : { m_prompt, m_negative }) edit->installEventFilter(this);
}

void GenerateDock::addNumbers(QVBoxLayout& column)
{
    QWidget* parent = column.parentWidget();
    const workflow::JobDescription defaults = workflow::editorDefaults();
    m_strength = new SliderRow({ .label = tr("Strength"), .help = tr("How far the result may go from what is there."), .minimum = kWeakestPercent, .maximum = kStrongestPercent, .step = 1, .defaultValue = std::round(defaults.strength * 100), .suffix = QStringLiteral("\u202F%") }, parent);
    m_strengthNote = createParagraph({}, LabelRole::Secondary, parent);
    m_variations = new SliderRow({ .label = tr("Variations"), .help = tr("How many pictures one run makes."), .minimum = 1, .maximum = 8, .step = 1, .defaultValue = static_cast<double>(defaults.imageCount) }, parent);
    QLabel* seedLabel = createLabel(tr("Seed"), LabelRole::Body, parent);
    m_seed = new SeedField(parent);
    const int labelWidth = std::max({ m_strength->naturalLabelWidth(), m_variations->naturalLabelWidth(), seedLabel->sizeHint().width() });
    m_strength->setLabelWidth(labelWidth);
    m_variations->setLabelWidth(labelWidth);
    seedLabel->setFixedWidth(labelWidth);
    auto* seedRow = new QHBoxLayout;
    seedRow->setSpacing(metrics::kBetween);
    seedRow->addWidget(seedLabel);
    seedRow->addWidget(m_seed, 1);
    auto* noteRow = new QHBoxLayout;
    noteRow->setContentsMargins(labelWidth + metrics::kBetween, 0, 0, 0);
    noteRow->addWidget(m_strengthNote);
    column.addWidget(m_strength);
    column.addLayout(noteRow);
    column.addWidget(m_variations);
    column.addLayout(seedRow);
    connect(m_strength, &SliderRow::valueChanged, this, &GenerateDock::writeJob);
    connect(m_variations, &SliderRow::valueChanged, this, &GenerateDock::writeJob);
    connect(m_seed, &SeedField::edited, this, &GenerateDock::writeJob);
}

void GenerateDock::addFolds(QVBoxLayout& column)
{
    QWidget* parent = column.parentWidget();
    m_sizeFold = new Fold(tr("Size"), parent);
    m_size = new SizeSettings(m_sizeFold);
    m_sizeFold->setBody(m_size);
    m_samplerFold = new Fold(tr("Sampler"), parent);
    m_sampler = new SamplerSettings(m_samplerFold);
    m_samplerFold->setBody(m_sampler);
    m_areaFold = new Fold(tr("Edge"), parent);
    m_area = new AreaSettings(m_areaFold);
    m_areaFold->setBody(m_area);
    m_refinerFold = new Fold(tr("Refiner"), parent);
    m_refiner = new RefinerSettings(m_workspace, m_refinerFold);
    m_refinerFold->setBody(m_refiner);
    m_vaeFold = new Fold(tr("VAE"), parent);
    m_vae = new VaeSettings(m_workspace, m_vaeFold);
    m_vaeFold->setBody(m_vae);
    m_advancedFold = new Fold(tr("Advanced"), parent);
    m_advanced = new AdvancedSettings(m_advancedFold);
    m_advancedFold->setBody(m_advanced);
    m_lookFold = new Fold(tr("Look"), parent);
    m_look = new LookSettings(m_workspace.expansion(), m_lookFold);
    m_lookFold->setBody(m_look);
    for (Fold* fold : { m_sizeFold, m_samplerFold, m_refinerFold, m_areaFold, m_lookFold, m_vaeFold, m_advancedFold }) column.addWidget(fold);
    connect(m_look, &LookSettings::chosen, this, [this](workflow::Look look) {
        workflow::JobDescription job = m_workspace.session().job();
        workflow::applyLook(job, look);
        job.expandPrompt = false; // it is offered beside the prompt instead
        m_workspace.session().setJob(job);
    });
    connect(m_refiner, &RefinerSettings::edited, this, &GenerateDock::writeJob);
    connect(m_vae, &VaeSettings::edited, this, &GenerateDock::writeJob);
    connect(m_vae, &VaeSettings::fileRequested, this, &GenerateDock::vaeFileRequested);
    connect(m_advanced, &AdvancedSettings::edited, this, &GenerateDock::writeJob);
    connect(m_size, &SizeSettings::edited, this, &GenerateDock::writeJob);
    connect(m_sampler, &SamplerSettings::edited, this, &GenerateDock::writeJob);
    connect(m_area, &AreaSettings::edited, this, &GenerateDock::writeJob);
    m_controlFold = new Fold(tr("Control"), parent);
    m_control = new ControlPanel(m_workspace, m_controlFold);
    m_controlFold->setBody(m_control);
    column.addWidget(m_controlFold);
    connect(m_control, &ControlPanel::filesDropped, this, [this](const QStringList& paths) { Q_EMIT filesDropped(paths, { IntakePlace::Target::Control, -1 }); });
    connect(m_control, &ControlPanel::summaryChanged, this, [this] { m_controlFold->setValues(m_control->summary()); });
}

QWidget* GenerateDock::createFooter()
{
    auto* footer = new DockPanel(this);
    auto* column = new QVBoxLayout(footer);
    column->setContentsMargins(metrics::kDockMargin, metrics::kBetween, metrics::kDockMargin, metrics::kDockMargin);
    column->setSpacing(6);
    m_button = new PrimaryButton(footer);
    m_button->setObjectName(QStringLiteral("generateButton"));
    m_estimate = createParagraph({}, LabelRole::Secondary, footer);
    m_estimate->setObjectName(QStringLiteral("estimate"));
    m_estimate->setAlignment(Qt::AlignHCenter);
    column->addWidget(m_button);
    column->addWidget(m_estimate);
    connect(m_button, &PrimaryButton::clicked, this, &GenerateDock::generateRequested);
    connect(m_button, &PrimaryButton::stopRequested, this, &GenerateDock::stopRequested);
    connect(m_model, &ModelRow::fileRequested, this, &GenerateDock::modelFileRequested);
    connect(m_model, &ModelRow::folderRequested, this, &GenerateDock::modelFolderRequested);
    connect(m_model, &ModelRow::cardRequested, this, &GenerateDock::modelCardRequested);
    connect(m_model, &ModelRow::filesDropped, this, [this](const QStringList& paths) { Q_EMIT filesDropped(paths, { IntakePlace::Target::ModelRow, -1 }); });
    connect(m_prompt, &PromptEdit::filesDropped, this, [this](const QStringList& paths, int position) { Q_EMIT filesDropped(paths, { IntakePlace::Target::Prompt, position }); });
    connect(m_negative, &PromptEdit::filesDropped, this, [this](const QStringList& paths) { Q_EMIT filesDropped(paths, { IntakePlace::Target::Prompt, -1 }); });
    return footer;
}

void GenerateDock::connectSession()
{
    workspace::GenerationSession& session = m_workspace.session();
    connect(&session, &workspace::GenerationSession::jobChanged, this, &GenerateDock::showJob);
    connect(&session, &workspace::GenerationSession::blockerChanged, this, &GenerateDock::refreshButton);
    connect(&session, &workspace::GenerationSession::stateChanged, this, &GenerateDock::refreshButton);
    connect(&session, &workspace::GenerationSession::progressChanged, this, &GenerateDock::refreshButton);
    connect(&session, &workspace::GenerationSession::frameChanged, this, [this] {
        refreshButton();
        refreshEstimate();
    });
    connect(&session.gallery(), &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex&, int first) {
        m_seed->showLastSeed(m_workspace.session().gallery().at(first)->run->job.seed.value_or(0));
    });
    connect(&m_workspace, &workspace::Workspace::documentReplaced, this, [this] {
        writeJob();
        showJob();
        refreshButton();
    });
    connect(&m_workspace.models(), &workspace::ModelList::described, this, &GenerateDock::showJob);
}

qsizetype GenerateDock::promptCursor() const { return m_prompt->textCursor().position(); }

void GenerateDock::focusPrompt()
{
    show();
    raise();
    m_prompt->setFocus(Qt::ShortcutFocusReason);
    m_prompt->selectAll();
}

void GenerateDock::showControls()
{
    show();
    raise();
    m_controlFold->setOpen(true);
    // What opens has its height a moment later.
    QMetaObject::invokeMethod(
        this, [this] { findChild<QScrollArea*>()->ensureWidgetVisible(m_controlFold, 0, 0); }, Qt::QueuedConnection);
}

void GenerateDock::setTokenCounter(const TokenCounter& counter)
{
    m_prompt->setTokenCounter(counter);
}

void GenerateDock::setVae(const QString& path) { m_vae->choose(path); }

void GenerateDock::setPromptWords(const std::vector<PromptWord>& words)
{
    for (PromptEdit* edit : { m_prompt, m_negative }) edit->setWords(words);
}

void GenerateDock::setSizePreset(workflow::SizePreset preset)
{
    workflow::JobDescription job = m_workspace.session().job();
    job.imageSize = preset;
    m_workspace.session().setJob(job);
}

bool GenerateDock::eventFilter(QObject* watched, QEvent* event)
{
    // A prompt that was left is one to come back to.
    if (event->type() == QEvent::FocusOut && watched == m_prompt) m_prompt->remember(m_prompt->prompt());
    return QDockWidget::eventFilter(watched, event);
}

Extent GenerateDock::nativeSize() const
{
    const workspace::ModelEntry* entry = m_workspace.models().find(m_workspace.appSettings().model);
    return entry && entry->info ? entry->info->nativeSize : Extent{ 1024, 1024 };
}

void GenerateDock::writeJob()
{
    if (m_isShowing) return;
    workspace::GenerationSession& session = m_workspace.session();
    workflow::JobDescription job = session.job();
    job.prompt = m_prompt->prompt().toStdString();
    job.negativePrompt = m_negative->prompt().toStdString();
    job.strength = m_strength->value() / 100;
    job.imageCount = static_cast<int>(std::lround(m_variations->value()));
    job.seed = m_seed->seed();
    m_sampler->writeTo(job);
    m_refiner->writeTo(job);
    m_vae->writeTo(job);
    m_area->writeTo(job);
    m_advanced->writeTo(job);
    if (session.mode() == engine::GenerationMode::TextToImage) {
        m_size->writeTo(job);
    } else {
        job.imageSize.reset();
    }
    session.setJob(job);
    m_expand->refresh();
    refreshSummaries();
}

void GenerateDock::showJob()
{
    const QScopedValueRollback showing(m_isShowing, true);
    const workflow::JobDescription& job = m_workspace.session().job();
    m_prompt->setPrompt(QString::fromStdString(job.prompt));
    m_negative->setPrompt(QString::fromStdString(job.negativePrompt));
    m_strength->setValue(std::round(job.strength * 100));
    m_variations->setValue(job.imageCount);
    m_seed->setSeed(job.seed);
    m_sampler->show(job);
    m_refiner->show(job);
    m_vae->show(job);
    m_area->show(job);
    m_look->show(job);
    m_advanced->show(job);
    m_size->show(job, nativeSize());
    m_expand->refresh();
    refreshSummaries();
    refreshButton();
}

void GenerateDock::refreshSummaries()
{
    const workspace::GenerationSession& session = m_workspace.session();
    const engine::GenerationMode mode = session.mode();
    const bool makesNew = mode == engine::GenerationMode::TextToImage;
    m_negativeFold->setValues(m_negative->prompt().simplified());
    m_sizeFold->setValues(m_size->summary());
    m_samplerFold->setValues(m_sampler->summary());
    m_refinerFold->setValues(m_refiner->summary());
    m_vaeFold->setValues(m_vae->summary());
    m_areaFold->setValues(m_area->summary());
    m_look->show(session.job());
    m_lookFold->setValues(m_look->summary());
    m_advancedFold->setValues(m_advanced->summary());
    m_controlFold->setValues(m_control->summary());
    m_sizeFold->setVisible(makesNew);
    m_areaFold->setVisible(mode == engine::GenerationMode::Inpainting);
    m_strength->setEnabled(!makesNew);
    const QString note = makesNew ? tr("for pictures that are there already") : strengthText(mode, session.job());
    setLabelText(*m_strengthNote, note);
    setHelp(*m_strengthNote, note);
    refreshEstimate();
}

void GenerateDock::refreshButton()
{
    const workspace::GenerationSession& session = m_workspace.session();
    const workspace::SessionState state = session.state();
    const bool isRunning = session.pendingRuns() > 0;
    const QString blocker = blockerText(session.blocker());
    const QString words = blocker.isEmpty() ? intentText(session.mode(), session.job().strength) : blocker;
    m_button->setText(words);
    m_button->setAccessibleName(words);
    m_button->setEnabled(isRunning || session.blocker() == workspace::GenerateBlocker::None);
    if (isRunning) {
        const auto running = m_workspace.queue().runningJob();
        const jobs::Job* job = running ? m_workspace.queue().job(*running) : nullptr;
        const RunProgress run{ state == workspace::SessionState::Reviewing ? workspace::SessionState::Sampling : state, session.progress(),
            job ? job->request->sampling.imageCount : session.job().imageCount };
        m_button->showProgress(progressText(run), progressFraction(run));
        if (job && run.progress.secondsPerStep > 0) m_secondsPerPixelStep = run.progress.secondsPerStep / static_cast<double>(job->request->size.area());
    } else {
        m_button->showReady();
    }
    refreshSummaries();
}

void GenerateDock::refreshEstimate()
{
    const workspace::GenerationSession& session = m_workspace.session();
    const auto& frame = session.frame();
    QStringList parts;
    if (frame) parts.append(frameText(frame->area));
    if (frame && m_secondsPerPixelStep > 0) {
        const int steps = workflow::stepsThatRun(session.mode(), session.job());
        const double pixels = static_cast<double>(frame->area.workSize.area());
        QString time = tr("about %1", "time a run takes").arg(durationText(m_secondsPerPixelStep * pixels * steps * session.job().imageCount));
        parts.append(time.replace(QLatin1Char(' '), QChar(QChar::Nbsp)));
    }
    const QString estimate = parts.join(QStringLiteral(" – "));
    setLabelText(*m_estimate, estimate);
    setHelp(*m_estimate, estimate);
}

} // namespace sfumato::ui
