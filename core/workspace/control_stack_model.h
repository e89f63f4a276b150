// ControlStackModel: the controls in use, in their order: the rows of the session's `JobDescription::controls` and those that are off or not complete yet.
// Thread: GUI. Owner: whoever shows them. Every change goes into the session's job at once; a job that comes from elsewhere (a recipe) becomes the rows, and rows that it does
// not hold and that are off stay below them. A row that cannot work (ControlState) stays out of the job and says why.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/library/controls/control_models.h"
#include "core/workspace/control_row.h"

#include <QAbstractListModel>

#include <vector>

namespace sfumato::workspace {

class Workspace;

inline constexpr double kLargestControlWeight = 2.0;

class ControlStackModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role {
        StateRole = Qt::UserRole, // a ControlState
    };

    ControlStackModel(Workspace& workspace, library::ControlModels& models, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    // DisplayRole: the model's name.
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    // The row exists (asserted). Valid until the next change.
    [[nodiscard]] const ControlRow& at(int row) const;
    // What is known of the row's model; null when it is none that is known.
    [[nodiscard]] const library::ControlModel* modelOf(int row) const;

    // Adds a control with this model (empty: to be chosen) and returns its row. Its picture is the canvas, else to be chosen; its type the likeliest.
    int add(const QString& modelPath);
    void remove(int row);
    // `to`: its row afterwards.
    void move(int from, int to);
    void setOn(int row, bool isOn);
    // Also the type, where the model does not know the present one.
    void setModel(int row, const QString& path);
    // Also the preprocessor, back to the one that fits.
    void setType(int row, engine::ControlType type);
    void setPicture(int row, const QString& path);
    void setFromCanvas(int row);
    void setPreprocessing(int row, const imaging::ControlPreprocessing& how);
    void setWeight(int row, double weight);
    // Fractions of the steps, kept in 0..1 and at least a hundredth apart: the value that is not `moved` gives way.
    enum class Edge { Start,
        End };
    void setRange(int row, double start, double end, Edge moved);
    // The rows that are used, as the job has them.
    [[nodiscard]] std::vector<workflow::ControlReference> active() const;

private:
    void takeJob();
    void refreshStates();
    void change(int row);
    void writeJob();
    [[nodiscard]] ControlState stateOf(const ControlRow& row) const;
    [[nodiscard]] ControlState modelState(const ControlRow& row) const;
    [[nodiscard]] engine::ModelFamily baseFamily() const;
    [[nodiscard]] workflow::ControlReference& controlAt(int row) { return m_rows[static_cast<std::size_t>(row)].control; }

    Workspace& m_workspace;
    library::ControlModels& m_models;
    std::vector<ControlRow> m_rows;
    bool m_isWriting = false;
};

} // namespace sfumato::workspace
