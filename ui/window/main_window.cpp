// SPDX-License-Identifier: Apache-2.0
#include "ui/window/main_window.h"

#include "ui/dialogs/about_dialog.h"
#include "ui/dialogs/command_search.h"
#include "ui/dialogs/shortcut_sheet.h"
#include "ui/docks/dock_heading.h"
#include "ui/docks/generate_dock.h"
#include "ui/docks/lora/lora_dock.h"
#include "ui/docks/variations_dock.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/dropped_files.h"
#include "ui/window/canvas_actions.h"
#include "ui/window/canvas_area.h"
#include "ui/window/control_actions.h"
#include "ui/window/document_actions.h"
#include "ui/window/file_intake.h"
#include "ui/window/generation_actions.h"
#include "ui/window/lora_actions.h"
#include "ui/window/menus.h"
#include "ui/window/prompt_actions.h"
#include "ui/window/status_line.h"
#include "ui/window/tool_bars.h"

#include <QCloseEvent>
#include <QDir>
#include <QDropEvent>
#include <QListView>
#include <QMenuBar>
#include <QMimeData>

namespace sfumato::ui {

namespace {

constexpr int kDefaultWidth = 1440;
constexpr int kDefaultHeight = 900;
constexpr int kLayoutVersion = 2; // grows with every dock

} // namespace

MainWindow::MainWindow(workspace::Workspace& workspace, WindowServices services) : m_workspace(workspace), m_services(std::move(services))
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowIcon(applicationIcon());
    setContextMenuPolicy(Qt::NoContextMenu);
    setAcceptDrops(true);
    setDockOptions(QMainWindow::AnimatedDocks | QMainWindow::AllowTabbedDocks | QMainWindow::AllowNestedDocks);
    createParts();
    createBars();
    createDocks();
    createActions();
    createMenus(*menuBar(), *m_actions, { m_generateDock->toggleViewAction(), m_loraDock->toggleViewAction(), m_variationsDock->toggleViewAction() });
    connectWindowActions();
    attachActions();
    refreshTitle();
    resize(kDefaultWidth, kDefaultHeight);
    refreshHeadings();
    m_canvas->view().setFocus();
}

MainWindow::~MainWindow() = default;

void MainWindow::createParts()
{
    m_actions = new ActionRegistry(this);
    m_tools = new ToolBox(this);
    m_brushes = new BrushStore(this);
    m_canvas = new CanvasArea(m_workspace, { *m_tools, *m_brushes }, m_actions->action(ActionId::Open), m_actions->action(ActionId::Paste), this);
    setCentralWidget(m_canvas);
    m_status = new StatusLine(m_workspace, *m_tools, m_canvas->view(), this);
    setStatusBar(m_status);
}

void MainWindow::createBars()
{
    addToolBar(Qt::TopToolBarArea, new ToolOptions(*m_tools, *m_brushes, *m_actions, this));
    addToolBar(Qt::LeftToolBarArea, new ToolStrip(*m_actions, this));
}

void MainWindow::createDocks()
{
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    m_generateDock = new GenerateDock(m_workspace, this);
    addDockWidget(Qt::RightDockWidgetArea, m_generateDock);
    m_loraDock = new LoraDock(m_workspace, { m_services.library, m_services.thumbnails }, this);
    addDockWidget(Qt::RightDockWidgetArea, m_loraDock);
    setTabPosition(Qt::RightDockWidgetArea, QTabWidget::North);
    setTabPosition(Qt::LeftDockWidgetArea, QTabWidget::North);
    tabifyDockWidget(m_generateDock, m_loraDock);
    m_generateDock->raise();
    const QList<QAction*> decisions{ &m_actions->action(ActionId::Keep), &m_actions->action(ActionId::Discard), &m_actions->action(ActionId::Retry) };
    m_variationsDock = new VariationsDock(m_workspace.session(), decisions, m_actions->action(ActionId::Reveal), this);
    addDockWidget(Qt::BottomDockWidgetArea, m_variationsDock);
    m_variationsDock->hide();
    resizeDocks({ m_generateDock }, { metrics::kDockWidth }, Qt::Horizontal);
}

void MainWindow::createActions()
{
    const Prompts prompts{ *m_services.files, *m_services.questions };
    m_documentActions = new DocumentActions(m_workspace, *m_actions, *m_canvas, prompts, *this);
    m_loraActions = new LoraActions(m_workspace, *m_actions, { *m_loraDock, *m_generateDock, *m_canvas, { m_services.library, m_services.thumbnails } }, prompts, *this);
    m_intake = new FileIntake(m_workspace, { *m_canvas, *m_generateDock, *m_loraDock, m_services.library }, *this);
    m_intake->setPictureReceiver([this](const QString& path) { m_documentActions->openPicturePath(path); });
    m_intake->setFolderReceiver([this](const QString& path) { m_loraActions->useFolder(path); });
    m_documentActions->setReceiver([this](const QStringList& paths, const IntakePlace& place) { m_intake->take(paths, place); });
    m_documentActions->setLoraFinder([this](const QString& name) { return m_loraActions->pathOf(name); });
    new CanvasActions(m_workspace, *m_actions, *m_canvas, { *m_tools, *m_brushes }, *this);
    new ControlActions(m_workspace, m_generateDock->controlPanel(), prompts, *this);
    new GenerationActions(m_workspace, *m_actions, *m_canvas, *m_generateDock, this);
    new PromptActions(m_workspace, *m_actions, *m_generateDock, m_services.library, *m_services.files, *this);
}

// Docks that lie behind each other have tabs for headings.
void MainWindow::refreshHeadings()
{
    for (QDockWidget* dock : { static_cast<QDockWidget*>(m_generateDock), static_cast<QDockWidget*>(m_loraDock) }) {
        if (auto* heading = qobject_cast<DockHeading*>(dock->titleBarWidget())) heading->setCollapsed(!dock->isFloating() && !tabifiedDockWidgets(dock).isEmpty());
    }
}

void MainWindow::connectWindowActions()
{
    for (QDockWidget* dock : { static_cast<QDockWidget*>(m_generateDock), static_cast<QDockWidget*>(m_loraDock) }) {
        connect(dock, &QDockWidget::dockLocationChanged, this, &MainWindow::refreshHeadings, Qt::QueuedConnection);
        connect(dock, &QDockWidget::topLevelChanged, this, &MainWindow::refreshHeadings, Qt::QueuedConnection);
        connect(dock, &QDockWidget::visibilityChanged, this, &MainWindow::refreshHeadings, Qt::QueuedConnection);
    }
    connect(&m_actions->action(ActionId::FocusPrompt), &QAction::triggered, m_generateDock, &GenerateDock::focusPrompt);
    connect(&m_actions->action(ActionId::Shortcuts), &QAction::triggered, this, [this] { showShortcuts(allActions(), *this); });
    connect(&m_actions->action(ActionId::CommandSearch), &QAction::triggered, this, [this] { (new CommandSearch(allActions(), this))->open(); });
    connect(&m_actions->action(ActionId::About), &QAction::triggered, this, [this] { showAbout(*this); });
    QAction& dark = m_actions->action(ActionId::DarkAppearance);
    dark.setChecked(m_services.scheme == ColorScheme::Dark);
    connect(&dark, &QAction::toggled, this, [this](bool isDark) {
        if (m_services.changeScheme) m_services.changeScheme(isDark ? ColorScheme::Dark : ColorScheme::Light);
    });
    connect(m_generateDock, &GenerateDock::modelFileRequested, m_documentActions, &DocumentActions::chooseModelFile);
    connect(m_generateDock, &GenerateDock::modelFolderRequested, m_documentActions, &DocumentActions::chooseModelFolder);
    connect(m_generateDock, &GenerateDock::filesDropped, m_intake, &FileIntake::take);
    connect(m_generateDock, &GenerateDock::modelCardRequested, &m_actions->action(ActionId::ModelCard), &QAction::trigger);
    connect(&m_loraDock->stack(), &LoraStack::pathsDropped, m_intake, [this](const QStringList& paths, int place) { m_intake->take(paths, { IntakePlace::Target::LoraStack, place }); });
    connect(m_loraActions, &LoraActions::cardRequested, m_intake, &FileIntake::showCard);
    connect(&m_actions->action(ActionId::ModelCard), &QAction::triggered, m_intake, &FileIntake::showModelCard);
    connect(m_generateDock, &GenerateDock::vaeFileRequested, this, [this] {
        const FileQuestion question{ tr("Choose a VAE file"), QDir::homePath(), { tr("VAEs (*.safetensors)") }, {} };
        m_services.files->askForOpening(*this, question, [this](const QString& path) { m_generateDock->setVae(path); });
    });
    connect(m_variationsDock, &VariationsDock::clickedAside, &m_canvas->view(), [this] { m_canvas->view().setFocus(Qt::OtherFocusReason); });
    connect(m_canvas, &CanvasArea::presetChosen, m_generateDock, &GenerateDock::setSizePreset);
    connect(&m_workspace, &workspace::Workspace::documentReplaced, this, &MainWindow::refreshTitle);
}

void MainWindow::attachActions()
{
    m_actions->attach(*this, { ActionScope::Window });
    m_actions->attach(m_canvas->view(), { ActionScope::Canvas, ActionScope::CanvasAndStrip });
    m_actions->attach(m_variationsDock->strip(), { ActionScope::CanvasAndStrip });
}

QList<QAction*> MainWindow::allActions() const
{
    QList<QAction*> all;
    for (const ActionSpec& spec : actionTable()) all.append(&m_actions->action(spec.id));
    return all;
}

void MainWindow::refreshTitle()
{
    document::Document* document = m_workspace.document();
    if (!document) {
        setWindowTitle(QStringLiteral("Sfumato"));
        setWindowModified(false);
        return;
    }
    const auto refresh = [this, document] {
        setWindowTitle(QStringLiteral("%1[*] – Sfumato").arg(document->name()));
        setWindowModified(!document->isClean());
    };
    connect(&document->undoStack(), &QUndoStack::cleanChanged, this, refresh);
    connect(document, &document::Document::changed, this, [refresh](const document::DocumentChange& change) {
        if (change.kind == document::DocumentChange::Kind::Name) refresh();
    });
    refresh();
}

void MainWindow::openPath(const QString& path) { m_intake->take({ path }, {}); }

void MainWindow::setTokenCounter(const TokenCounter& counter) { m_generateDock->setTokenCounter(counter); }

WindowState MainWindow::state() const
{
    return { saveGeometry(), saveState(kLayoutVersion), m_brushes->brush(BrushRole::Paint), m_brushes->brush(BrushRole::Erase) };
}

void MainWindow::restoreState(const WindowState& state)
{
    if (!state.geometry.isEmpty()) restoreGeometry(state.geometry);
    if (!state.layout.isEmpty()) QMainWindow::restoreState(state.layout, kLayoutVersion);
    refreshHeadings();
    m_variationsDock->setVisible(m_workspace.session().gallery().rowCount() > 0);
    m_brushes->setBrush(BrushRole::Paint, state.paintBrush);
    m_brushes->setBrush(BrushRole::Erase, state.eraseBrush);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    const document::Document* document = m_workspace.document();
    if (m_mayClose || !document || document->isClean()) {
        event->accept();
        return;
    }
    event->ignore();
    m_documentActions->proceedUnlessChanged([this] {
        m_mayClose = true;
        close();
    });
}

// What no part of the window takes for itself.
void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (!localFilesIn(*event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    event->acceptProposedAction();
    m_intake->take(localFilesIn(*event->mimeData()), {});
}

// The ladder of Esc: end the gesture, give the keyboard back to the canvas, leave the preview. It never stops a run and never throws anything away.
void MainWindow::keyPressEvent(QKeyEvent* event)
{
    if (event->key() != Qt::Key_Escape) {
        QMainWindow::keyPressEvent(event);
        return;
    }
    if (m_canvas->controller().cancelGesture()) return;
    const QWidget* focused = focusWidget();
    if (focused == &m_canvas->view() || focused == &m_variationsDock->strip()) m_workspace.session().selectVariation(-1);
    m_canvas->view().setFocus(Qt::ShortcutFocusReason);
}

} // namespace sfumato::ui
