// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/lora/lora_stack.h"

#include "core/workspace/prompt/prompt_triggers.h"
#include "ui/docks/lora/lora_stack_row.h"
#include "ui/docks/lora/lora_texts.h"
#include "ui/files/fault_text.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme_tokens.h"
#include "ui/widgets/dropped_files.h"
#include "ui/widgets/plain_text.h"

#include <QDragEnterEvent>
#include <QFileInfo>
#include <QLabel>
#include <QMimeData>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace sfumato::ui {

LoraStack::LoraStack(workspace::LoraStackModel& model, workspace::Workspace& workspace, library::LibraryIndex& library, QWidget* parent)
    : QWidget(parent), m_model(model), m_workspace(workspace), m_library(library)
{
    setAcceptDrops(true);
    describe(*this, tr("LoRAs in use"), tr("They work in this order, from the top."));
    m_empty = createParagraph(tr("No LoRA in use. Double-click one below, or drag it here."), LabelRole::Secondary, this);
    m_empty->setMinimumHeight(metrics::kTileSize / 2); // room to drop something
    m_column = new QVBoxLayout(this);
    m_column->setContentsMargins(metrics::kDockMargin, 0, metrics::kDockMargin, metrics::kInside);
    m_column->setSpacing(0);
    m_column->addWidget(m_empty);
    m_column->addStretch(1);
    using Model = QAbstractItemModel;
    for (const auto signal : { &Model::rowsInserted, &Model::rowsRemoved }) connect(&model, signal, this, &LoraStack::rebuild);
    connect(&model, &Model::rowsMoved, this, &LoraStack::rebuild);
    connect(&model, &Model::modelReset, this, &LoraStack::rebuild);
    connect(&model, &Model::dataChanged, this, &LoraStack::refresh);
    connect(&library, &library::LibraryIndex::entriesChanged, this, &LoraStack::refresh);
    connect(&workspace.session(), &workspace::GenerationSession::jobChanged, this, &LoraStack::refresh); // the prompt
    connect(&workspace.models(), &workspace::ModelList::described, this, &LoraStack::refresh);
    connect(&workspace, &workspace::Workspace::appSettingsChanged, this, &LoraStack::refresh);
    rebuild();
}

int LoraStack::current() const { return m_model.rowOf(m_currentPath); }

void LoraStack::setCurrent(int row)
{
    const QString path = row >= 0 ? m_model.at(row).path() : QString();
    if (path == m_currentPath) return;
    m_currentPath = path;
    Q_EMIT currentChanged();
}

// Widgets of rows that stay are kept, so that what is being dragged or typed in goes on.
void LoraStack::rebuild()
{
    std::vector<LoraStackRow*> former;
    former.swap(m_rows);
    for (int row = 0; row < m_model.rowCount(); ++row) {
        const auto known = std::ranges::find_if(former, [&](const LoraStackRow* widget) { return widget->path() == m_model.at(row).path(); });
        if (known == former.end()) {
            addRow(row);
            continue;
        }
        m_column->insertWidget(row, *known);
        m_rows.push_back(*known);
        former.erase(known);
    }
    for (LoraStackRow* gone : former) {
        gone->hide();
        m_column->removeWidget(gone);
        gone->deleteLater();
    }
    m_empty->setVisible(m_rows.empty());
    if (current() < 0) setCurrent(m_model.rowCount() - 1);
    refresh();
    Q_EMIT currentChanged();
}

void LoraStack::addRow(int row)
{
    auto* widget = new LoraStackRow(this);
    m_column->insertWidget(row, widget);
    m_rows.push_back(widget);
    connectRow(*widget);
}

void LoraStack::connectRow(LoraStackRow& row)
{
    LoraStackRow* widget = &row;
    connect(widget, &LoraStackRow::weightChanged, this, [this, widget](double weight) { m_model.setWeight(indexOf(*widget), weight); });
    connect(widget, &LoraStackRow::textEncoderWeightChanged, this, [this, widget](std::optional<double> weight) { m_model.setTextEncoderWeight(indexOf(*widget), weight); });
    connect(widget, &LoraStackRow::switched, this, [this, widget](bool isOn) { m_model.setOn(indexOf(*widget), isOn); });
    connect(widget, &LoraStackRow::soloRequested, this, [this, widget] { m_model.solo(indexOf(*widget)); });
    connect(widget, &LoraStackRow::removeRequested, this, [this, widget] { m_model.remove(indexOf(*widget)); });
    connect(widget, &LoraStackRow::triggerClicked, this, [this, widget](const QString& trigger) { Q_EMIT triggerClicked(indexOf(*widget), trigger); });
    connect(widget, &LoraStackRow::gripDragged, this, [this, widget](int y) {
        const int from = indexOf(*widget);
        const int place = placeAt(y);
        m_model.move(from, std::clamp(place > from ? place - 1 : place, 0, m_model.rowCount() - 1));
    });
    connect(widget, &LoraStackRow::moveRequested, this, [this, widget](int by) { m_model.move(indexOf(*widget), indexOf(*widget) + by); });
    connect(widget, &LoraStackRow::heightChanged, this, &LoraStack::heightWanted);
    connect(widget, &LoraStackRow::menuRequested, this, &LoraStack::menuRequested);
    connect(widget, &LoraStackRow::touched, this, [this, widget] { setCurrent(indexOf(*widget)); });
}

void LoraStack::refresh()
{
    if (static_cast<int>(m_rows.size()) != m_model.rowCount()) return; // rebuild() follows
    for (int row = 0; row < m_model.rowCount(); ++row) m_rows[static_cast<std::size_t>(row)]->show(lookOf(m_model.at(row)));
    Q_EMIT heightWanted();
}

LoraRowLook LoraStack::lookOf(const workspace::LoraRow& row) const
{
    LoraRowLook look;
    look.path = row.path();
    look.name = row.name();
    look.weight = row.lora.scale;
    look.textEncoderWeight = row.lora.textEncoderScale;
    look.preferredWeight = workspace::kNewLoraWeight;
    look.isOn = row.isOn;
    look.triggers = row.triggerWords;
    const workspace::ModelEntry* model = m_workspace.models().find(m_workspace.appSettings().model);
    if (const library::LibraryEntryPointer entry = m_library.find(look.path)) {
        look.triggers = entry->triggerWords;
        look.preferredWeight = entry->preferredWeight.value_or(look.preferredWeight);
        look.warning = entry->broken.isEmpty() && model && model->info ? misfitText(entry->family, model->info->family) : faultText(entry->broken);
    } else if (!QFileInfo::exists(look.path)) {
        look.warning = tr("The file is no longer where it was.");
    }
    if (row.report) {
        look.applied = QPoint(row.report->appliedLayers, row.report->totalLayers);
        for (const std::string& name : row.report->unmatched) look.unmatched.append(QString::fromStdString(name));
    }
    const QString prompt = QString::fromStdString(m_workspace.session().job().prompt);
    for (const QString& trigger : std::as_const(look.triggers)) {
        if (workspace::holdsTrigger(prompt, trigger)) look.presentTriggers.append(trigger);
    }
    return look;
}

int LoraStack::indexOf(const LoraStackRow& row) const
{
    return static_cast<int>(std::ranges::find(m_rows, &row) - m_rows.begin());
}

// Before which row something at this height would be put.
int LoraStack::placeAt(int y) const
{
    int place = 0;
    for (const LoraStackRow* row : m_rows) place += y > row->geometry().center().y() ? 1 : 0;
    return place;
}

void LoraStack::paintEvent(QPaintEvent* /*event*/)
{
    if (m_dropPlace < 0) return;
    const int y = m_rows.empty() ? 0 : m_dropPlace < static_cast<int>(m_rows.size()) ? m_rows[static_cast<std::size_t>(m_dropPlace)]->y()
                                                                                     : m_rows.back()->geometry().bottom() - 1;
    QPainter(this).fillRect(QRect(metrics::kDockMargin, std::max(0, y - 1), width() - 2 * metrics::kDockMargin, 2), tokensOf(*this).accent);
}

void LoraStack::dragEnterEvent(QDragEnterEvent* event)
{
    if (!localFilesIn(*event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void LoraStack::dragMoveEvent(QDragMoveEvent* event)
{
    m_dropPlace = placeAt(event->position().toPoint().y());
    update();
    event->acceptProposedAction();
}

void LoraStack::dragLeaveEvent(QDragLeaveEvent* /*event*/)
{
    m_dropPlace = -1;
    update();
}

void LoraStack::dropEvent(QDropEvent* event)
{
    const int place = placeAt(event->position().toPoint().y());
    m_dropPlace = -1;
    update();
    Q_EMIT pathsDropped(localFilesIn(*event->mimeData()), place);
    event->acceptProposedAction();
}

} // namespace sfumato::ui
