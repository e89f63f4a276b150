// LoraStackModel: the LoRAs in use, in their order: the rows of the session's `JobDescription::loras` and those that are switched off for now.
// Thread: GUI. Owner: whoever shows the stack. Every change goes into the session's job at once; a job that comes from elsewhere (a recipe) becomes the stack,
// and rows that were switched off stay below it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/engine.h"
#include "core/workflow/job_description.h"

#include <QAbstractListModel>
#include <QStringList>

#include <optional>
#include <vector>

namespace sfumato::workspace {

class GenerationSession;

inline constexpr double kNewLoraWeight = 0.8;
inline constexpr double kLargestLoraWeight = 4.0; // typed; sliders end at kLargestLoraSlide
inline constexpr double kLargestLoraSlide = 1.5;

struct LoraRow {
    workflow::LoraReference lora;
    bool isOn = true;
    QStringList triggerWords;                 // as known when it was added
    QStringList insertedTriggers;             // put into the prompt for it; they leave with it
    std::optional<engine::LoraReport> report; // of the last run with it

    [[nodiscard]] QString path() const { return QString::fromStdString(lora.path); }
    // For people: the file's name without its ending.
    [[nodiscard]] QString name() const;
};

class LoraStackModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role {
        PathRole = Qt::UserRole,
        WeightRole,            // double
        TextEncoderWeightRole, // double; invalid: the same as the weight
        OnRole,                // bool
        AppliedRole,           // QPoint(applied layers, of how many) in the last run with it; invalid: none yet
        UnmatchedRole,         // QStringList: names of layers the model does not have
    };

    explicit LoraStackModel(GenerationSession& session, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    // DisplayRole: the name.
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    // The row exists (asserted). Valid until the next change.
    [[nodiscard]] const LoraRow& at(int row) const;
    // −1 when it is not in the stack.
    [[nodiscard]] int rowOf(const QString& path) const;

    // Puts a LoRA at `place` (−1: at the end) and returns its row. One that is there already is switched on and keeps its weight and place.
    int add(const QString& path, double weight, const QStringList& triggerWords = {}, int place = -1);
    // Also takes the triggers out of the prompt that were inserted for it and that no other row brings.
    void remove(int row);
    // `to`: its row afterwards.
    void move(int from, int to);
    // Clamped to ±kLargestLoraWeight.
    void setWeight(int row, double weight);
    void setTextEncoderWeight(int row, std::optional<double> weight);
    void setOn(int row, bool isOn);
    // Switches every other row off, or, when it is alone already, back to how they were.
    void solo(int row);
    // Puts a trigger into the prompt at `position`, or takes it out when it is there.
    void toggleTrigger(int row, const QString& trigger, qsizetype position);
    // Another model is in use: what was applied to the former one says nothing.
    void clearReports();
    // The stack as references, switched-off rows left out but for `kept`.
    [[nodiscard]] std::vector<workflow::LoraReference> active(int kept = -1) const;

private:
    void takeJob();
    void takeReports(const std::vector<engine::LoraReport>& reports);
    void writeJob();
    void announce(int row);
    [[nodiscard]] std::vector<bool> switches() const;

    GenerationSession& m_session;
    std::vector<LoraRow> m_rows;
    std::vector<bool> m_beforeSolo; // empty: no row is solo
    bool m_isWriting = false;
};

} // namespace sfumato::workspace
