// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/gallery_model.h"

#include "core/workspace/canvas_overlay.h"

#include <QPoint>

#include <algorithm>
#include <utility>

namespace sfumato::workspace {

namespace {

double progressOf(const Variation& variation)
{
    if (variation.isFinished()) return 1.0;
    return variation.stepCount > 0 ? static_cast<double>(variation.step) / variation.stepCount : 0.0;
}

} // namespace

int GalleryModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_variations.size());
}

QVariant GalleryModel::data(const QModelIndex& index, int role) const
{
    const Variation* variation = index.isValid() ? at(index.row()) : nullptr;
    if (!variation) return {};
    switch (role) {
    case Qt::DecorationRole: return variation->isHidden ? veiled(variation->thumbnail) : variation->thumbnail;
    case SeedRole: return QVariant::fromValue<qulonglong>(variation->seed);
    case SecondsRole: return variation->seconds;
    case StrengthRole: return variation->run->job.strength;
    case OutsideDifferencesRole: return QVariant::fromValue<qlonglong>(variation->isFinished() ? variation->placed->outsideDifferences : -1);
    case FinishedRole: return variation->isFinished();
    case KeptRole: return variation->timesKept > 0;
    case ProgressRole: return progressOf(*variation);
    case StepRole: return QPoint(variation->step, variation->stepCount);
    case HiddenRole: return variation->isHidden;
    case LabelRole: return variation->run->label;
    default: return {};
    }
}

const Variation* GalleryModel::at(int row) const
{
    return row >= 0 && row < rowCount() ? &m_variations[static_cast<std::size_t>(row)] : nullptr;
}

int GalleryModel::rowOf(jobs::JobId job, int imageIndex) const
{
    const auto found = std::ranges::find_if(m_variations, [=](const Variation& variation) { return variation.job == job && variation.imageIndex == imageIndex; });
    return found == m_variations.end() ? -1 : static_cast<int>(found - m_variations.begin());
}

int GalleryModel::rowOf(jobs::ResultId result) const
{
    const auto found = std::ranges::find(m_variations, std::optional(result), &Variation::result);
    return found == m_variations.end() ? -1 : static_cast<int>(found - m_variations.begin());
}

void GalleryModel::append(Variation variation)
{
    beginInsertRows({}, rowCount(), rowCount());
    m_variations.push_back(std::move(variation));
    endInsertRows();
}

void GalleryModel::replace(int row, Variation variation)
{
    m_variations[static_cast<std::size_t>(row)] = std::move(variation);
    Q_EMIT dataChanged(index(row), index(row));
}

void GalleryModel::removeAt(int row)
{
    beginRemoveRows({}, row, row);
    m_variations.erase(m_variations.begin() + row);
    endRemoveRows();
}

void GalleryModel::setHidden(int row, bool isHidden)
{
    const Variation* present = at(row);
    if (!present || !present->isFlagged || present->isHidden == isHidden) return;
    Variation variation = *present;
    variation.isHidden = isHidden;
    replace(row, std::move(variation));
    Q_EMIT hiddenChanged(row);
}

void GalleryModel::clear()
{
    if (m_variations.empty()) return;
    beginResetModel();
    m_variations.clear();
    endResetModel();
}

} // namespace sfumato::workspace
