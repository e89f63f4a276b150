// ModelList: the models the artist can choose from: those installed with the program, those in the artist's own folder, then those chosen by hand.
// Thread: GUI. Owner: Workspace. What a model is (ModelInfo) is read by the engine thread and arrives later.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/engine/api/model_info.h"
#include "core/jobs/engine_worker.h"
#include "core/workspace/app_settings.h"

#include <QAbstractListModel>

#include <optional>
#include <vector>

namespace sfumato::workspace {

struct ModelEntry {
    QString name; // file or folder name without extension
    QString path;
    bool isInstalled = false;              // came with the program
    std::optional<engine::ModelInfo> info; // once read
    std::optional<Error> error;            // why it cannot be used
};

struct ModelSources {
    QString installedFolder;
    QString userFolder; // with its sub-folders, but for those that by their name hold other kinds of files ("loras", "vae", …)
    QStringList chosen;

    friend bool operator==(const ModelSources&, const ModelSources&) = default;
};

class ModelList : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role { PathRole = Qt::UserRole,
        InstalledRole,
        NativeSizeRole,
        ErrorRole };

    explicit ModelList(jobs::EngineWorker& worker, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    // DisplayRole: the name. ToolTipRole: the title and description out of the file (plain text). NativeSizeRole: QSize, invalid until known. ErrorRole: the sentence, or empty.
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

    // Lists the `*.safetensors` files and diffusers folders of the folders, by name, and the chosen paths. A file named twice is listed once.
    void setSources(const ModelSources& sources);
    // The row of a name or path; empty text is the first row. −1 when there is none.
    [[nodiscard]] int rowOf(const QString& nameOrPath) const;
    // Null when there is none. Valid until the next change.
    [[nodiscard]] const ModelEntry* find(const QString& nameOrPath) const;
    [[nodiscard]] const std::vector<ModelEntry>& entries() const noexcept { return m_entries; }
    // Asks the engine what the model is, unless that is known; described() follows.
    void describe(const QString& path);

Q_SIGNALS:
    // info or error of the entry is set.
    void described(const QString& path);

private:
    void noteDescription(const engine::ModelSource& source, const Result<engine::ModelInfo>& info);

    jobs::EngineWorker& m_worker;
    std::vector<ModelEntry> m_entries;
};

} // namespace sfumato::workspace
