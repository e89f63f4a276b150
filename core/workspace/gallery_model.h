// GalleryModel: the strip of variations, oldest first: those finished and those on their way.
// Thread: GUI. Owner: GenerationSession, which alone changes it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jobs/result_history.h"
#include "core/workspace/run_queue.h"

#include <QAbstractListModel>
#include <QImage>

#include <memory>
#include <optional>
#include <vector>

namespace sfumato::workspace {

struct Variation {
    jobs::JobId job{};
    int imageIndex = 0;
    std::uint64_t seed = 0;
    std::shared_ptr<const GenerationRun> run;
    QImage thumbnail; // of the preview while it is on its way
    int step = 0;     // finished steps while it is on its way
    int stepCount = 0;
    double seconds = 0.0;                                 // sampling and decoding, once finished
    std::optional<jobs::ResultId> result;                 // set once finished
    std::shared_ptr<const workflow::PlacedResult> placed; // set once finished
    bool isFlagged = false;                               // by the safety checker, once finished
    bool isHidden = false;                                // flagged, and neither shown by the artist nor the filter switched off
    int timesKept = 0;                                    // steps of the picture's history, not undone, that put it there

    [[nodiscard]] bool isFinished() const noexcept { return placed != nullptr; }
};

class GalleryModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role {
        SeedRole = Qt::UserRole, // qulonglong
        SecondsRole,             // double
        StrengthRole,            // double
        OutsideDifferencesRole,  // qlonglong: the seal "0 pixels changed outside"; −1 until finished
        FinishedRole,            // bool
        KeptRole,                // bool
        ProgressRole,            // double, 0..1
        StepRole,                // QPoint(finished, of)
        HiddenRole,              // bool: flagged by the safety checker and not shown; the thumbnail is unrecognisable
        LabelRole,               // QString: what sets its run apart, plain text; usually empty
    };

    using QAbstractListModel::QAbstractListModel;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    // DecorationRole: the thumbnail (QImage), blurred when hidden.
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

    // Null beyond the rows. Valid until the next change.
    [[nodiscard]] const Variation* at(int row) const;
    // −1 when there is none.
    [[nodiscard]] int rowOf(jobs::JobId job, int imageIndex) const;
    [[nodiscard]] int rowOf(jobs::ResultId result) const;

    void append(Variation variation);
    void replace(int row, Variation variation);
    void removeAt(int row);
    // Hides a variation that the safety checker flagged, or shows it; others stay as they are. The window may call it too.
    void setHidden(int row, bool isHidden);
    void clear();

Q_SIGNALS:
    void hiddenChanged(int row);

private:
    std::vector<Variation> m_variations;
};

} // namespace sfumato::workspace
