// ControlPreviews: what each control's model would see if Generate were pressed now, made as prepareGeneration makes it.
// Thread: GUI; pictures are read and preprocessed on a background thread, one after the other. Owner: whoever shows them.
// Cost: nothing while it is not active; a picture is made again only when something that it depends on has changed, and then a moment later, so that a moved slider does not pile up work.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jobs/background_tasks.h"
#include "core/workflow/controls/control_picture.h"
#include "core/workspace/control_stack_model.h"

#include <QImage>
#include <QTimer>

#include <memory>
#include <optional>
#include <vector>

namespace sfumato::workspace {

class Workspace;

struct ControlPreview {
    QImage picture; // at the size the model sees; null while there is none
    QString fault;  // why there is none, an English sentence; else empty
};

class ControlPreviews : public QObject {
    Q_OBJECT

public:
    ControlPreviews(Workspace& workspace, const ControlStackModel& controls, QObject* parent = nullptr);
    ~ControlPreviews() override;

    void setActive(bool isActive);
    // The newest one that is made; while another is on its way the one before it.
    [[nodiscard]] const ControlPreview& at(int row) const;

Q_SIGNALS:
    void changed(int row);

private:
    struct Question;
    struct Cache;
    struct Shown {
        std::shared_ptr<const Question> question; // null: nothing to show
        bool isMade = false;
        ControlPreview preview;
    };

    void schedule();
    void reset();
    void refresh();
    void make(const std::shared_ptr<const Question>& question);
    void take(const std::shared_ptr<const Question>& question, const ControlPreview& preview);
    [[nodiscard]] std::shared_ptr<const Question> questionOf(const ControlRow& row) const;

    Workspace& m_workspace;
    const ControlStackModel& m_controls;
    std::vector<Shown> m_shown; // as the rows
    QTimer m_timer;
    bool m_isActive = false;
    bool m_isBusy = false;
    std::shared_ptr<Cache> m_cache; // used on the background thread alone
    jobs::BackgroundTasks m_tasks;  // last: its tasks report to the above
};

// Where a run would work now, as prepareGeneration decides it; an empty work size where nothing can be generated.
[[nodiscard]] workflow::ControlArea presentControlArea(Workspace& workspace);

} // namespace sfumato::workspace
