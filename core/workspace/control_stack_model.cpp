// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/control_stack_model.h"

#include "core/workflow/controls/control_picture.h"
#include "core/workspace/workspace.h"

#include <QFileInfo>
#include <QScopedValueRollback>
#include <QUrl>

#include <algorithm>
#include <cassert>
#include <utility>

namespace sfumato::workspace {

namespace {

constexpr double kSmallestRange = 0.01;

bool offers(const library::ControlModel& model, engine::ControlType type)
{
    const std::vector<engine::ControlType> types = model.types();
    return std::ranges::find(types, type) != types.end();
}

// SDXL and its refiner read the same text; controls act on the base model.
bool isSameBase(engine::ModelFamily control, engine::ModelFamily base)
{
    return control == engine::ModelFamily::Unknown || base == engine::ModelFamily::Unknown || control == base;
}

} // namespace

std::filesystem::path picturePath(const std::string& reference)
{
    const QString text = QString::fromStdString(reference);
    const QUrl url(text);
    return std::filesystem::path((url.isLocalFile() ? url.toLocalFile() : text).toStdU16String());
}

ControlStackModel::ControlStackModel(Workspace& workspace, library::ControlModels& models, QObject* parent)
    : QAbstractListModel(parent), m_workspace(workspace), m_models(models)
{
    connect(&workspace.session(), &GenerationSession::jobChanged, this, &ControlStackModel::takeJob);
    connect(&workspace, &Workspace::documentReplaced, this, &ControlStackModel::refreshStates);
    connect(&workspace, &Workspace::appSettingsChanged, this, &ControlStackModel::refreshStates);
    connect(&workspace.models(), &ModelList::described, this, &ControlStackModel::refreshStates);
    connect(&models, &library::ControlModels::changed, this, &ControlStackModel::refreshStates);
    takeJob();
}

int ControlStackModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant ControlStackModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const ControlRow& row = at(index.row());
    switch (role) {
    case Qt::DisplayRole: return QFileInfo(QString::fromStdString(row.control.model)).completeBaseName();
    case StateRole: return static_cast<int>(row.state);
    default: return {};
    }
}

const ControlRow& ControlStackModel::at(int row) const
{
    assert(row >= 0 && row < rowCount());
    return m_rows[static_cast<std::size_t>(row)];
}

const library::ControlModel* ControlStackModel::modelOf(int row) const
{
    return m_models.find(QString::fromStdString(at(row).control.model));
}

int ControlStackModel::add(const QString& modelPath)
{
    ControlRow added;
    added.control.model = modelPath.toStdString();
    if (const library::ControlModel* model = m_models.find(modelPath)) added.control.type = model->likelyType();
    added.isFromCanvas = m_workspace.document() != nullptr;
    added.state = stateOf(added);
    const int row = rowCount();
    beginInsertRows({}, row, row);
    m_rows.push_back(std::move(added));
    endInsertRows();
    writeJob();
    return row;
}

void ControlStackModel::remove(int row)
{
    beginRemoveRows({}, row, row);
    m_rows.erase(m_rows.begin() + row);
    endRemoveRows();
    writeJob();
}

void ControlStackModel::move(int from, int to)
{
    if (from == to || to < 0 || to >= rowCount()) return;
    beginMoveRows({}, from, from, {}, to > from ? to + 1 : to);
    ControlRow moved = std::move(m_rows[static_cast<std::size_t>(from)]);
    m_rows.erase(m_rows.begin() + from);
    m_rows.insert(m_rows.begin() + to, std::move(moved));
    endMoveRows();
    writeJob();
}

void ControlStackModel::setOn(int row, bool isOn)
{
    if (at(row).isOn == isOn) return;
    m_rows[static_cast<std::size_t>(row)].isOn = isOn;
    change(row);
}

void ControlStackModel::setModel(int row, const QString& path)
{
    workflow::ControlReference& control = controlAt(row);
    if (control.model == path.toStdString()) return;
    control.model = path.toStdString();
    const library::ControlModel* model = m_models.find(path);
    if (model && model->isControl() && (model->taskCount == 0 || !offers(*model, control.type))) {
        if (control.type != model->likelyType()) control.preprocess.reset();
        control.type = model->likelyType();
    }
    change(row);
}

void ControlStackModel::setType(int row, engine::ControlType type)
{
    workflow::ControlReference& control = controlAt(row);
    if (control.type == type) return;
    control.type = type;
    control.preprocess.reset();
    change(row);
}

void ControlStackModel::setPicture(int row, const QString& path)
{
    controlAt(row).imageUrl = path.toStdString();
    m_rows[static_cast<std::size_t>(row)].isFromCanvas = false;
    change(row);
}

void ControlStackModel::setFromCanvas(int row)
{
    controlAt(row).imageUrl.clear();
    m_rows[static_cast<std::size_t>(row)].isFromCanvas = true;
    change(row);
}

void ControlStackModel::setPreprocessing(int row, const imaging::ControlPreprocessing& how)
{
    workflow::ControlReference& control = controlAt(row);
    if (workflow::effectivePreprocessing(control) == how) return;
    control.preprocess = how;
    change(row);
}

void ControlStackModel::setWeight(int row, double weight)
{
    const double clamped = std::clamp(weight, 0.0, kLargestControlWeight);
    if (at(row).control.weight == clamped) return;
    controlAt(row).weight = clamped;
    change(row);
}

void ControlStackModel::setRange(int row, double start, double end, Edge moved)
{
    start = std::clamp(start, 0.0, 1.0 - kSmallestRange);
    end = std::clamp(end, kSmallestRange, 1.0);
    if (end - start < kSmallestRange) {
        if (moved == Edge::Start) end = start + kSmallestRange;
        else
            start = end - kSmallestRange;
    }
    workflow::ControlReference& control = controlAt(row);
    if (control.start == start && control.end == end) return;
    control.start = start;
    control.end = end;
    change(row);
}

std::vector<workflow::ControlReference> ControlStackModel::active() const
{
    std::vector<workflow::ControlReference> controls;
    for (const ControlRow& row : m_rows)
        if (row.state == ControlState::Used) controls.push_back(row.control);
    return controls;
}

// A job from elsewhere: its controls, then the rows that were off.
void ControlStackModel::takeJob()
{
    if (m_isWriting || active() == m_workspace.session().job().controls) return;
    std::vector<ControlRow> rows;
    for (const workflow::ControlReference& control : m_workspace.session().job().controls) rows.push_back({ control, true, control.imageUrl.empty(), ControlState::Used });
    std::ranges::copy_if(m_rows, std::back_inserter(rows), [](const ControlRow& row) { return !row.isOn; });
    for (ControlRow& row : rows) {
        // A recipe names files without their folders.
        if (const library::ControlModel* model = m_models.find(QString::fromStdString(row.control.model))) row.control.model = model->path.toStdString();
        row.state = stateOf(row);
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
    writeJob();
}

void ControlStackModel::refreshStates()
{
    for (int row = 0; row < rowCount(); ++row) {
        ControlRow& present = m_rows[static_cast<std::size_t>(row)];
        if (const library::ControlModel* model = modelOf(row)) present.control.model = model->path.toStdString();
        present.state = stateOf(present);
    }
    if (rowCount() > 0) Q_EMIT dataChanged(index(0), index(rowCount() - 1));
    writeJob();
}

void ControlStackModel::change(int row)
{
    ControlRow& changed = m_rows[static_cast<std::size_t>(row)];
    changed.state = stateOf(changed);
    Q_EMIT dataChanged(index(row), index(row));
    writeJob();
}

void ControlStackModel::writeJob()
{
    workflow::JobDescription job = m_workspace.session().job();
    job.controls = active();
    const QScopedValueRollback writing(m_isWriting, true);
    m_workspace.session().setJob(job);
}

ControlState ControlStackModel::stateOf(const ControlRow& row) const
{
    if (!row.isOn) return ControlState::Off;
    if (const ControlState model = modelState(row); model != ControlState::Used) return model;
    if (row.isFromCanvas) return m_workspace.document() ? ControlState::Used : ControlState::NoCanvas;
    if (row.control.imageUrl.empty()) return ControlState::NoPicture;
    std::error_code ignored;
    return std::filesystem::is_regular_file(picturePath(row.control.imageUrl), ignored) ? ControlState::Used : ControlState::MissingPicture;
}

// A file that is not described yet is taken to be right: what it is arrives a moment later.
ControlState ControlStackModel::modelState(const ControlRow& row) const
{
    const QString path = QString::fromStdString(row.control.model);
    if (path.isEmpty()) return ControlState::NoModel;
    const library::ControlModel* model = m_models.find(path);
    if (!model) return QFileInfo::exists(path) ? ControlState::Used : ControlState::UnknownModel;
    if (!model->isControl()) return ControlState::NotAControl;
    if (!isSameBase(model->family, baseFamily())) return ControlState::OtherBase;
    return offers(*model, row.control.type) ? ControlState::Used : ControlState::TypeNotOffered;
}

engine::ModelFamily ControlStackModel::baseFamily() const
{
    const ModelEntry* base = m_workspace.models().find(m_workspace.appSettings().model);
    return base && base->info ? base->info->family : engine::ModelFamily::Unknown;
}

} // namespace sfumato::workspace
