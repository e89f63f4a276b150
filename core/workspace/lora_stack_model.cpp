// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/lora_stack_model.h"

#include "core/base/file_path.h"
#include "core/workspace/generation_session.h"
#include "core/workspace/prompt/prompt_triggers.h"

#include <QFileInfo>
#include <QPoint>
#include <QScopedValueRollback>

#include <algorithm>
#include <cassert>
#include <filesystem>
#include <utility>

namespace sfumato::workspace {

namespace {

std::filesystem::path normalPath(const std::string& utf8)
{
    return pathFromUtf8(utf8).lexically_normal();
}

double clampedWeight(double weight)
{
    return std::clamp(weight, -kLargestLoraWeight, kLargestLoraWeight);
}

QVariant appliedOf(const LoraRow& row)
{
    return row.report ? QVariant(QPoint(row.report->appliedLayers, row.report->totalLayers)) : QVariant();
}

QVariant unmatchedOf(const LoraRow& row)
{
    QStringList names;
    if (row.report) {
        for (const std::string& name : row.report->unmatched) names.append(QString::fromStdString(name));
    }
    return names;
}

} // namespace

QString LoraRow::name() const
{
    return QFileInfo(path()).completeBaseName();
}

LoraStackModel::LoraStackModel(GenerationSession& session, QObject* parent) : QAbstractListModel(parent), m_session(session)
{
    connect(&session, &GenerationSession::jobChanged, this, &LoraStackModel::takeJob);
    connect(&session, &GenerationSession::lorasApplied, this, &LoraStackModel::takeReports);
    takeJob();
}

int LoraStackModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant LoraStackModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const LoraRow& row = at(index.row());
    switch (role) {
    case Qt::DisplayRole: return row.name();
    case PathRole: return row.path();
    case WeightRole: return row.lora.scale;
    case TextEncoderWeightRole: return row.lora.textEncoderScale ? QVariant(*row.lora.textEncoderScale) : QVariant();
    case OnRole: return row.isOn;
    case AppliedRole: return appliedOf(row);
    case UnmatchedRole: return unmatchedOf(row);
    default: return {};
    }
}

const LoraRow& LoraStackModel::at(int row) const
{
    assert(row >= 0 && row < rowCount());
    return m_rows[static_cast<std::size_t>(row)];
}

int LoraStackModel::rowOf(const QString& path) const
{
    const std::filesystem::path wanted = normalPath(path.toStdString());
    const auto found = std::ranges::find_if(m_rows, [&](const LoraRow& row) { return normalPath(row.lora.path) == wanted; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

int LoraStackModel::add(const QString& path, double weight, const QStringList& triggerWords, int place)
{
    if (const int present = rowOf(path); present >= 0) {
        setOn(present, true);
        return present;
    }
    const int row = place < 0 ? rowCount() : std::min(place, rowCount());
    beginInsertRows({}, row, row);
    m_rows.insert(m_rows.begin() + row, LoraRow{ { path.toStdString(), clampedWeight(weight), std::nullopt }, true, triggerWords, {}, std::nullopt });
    m_beforeSolo.clear();
    endInsertRows();
    writeJob();
    return row;
}

void LoraStackModel::remove(int row)
{
    const LoraRow removed = at(row);
    beginRemoveRows({}, row, row);
    m_rows.erase(m_rows.begin() + row);
    m_beforeSolo.clear();
    endRemoveRows();
    workflow::JobDescription job = m_session.job();
    QString prompt = QString::fromStdString(job.prompt);
    for (const QString& trigger : removed.insertedTriggers) {
        const bool isShared = std::ranges::any_of(m_rows, [&](const LoraRow& other) { return other.insertedTriggers.contains(trigger); });
        if (!isShared) prompt = withoutTrigger(prompt, trigger);
    }
    job.prompt = prompt.toStdString();
    job.loras = active();
    const QScopedValueRollback writing(m_isWriting, true);
    m_session.setJob(job);
}

void LoraStackModel::move(int from, int to)
{
    if (from == to || to < 0 || to >= rowCount()) return;
    beginMoveRows({}, from, from, {}, to > from ? to + 1 : to);
    LoraRow moved = std::move(m_rows[static_cast<std::size_t>(from)]);
    m_rows.erase(m_rows.begin() + from);
    m_rows.insert(m_rows.begin() + to, std::move(moved));
    m_beforeSolo.clear();
    endMoveRows();
    writeJob();
}

void LoraStackModel::setWeight(int row, double weight)
{
    double& scale = m_rows[static_cast<std::size_t>(row)].lora.scale;
    if (scale == clampedWeight(weight)) return;
    scale = clampedWeight(weight);
    announce(row);
}

void LoraStackModel::setTextEncoderWeight(int row, std::optional<double> weight)
{
    if (weight) weight = clampedWeight(*weight);
    std::optional<double>& scale = m_rows[static_cast<std::size_t>(row)].lora.textEncoderScale;
    if (scale == weight) return;
    scale = weight;
    announce(row);
}

void LoraStackModel::setOn(int row, bool isOn)
{
    if (at(row).isOn == isOn) return;
    m_rows[static_cast<std::size_t>(row)].isOn = isOn;
    m_beforeSolo.clear();
    announce(row);
}

void LoraStackModel::solo(int row)
{
    const std::vector<bool> present = switches();
    std::vector<bool> alone(m_rows.size(), false);
    alone[static_cast<std::size_t>(row)] = true;
    const bool isBack = present == alone && !m_beforeSolo.empty();
    const std::vector<bool> next = isBack ? m_beforeSolo : alone;
    m_beforeSolo = isBack ? std::vector<bool>() : present;
    for (std::size_t i = 0; i < m_rows.size(); ++i) m_rows[i].isOn = next[i];
    Q_EMIT dataChanged(index(0), index(rowCount() - 1));
    writeJob();
}

void LoraStackModel::toggleTrigger(int row, const QString& trigger, qsizetype position)
{
    workflow::JobDescription job = m_session.job();
    const QString prompt = QString::fromStdString(job.prompt);
    QStringList& inserted = m_rows[static_cast<std::size_t>(row)].insertedTriggers;
    if (holdsTrigger(prompt, trigger)) {
        job.prompt = withoutTrigger(prompt, trigger).toStdString();
        inserted.removeAll(trigger);
    } else {
        job.prompt = withTrigger(prompt, trigger, position).toStdString();
        inserted.append(trigger);
    }
    m_session.setJob(job);
    Q_EMIT dataChanged(index(row), index(row));
}

void LoraStackModel::clearReports()
{
    if (m_rows.empty()) return;
    for (LoraRow& row : m_rows) row.report.reset();
    Q_EMIT dataChanged(index(0), index(rowCount() - 1), { AppliedRole, UnmatchedRole });
}

std::vector<workflow::LoraReference> LoraStackModel::active(int kept) const
{
    std::vector<workflow::LoraReference> loras;
    for (int row = 0; row < rowCount(); ++row) {
        if (at(row).isOn || row == kept) loras.push_back(at(row).lora);
    }
    return loras;
}

// A job from elsewhere: its LoRAs, with what is known of them, then the rows that were off.
void LoraStackModel::takeJob()
{
    if (m_isWriting || active() == m_session.job().loras) return;
    std::vector<LoraRow> rows;
    for (const workflow::LoraReference& lora : m_session.job().loras) {
        const int known = rowOf(QString::fromStdString(lora.path));
        LoraRow row = known < 0 ? LoraRow{} : at(known);
        row.lora = lora;
        row.isOn = true;
        rows.push_back(std::move(row));
    }
    for (const LoraRow& row : m_rows) {
        const bool isTaken = std::ranges::any_of(rows, [&](const LoraRow& taken) { return taken.lora.path == row.lora.path; });
        if (!row.isOn && !isTaken) rows.push_back(row);
    }
    beginResetModel();
    m_rows = std::move(rows);
    m_beforeSolo.clear();
    endResetModel();
}

void LoraStackModel::takeReports(const std::vector<engine::LoraReport>& reports)
{
    for (const engine::LoraReport& report : reports) {
        for (int row = 0; row < rowCount(); ++row) {
            if (normalPath(at(row).lora.path) != report.path.lexically_normal()) continue;
            m_rows[static_cast<std::size_t>(row)].report = report;
            Q_EMIT dataChanged(index(row), index(row), { AppliedRole, UnmatchedRole });
        }
    }
}

void LoraStackModel::writeJob()
{
    workflow::JobDescription job = m_session.job();
    job.loras = active();
    const QScopedValueRollback writing(m_isWriting, true);
    m_session.setJob(job);
}

void LoraStackModel::announce(int row)
{
    Q_EMIT dataChanged(index(row), index(row));
    writeJob();
}

std::vector<bool> LoraStackModel::switches() const
{
    std::vector<bool> on;
    for (const LoraRow& row : m_rows) on.push_back(row.isOn);
    return on;
}

} // namespace sfumato::workspace
