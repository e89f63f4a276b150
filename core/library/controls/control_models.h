// ControlModels: the control models the artist can choose from: what lies in the folders meant for them, and files chosen by hand. Each is named by content.
// Thread: GUI; folders and headers are read on a background thread. Owner: whoever offers them.
// Cost: a few milliseconds a file, once; files that have not changed since are not read again.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/control_reference.h"
#include "core/engine/io/file_description.h"
#include "core/jobs/background_tasks.h"

#include <QDateTime>
#include <QObject>
#include <QStringList>

#include <vector>

namespace sfumato::library {

struct ControlModel {
    QString path; // a .safetensors file or a diffusers folder
    QString name; // for people: the file's or folder's name without its ending
    engine::FileKind kind = engine::FileKind::Unknown;
    engine::ModelFamily family = engine::ModelFamily::Unknown;
    int taskCount = 0; // of a ControlNet Union: 6 or 8
    QString problem;   // an English sentence where the file cannot be read; else empty
    QDateTime changed; // of the file
    qint64 size = 0;

    // Whether it is a control model of any kind.
    [[nodiscard]] bool isControl() const noexcept;
    // What it can be told that its picture shows. An IP-Adapter takes references alone, a Union its tasks, other models are made for one kind and are told any but Reference.
    [[nodiscard]] std::vector<engine::ControlType> types() const;
    // The type to begin with, by the file's name ("…-canny-…"), else the first.
    [[nodiscard]] engine::ControlType likelyType() const;
};

// Where control models are kept: folders called "controlnet", "t2i_adapter", "ipadapter", "control-lora" and the like in one of these folders, beside it, or in a "models" folder above.
// Looks at the disk.
[[nodiscard]] QStringList controlFolders(const QStringList& modelFolders);

class ControlModels : public QObject {
    Q_OBJECT

public:
    explicit ControlModels(QObject* parent = nullptr);

    // Looks for control models in the folders for them near `modelFolders` (see controlFolders) and describes `files`; changed() follows when anything is new.
    // A file that is no control model stays in the list only when it was named.
    void look(const QStringList& modelFolders, const QStringList& files);
    [[nodiscard]] bool isLooking() const noexcept { return m_looks > 0; }

    // By name. Valid until the next change.
    [[nodiscard]] const std::vector<ControlModel>& models() const noexcept { return m_models; }
    // Null when it is not known (yet). A recipe's bare file name finds the file of that name.
    [[nodiscard]] const ControlModel* find(const QString& pathOrName) const;

Q_SIGNALS:
    void changed();

private:
    void take(std::vector<ControlModel> models);

    std::vector<ControlModel> m_models;
    int m_looks = 0;
    jobs::BackgroundTasks m_tasks; // last: its tasks report to the above
};

} // namespace sfumato::library
