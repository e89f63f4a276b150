// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/control/control_panel.h"

#include "ui/docks/control/control_row_view.h"
#include "ui/docks/control/control_texts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/dropped_files.h"
#include "ui/widgets/plain_text.h"

#include <QDragEnterEvent>
#include <QFileInfo>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace sfumato::ui {

namespace {

constexpr int kMostInMenu = 40;

} // namespace

ControlPanel::ControlPanel(workspace::Workspace& workspace, QWidget* parent) : QWidget(parent), m_workspace(workspace)
{
    setAcceptDrops(true);
    m_models = new library::ControlModels(this);
    m_controls = new workspace::ControlStackModel(workspace, *m_models, this);
    m_previews = new workspace::ControlPreviews(workspace, *m_controls, this);
    m_empty = createParagraph(tr("A control lets another picture lead: its lines, its pose, its depth, its colours. It needs a control model, such as a ControlNet."), LabelRole::Secondary, this);
    m_add = new QPushButton(themedIcon(QStringLiteral("actions/plus")), tr("Add control"), this);
    m_add->setObjectName(QStringLiteral("addControl"));
    describe(*m_add, tr("Add control"), tr("Choose among the control models found beside your models, or a file. Files can also be dropped here."));
    m_menu = new QMenu(m_add);
    m_add->setMenu(m_menu);
    m_column = new QVBoxLayout(this);
    m_column->setContentsMargins(0, 0, 0, metrics::kBetween);
    m_column->setSpacing(metrics::kInside);
    m_column->addWidget(m_empty);
    m_column->addWidget(m_add);

    connect(m_menu, &QMenu::aboutToShow, this, &ControlPanel::fillMenu);
    connect(m_models, &library::ControlModels::changed, this, &ControlPanel::refresh);
    using Model = QAbstractItemModel;
    for (const auto signal : { &Model::rowsInserted, &Model::rowsRemoved }) connect(m_controls, signal, this, &ControlPanel::rebuild);
    connect(m_controls, &Model::rowsMoved, this, [this](const QModelIndex&, int from, int, const QModelIndex&, int place) {
        ControlRowView* moved = m_rows[static_cast<std::size_t>(from)];
        m_rows.erase(m_rows.begin() + from);
        m_rows.insert(m_rows.begin() + (place > from ? place - 1 : place), moved);
        rebuild();
    });
    connect(m_controls, &Model::modelReset, this, &ControlPanel::rebuild);
    connect(m_controls, &Model::dataChanged, this, &ControlPanel::refresh);
    connect(m_previews, &workspace::ControlPreviews::changed, this, [this](int row) {
        if (row < static_cast<int>(m_rows.size())) m_rows[static_cast<std::size_t>(row)]->showPreview(m_previews->at(row));
    });
    connect(&workspace, &workspace::Workspace::appSettingsChanged, this, &ControlPanel::look);
    look();
    rebuild();
}

QString ControlPanel::summary() const
{
    const auto used = static_cast<int>(m_controls->active().size());
    const int left = m_controls->rowCount() - used;
    if (m_controls->rowCount() == 0) return tr("None");
    return left == 0 ? tr("%n in use", nullptr, used) : tr("%1 of %2 in use").arg(used).arg(m_controls->rowCount());
}

// Where control models may lie: beside the models and the LoRAs. What was looked at before costs nothing.
void ControlPanel::look()
{
    const workspace::AppSettings& settings = m_workspace.appSettings();
    QStringList folders{ settings.installedModelsFolder, settings.userModelsFolder };
    folders += settings.loraFolders;
    for (const QString& model : settings.chosenModels) folders.append(QFileInfo(model).absolutePath());
    m_models->look(folders, settings.controlModels);
}

void ControlPanel::remember(const QString& path)
{
    workspace::AppSettings settings = m_workspace.appSettings();
    if (settings.controlModels.contains(path)) return;
    settings.controlModels.append(path);
    m_workspace.setAppSettings(settings); // look() follows
}

void ControlPanel::addModelFile(const QString& path)
{
    const QString absolute = QFileInfo(path).absoluteFilePath();
    m_controls->add(absolute);
    remember(absolute);
}

void ControlPanel::setModelFile(int row, const QString& path)
{
    const QString absolute = QFileInfo(path).absoluteFilePath();
    m_controls->setModel(row, absolute);
    remember(absolute);
}

void ControlPanel::setPictureFile(int row, const QString& path) { m_controls->setPicture(row, QFileInfo(path).absoluteFilePath()); }

void ControlPanel::fillMenu()
{
    m_menu->clear();
    for (const library::ControlModel& model : m_models->models()) {
        if (!model.isControl() || m_menu->actions().size() >= kMostInMenu) continue;
        QString text = model.name;
        QAction* action = m_menu->addAction(text.replace(QLatin1Char('&'), QLatin1String("&&")) + QLatin1Char('\t') + controlModelText(model));
        connect(action, &QAction::triggered, this, [this, path = model.path] { m_controls->add(path); });
    }
    if (m_menu->isEmpty()) {
        QAction* none = m_menu->addAction(m_models->isLooking() ? tr("Looking for control models…") : tr("No control models beside your models"));
        none->setEnabled(false);
    }
    m_menu->addSeparator();
    connect(m_menu->addAction(tr("Model file…")), &QAction::triggered, this, [this] { Q_EMIT modelFileRequested(-1); });
    look(); // for the next time
}

// As many rows as the model has; rows that stay keep their widgets.
void ControlPanel::rebuild()
{
    while (static_cast<int>(m_rows.size()) > m_controls->rowCount()) {
        ControlRowView* gone = m_rows.back();
        m_rows.pop_back();
        gone->hide();
        m_column->removeWidget(gone);
        gone->deleteLater();
    }
    while (static_cast<int>(m_rows.size()) < m_controls->rowCount()) m_rows.push_back(createRow());
    for (std::size_t row = 0; row < m_rows.size(); ++row) m_column->insertWidget(static_cast<int>(row), m_rows[row]);
    m_empty->setVisible(m_rows.empty());
    orderTabs();
    refresh();
    for (std::size_t row = 0; row < m_rows.size(); ++row) m_rows[row]->showPreview(m_previews->at(static_cast<int>(row)));
}

// The keyboard goes from row to row, then to the button.
void ControlPanel::orderTabs()
{
    QWidget* before = nullptr;
    for (ControlRowView* row : m_rows) {
        for (QWidget* part : row->findChildren<QWidget*>()) {
            if (!(part->focusPolicy() & Qt::TabFocus) || part->window() != window()) continue; // lists that pop up are windows of their own
            if (before) setTabOrder(before, part);
            before = part;
        }
    }
    if (before) setTabOrder(before, m_add);
}

ControlRowView* ControlPanel::createRow()
{
    auto* view = new ControlRowView(this);
    const auto row = [this, view] { return indexOf(*view); };
    using Model = workspace::ControlStackModel;
    connect(view, &ControlRowView::switched, this, [this, row](bool isOn) { m_controls->setOn(row(), isOn); });
    connect(view, &ControlRowView::removeRequested, this, [this, row] { m_controls->remove(row()); });
    connect(view, &ControlRowView::moveRequested, this, [this, row](int by) { m_controls->move(row(), row() + by); });
    connect(view, &ControlRowView::gripDragged, this, [this, row](int y) { m_controls->move(row(), placeAt(y)); });
    connect(view, &ControlRowView::modelChosen, this, [this, row](const QString& path) { m_controls->setModel(row(), path); });
    connect(view, &ControlRowView::modelFileRequested, this, [this, row] { Q_EMIT modelFileRequested(row()); });
    connect(view, &ControlRowView::typeChosen, this, [this, row](engine::ControlType type) { m_controls->setType(row(), type); });
    connect(view, &ControlRowView::canvasChosen, this, [this, row] { m_controls->setFromCanvas(row()); });
    connect(view, &ControlRowView::pictureFileRequested, this, [this, row] { Q_EMIT pictureFileRequested(row()); });
    connect(view, &ControlRowView::pictureDropped, this, [this, row](const QString& path) { setPictureFile(row(), path); });
    connect(view, &ControlRowView::preprocessingChanged, this, [this, row](const imaging::ControlPreprocessing& how) { m_controls->setPreprocessing(row(), how); });
    connect(view, &ControlRowView::weightChanged, this, [this, row](double weight) { m_controls->setWeight(row(), weight); });
    connect(view, &ControlRowView::startChanged, this, [this, row](double start) { m_controls->setRange(row(), start, m_controls->at(row()).control.end, Model::Edge::Start); });
    connect(view, &ControlRowView::endChanged, this, [this, row](double end) { m_controls->setRange(row(), m_controls->at(row()).control.start, end, Model::Edge::End); });
    return view;
}

void ControlPanel::refresh()
{
    if (static_cast<int>(m_rows.size()) != m_controls->rowCount()) return; // rebuild() follows
    const workspace::ModelEntry* base = m_workspace.models().find(m_workspace.appSettings().model);
    for (int row = 0; row < m_controls->rowCount(); ++row) {
        ControlRowLook look;
        look.number = row + 1;
        look.row = m_controls->at(row);
        look.model = m_controls->modelOf(row);
        look.models = &m_models->models();
        look.base = base && base->info ? base->info->family : engine::ModelFamily::Unknown;
        m_rows[static_cast<std::size_t>(row)]->show(look);
    }
    Q_EMIT summaryChanged();
}

int ControlPanel::indexOf(const ControlRowView& view) const
{
    return static_cast<int>(std::ranges::find(m_rows, &view) - m_rows.begin());
}

// The row whose place is at this height.
int ControlPanel::placeAt(int y) const
{
    const auto below = std::ranges::find_if(m_rows, [y](const ControlRowView* row) { return y < row->geometry().bottom(); });
    return std::min(static_cast<int>(below - m_rows.begin()), static_cast<int>(m_rows.size()) - 1);
}

void ControlPanel::showEvent(QShowEvent* event)
{
    m_previews->setActive(true);
    QWidget::showEvent(event);
}

void ControlPanel::hideEvent(QHideEvent* event)
{
    m_previews->setActive(false);
    QWidget::hideEvent(event);
}

void ControlPanel::dragEnterEvent(QDragEnterEvent* event)
{
    if (!localFilesIn(*event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void ControlPanel::dropEvent(QDropEvent* event)
{
    event->acceptProposedAction();
    Q_EMIT filesDropped(localFilesIn(*event->mimeData()));
}

} // namespace sfumato::ui
